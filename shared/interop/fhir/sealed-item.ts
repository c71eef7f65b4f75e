import type { Basic } from '@medplum/fhirtypes';
import { err, ok, type Result } from '../../lib/result.ts';
import { codeIn, extensionOf, listAt, textAt } from './read.ts';

const system = 'urn:overread:basic';
const sealedBytes = 'urn:overread:sealed';
const itemName = 'urn:overread:item';

/** Something that the hosts of a group share through the record, sealed: who reads the record alone learns its kind and no more. */
export type SealedItem = {
  readonly id: string;
  /** By which all of a kind are found: `signed-open`, `account`. */
  readonly kind: string;
  /** By which one is found; they must tell nothing of a patient. At least one. */
  readonly names: readonly string[];
  /** Base64. */
  readonly sealed: string;
};

export function sealedItemToFhir(item: SealedItem): Basic & { readonly id: string } {
  return {
    resourceType: 'Basic',
    id: item.id,
    identifier: item.names.map((value) => ({ system: itemName, value })),
    code: { coding: [{ system, code: item.kind }] },
    extension: [{ url: sealedBytes, valueBase64Binary: item.sealed }],
  };
}

export function sealedItemFromFhir(resource: unknown): Result<SealedItem, 'not-an-item'> {
  const id = textAt(resource, 'id');
  const kind = codeIn({ coding: listAt(resource, 'code', 'coding') }, system);
  const names = listAt(resource, 'identifier').flatMap((one) => textAt(one, 'value') ?? []);
  const sealed = textAt(extensionOf(resource, sealedBytes), 'valueBase64Binary');
  return id === null || kind === null || names.length === 0 || sealed === null
    ? err('not-an-item')
    : ok({ id, kind, names, sealed });
}

/** How items of one kind, and those of one name, are searched for. */
export const sealedItemSearch = {
  ofKind: (kind: string): Readonly<Record<string, string>> => ({ code: `${system}|${kind}` }),
  ofName: (name: string): Readonly<Record<string, string>> => ({ identifier: `${itemName}|${name}` }),
};

import type { ExtractResource, ResourceType } from '@medplum/fhirtypes';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { RecordClient, RecordFailure, Versioned } from './types.ts';

/** FHIR R4 search.html#escaping: `\`, `,`, `|` and `$` mean something in a parameter's value unless escaped. */
export function tokenText(system: string | null, value: string): string {
  const escaped = (text: string): string => text.replace(/[\\,|$]/g, (mark) => `\\${mark}`);
  return system === null ? escaped(value) : `${escaped(system)}|${escaped(value)}`;
}

/**
 * Resources that carry exactly this identifier; `system: null` means an identifier without a system. What the server found is looked at again: some compare without regard to case or
 * stop at a `|`, and the accession of one patient must never bring the order of another. A server that stops at a `|` may find
 * nothing for a value that holds one.
 */
export async function findByIdentifier<Type extends ResourceType>(
  client: RecordClient,
  type: Type,
  identifier: { readonly system: string | null; readonly value: string },
  parameters: Readonly<Record<string, string>> = {},
): Promise<Result<readonly Versioned<ExtractResource<Type>>[], RecordFailure>> {
  const { system, value } = identifier;
  const found = await client.search(type, { ...parameters, identifier: tokenText(system, value) });
  return found.ok ? ok(found.value.filter(({ resource }) => carries(resource, system, value))) : found;
}

function carries(resource: object, system: string | null, value: string): boolean {
  const identifiers: unknown = (resource as { identifier?: unknown }).identifier;
  const list: readonly unknown[] = Array.isArray(identifiers) ? identifiers : [identifiers];
  return list.some((one) => {
    if (typeof one !== 'object' || one === null) return false;
    const { system: itsSystem, value: itsValue } = one as { system?: unknown; value?: unknown };
    return (itsSystem ?? null) === system && itsValue === value;
  });
}

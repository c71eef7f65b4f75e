import type { Practitioner } from '@medplum/fhirtypes';
import type { Reader, ReaderId, Role } from '../../domain/reader/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { at, codeIn, extensionOf, isFhirId, listAt, oneOf, textAt } from './read.ts';
import { ours, systems } from './systems.ts';

/** Public members of an asymmetric JWK (RFC 7517, 7518 6.2.1 and 6.3.1, 8037 2), as texts. */
export type PublicJwk = { readonly [member: string]: string };
export type PublishedKey = { readonly keyId: string; readonly jwk: PublicJwk };

const publicMembers = ['kty', 'crv', 'x', 'y', 'n', 'e', 'alg', 'use', 'kid'] as const;
/** `oct` is a shared secret: whoever could verify with it could sign with it. */
const keyTypes = ['EC', 'RSA', 'OKP'] as const;
const roles: readonly Role[] = ['radiologist', 'lead', 'qa', 'site'];

/** Only public members; null for a symmetric key or none at all. A private member never leaves the host by mistake. */
function publicPart(jwk: unknown): PublicJwk | null {
  if (oneOf(keyTypes, at(jwk, 'kty')) === null) return null;
  const entries = publicMembers.flatMap((member) => {
    const value = textAt(jwk, member);
    return value === null ? [] : [[member, value] as const];
  });
  return Object.fromEntries(entries);
}

/** A reader with the keys that their signatures are verified by. */
export function practitionerToFhir(reader: Reader, publicKeys: readonly PublishedKey[]): Practitioner & { id: string } {
  return {
    resourceType: 'Practitioner',
    id: reader.id,
    active: true,
    extension: [
      { url: ours.role, valueCode: reader.role },
      ...(reader.states === 'all' ? [{ url: ours.unrestrictedStates, valueBoolean: true }] : []),
      ...publicKeys.flatMap(({ keyId, jwk }) => {
        const open = publicPart(jwk);
        return open === null
          ? []
          : [
              {
                url: ours.publicKey,
                extension: [
                  { url: 'key-id', valueString: keyId },
                  { url: 'jwk', valueString: JSON.stringify(open) },
                ],
              },
            ];
      }),
    ],
    identifier: [
      { system: ours.userName, value: reader.userName },
      ...(reader.npi === null ? [] : [{ system: systems.npi, value: reader.npi }]),
    ],
    ...(reader.name === '' ? {} : { name: [{ text: reader.name }] }),
    ...(reader.states === 'all' || reader.states.length === 0
      ? {}
      : {
          qualification: reader.states.map((state) => ({
            code: { coding: [{ system: systems.state, code: state }], text: 'Licence' },
          })),
        }),
  };
}

/** True for a person with an account of ours, or with credentials that we set: whoever else stands in the record reads nothing here. */
export function isAccount(practitioner: unknown): boolean {
  const marks: readonly string[] = [ours.role, ours.credentialsSetAt, ours.publicKey, ours.unrestrictedStates];
  return (
    listAt(practitioner, 'extension').some((one) => marks.includes(textAt(one, 'url') ?? '')) ||
    listAt(practitioner, 'identifier').some((one) => at(one, 'system') === ours.userName)
  );
}

/** The keys published for this Practitioner; unreadable ones are passed over, they verify nothing. */
export function publicKeysOf(practitioner: unknown): readonly PublishedKey[] {
  return listAt(practitioner, 'extension').flatMap((one) => {
    if (at(one, 'url') !== ours.publicKey) return [];
    const keyId = textAt(extensionOf(one, 'key-id'), 'valueString');
    const jwk = publicPart(parsed(textAt(extensionOf(one, 'jwk'), 'valueString') ?? ''));
    return keyId === null || jwk === null ? [] : [{ keyId, jwk }];
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

export type ReaderReadFailure = { readonly code: 'not-a-reader'; readonly words: string };

/** A Practitioner with an account of ours. No states and no mark of `all` reads as no licence anywhere, never as all. */
export function readerFromFhir(practitioner: unknown): Result<Reader, ReaderReadFailure> {
  const id = textAt(practitioner, 'id');
  const role = oneOf(roles, at(extensionOf(practitioner, ours.role), 'valueCode'));
  const identifier = (system: string): string | null =>
    textAt(
      listAt(practitioner, 'identifier').find((one) => at(one, 'system') === system),
      'value',
    );
  const userName = identifier(ours.userName);
  if (
    at(practitioner, 'resourceType') !== 'Practitioner' ||
    id === null ||
    !isFhirId(id) ||
    role === null ||
    userName === null
  )
    return err({ code: 'not-a-reader', words: 'This Practitioner has no account of ours (id, role, user name).' });
  const unrestricted = at(extensionOf(practitioner, ours.unrestrictedStates), 'valueBoolean') === true;
  return ok({
    id: id as ReaderId,
    userName,
    name: textAt(practitioner, 'name', 0, 'text') ?? '',
    role,
    npi: identifier(systems.npi),
    states: unrestricted
      ? 'all'
      : listAt(practitioner, 'qualification').flatMap((one) => codeIn(at(one, 'code'), systems.state) ?? []),
  });
}

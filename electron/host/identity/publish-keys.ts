import type { Reader } from '../../../shared/domain/reader/index.ts';
import { keepingCredentials, practitionerToFhir, publicKeysOf } from '../../../shared/interop/fhir/index.ts';
import type { Ports } from '../ports.ts';
import type { RecordClient } from '../record/types.ts';
import type { Accounts } from './types.ts';

/**
 * Publishes a person's verification keys on her Practitioner in the record, so that anybody can verify her signatures and nobody
 * needs this host for it. Keys are only ever added: old signatures must stay verifiable. Answers false when the record did not take it.
 */
export async function publishKeys(
  accounts: Accounts,
  record: RecordClient,
  reader: Reader,
  ports: Ports,
): Promise<boolean> {
  const key = await accounts.signingKey(reader.id);
  const read = await record.read('Practitioner', reader.id);
  if (!read.ok && read.error.code !== 'not-found') return false;
  const known = read.ok ? publicKeysOf(read.value.resource) : [];
  if (known.some((one) => one.keyId === key.keyId)) return true;
  const made = practitionerToFhir(reader, [...known, { keyId: key.keyId, jwk: key.publicJwk }]);
  const practitioner = read.ok ? keepingCredentials(made, read.value.resource) : made;
  const written = await record.put(practitioner, read.ok ? { ifMatch: read.value.version } : {});
  if (!written.ok) ports.log.warn('the record did not take a signer’s key', { why: written.error.code });
  return written.ok;
}

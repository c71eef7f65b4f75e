import type { Reader } from '../../../shared/domain/reader/index.ts';
import { keepingCredentials, practitionerToFhir, publicKeysOf } from '../../../shared/interop/fhir/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { Ports } from '../ports.ts';
import type { RecordClient } from '../record/types.ts';
import type { Accounts } from './types.ts';

/**
 * Publishes a person's verification keys on her Practitioner in the record, so that anybody can verify her signatures and nobody
 * needs this host for it. Keys are only ever added: old signatures must stay verifiable. Answers the ids of all that are published, or
 * why the record did not take hers.
 */
export async function publishKeys(
  accounts: Pick<Accounts, 'signingKey'>,
  record: Pick<RecordClient, 'read' | 'put'>,
  reader: Reader,
  ports: Pick<Ports, 'log'>,
): Promise<Result<readonly string[], string>> {
  const key = await accounts.signingKey(reader.id);
  const read = await record.read('Practitioner', reader.id);
  if (!read.ok && read.error.code !== 'not-found') return err(read.error.message);
  const known = read.ok ? publicKeysOf(read.value.resource) : [];
  const ids = known.map((one) => one.keyId);
  if (ids.includes(key.keyId)) return ok(ids);
  const made = practitionerToFhir(reader, [...known, { keyId: key.keyId, jwk: key.publicJwk }]);
  const practitioner = read.ok ? keepingCredentials(made, read.value.resource) : made;
  const written = await record.put(practitioner, read.ok ? { ifMatch: read.value.version } : {});
  if (written.ok) return ok([...ids, key.keyId]);
  ports.log.warn('the record did not take a signer\u2019s key', { why: written.error.code });
  return err(written.error.message);
}

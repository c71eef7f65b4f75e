import { describe, expect, it } from 'vitest';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { publicKeysOf } from '../../../shared/interop/fhir/index.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import { publishKeys } from './publish-keys.ts';
import { makeSigningKey, signingKeyFrom } from './signing.ts';

const ann = {
  id: 'ann',
  userName: 'ann',
  name: 'Dr A. Tandewright',
  role: 'radiologist',
  npi: null,
  states: 'all',
} as unknown as Reader;
const silent = { log: { info: () => undefined, warn: () => undefined, error: () => undefined } };

/** A record with one Practitioner at most, that can be told to refuse what is written. */
function recordOf() {
  const held: { resource: unknown; version: number; refuses: boolean; written: number } = {
    resource: null,
    version: 0,
    refuses: false,
    written: 0,
  };
  const record = {
    read: async () =>
      held.resource === null
        ? err({ code: 'not-found', message: 'none' })
        : ok({ resource: held.resource, version: String(held.version) }),
    put: async (resource: unknown, options: { ifMatch?: string } = {}) => {
      if (held.refuses) return err({ code: 'unreachable', message: 'The record does not answer.' });
      if (options.ifMatch !== (held.resource === null ? undefined : String(held.version)))
        return err({ code: 'conflict', message: 'changed meanwhile' });
      held.resource = resource;
      held.version += 1;
      held.written += 1;
      return ok({ resource, version: String(held.version) });
    },
  };
  return { held, record: record as never };
}

describe("a signer's public key", () => {
  it('is written once, and keys that were there before stay', async () => {
    const [first, second] = [signingKeyFrom(await makeSigningKey()), signingKeyFrom(await makeSigningKey())];
    const { held, record } = recordOf();
    expect(await publishKeys({ signingKey: async () => first }, record, ann, silent)).toEqual(ok([first.keyId]));
    expect(await publishKeys({ signingKey: async () => first }, record, ann, silent)).toEqual(ok([first.keyId]));
    expect(held.written).toBe(1);
    const both = await publishKeys({ signingKey: async () => second }, record, ann, silent);
    expect(both).toEqual(ok([first.keyId, second.keyId]));
    expect(publicKeysOf(held.resource).map((one) => one.keyId)).toEqual([first.keyId, second.keyId]);
  });

  it('is not said to be published where the record did not take it', async () => {
    const key = signingKeyFrom(await makeSigningKey());
    const { held, record } = recordOf();
    held.refuses = true;
    expect(await publishKeys({ signingKey: async () => key }, record, ann, silent)).toEqual(
      err('The record does not answer.'),
    );
    held.refuses = false;
    expect((await publishKeys({ signingKey: async () => key }, record, ann, silent)).ok).toBe(true);
  });
});

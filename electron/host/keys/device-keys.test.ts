import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { envelopeKeysOf, isSignedBy, newDeviceKeys, openEnvelope, sealEnvelope, signAsDevice } from './device-keys.ts';

const group = envelopeKeysOf(new Uint8Array(32).fill(7));
const words = 'Signed words of Dr Arden about QUILLFEATHER^OTTOLINE';

describe('an envelope for the group', () => {
  it('is opened by every host that has the group’s key, and by no other', () => {
    const envelope = sealEnvelope(group.publicKey, words, 'a');
    expect(openEnvelope(envelopeKeysOf(new Uint8Array(32).fill(7)), envelope, 'a')).toBe(words);
    expect(openEnvelope(envelopeKeysOf(new Uint8Array(32).fill(8)), envelope, 'a')).toBeNull();
    expect(openEnvelope(group, envelope, 'b')).toBeNull();
    expect(envelope).not.toContain('QUILLFEATHER');
    expect(Buffer.from(envelope.split('.')[1] ?? '', 'base64').includes('QUILLFEATHER')).toBe(false);
  });

  it('does not open with one character changed, nor what is no envelope', () => {
    const envelope = sealEnvelope(group.publicKey, words, 'a');
    fc.assert(
      fc.property(fc.nat(envelope.length - 1), fc.constantFrom('A', 'Q', 'z'), (at, letter) => {
        const changed = envelope.slice(0, at) + letter + envelope.slice(at + 1);
        const opened = openEnvelope(group, changed, 'a');
        // The last characters of base64 carry bits that belong to no byte.
        expect(opened === null || opened === words).toBe(true);
        if (
          Buffer.from(changed.split('.')[1] ?? '', 'base64').equals(Buffer.from(envelope.split('.')[1] ?? '', 'base64'))
        )
          return;
        expect(opened).toBeNull();
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => openEnvelope(group, text, 'a') === null));
  });
});

describe('the signature of a device', () => {
  it('fits its own key and its own text alone', () => {
    const keys = newDeviceKeys();
    const signature = signAsDevice(keys, words);
    expect(isSignedBy(keys.publicKey, words, signature)).toBe(true);
    expect(isSignedBy(keys.publicKey, `${words}.`, signature)).toBe(false);
    expect(isSignedBy(newDeviceKeys().publicKey, words, signature)).toBe(false);
    fc.assert(fc.property(fc.string(), fc.string(), (key, text) => !isSignedBy(key, words, text)));
    expect(isSignedBy(keys.publicKey, words, randomBytes(64).toString('base64url'))).toBe(false);
  });
});

import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { Sealer } from './types.ts';

/** First byte of everything sealed. A second layout gets a second number; the first stays readable. */
const layout = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + nonceBytes;

/** HKDF-SHA-256 (RFC 5869): one key gives many that tell nothing of each other. */
export function deriveKey(key: Uint8Array, label: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), `overread|${label}`, 32));
}

/**
 * Sealer of one 32-byte key; synchronous, made of nothing but `node:crypto`, so it works in any worker thread.
 * Layout: 1 byte of version, 96 random bits of nonce, ciphertext, 128 bits of tag (NIST SP 800-38D 5.2.1.1, 8.2.2).
 */
export function sealerFromKey(key: Uint8Array): Sealer {
  if (key.byteLength !== 32) throw new Error(`a sealer's key has 32 bytes, not ${key.byteLength}`);
  // One key for one purpose: the index must not help who attacks the sealing.
  // As key objects, made once: with raw bytes Node prepares the key anew for each row, five times the cost of opening it.
  const sealing = createSecretKey(deriveKey(key, 'seal'));
  const indexing = createSecretKey(deriveKey(key, 'index'));
  const additional = (about: string): Buffer => Buffer.from(`${layout}|${about}`, 'utf8');

  const seal = (plaintext: Uint8Array, about: string): Uint8Array => {
    const sealed = new Uint8Array(headBytes + plaintext.byteLength + tagBytes);
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', sealing, nonce);
    cipher.setAAD(additional(about));
    sealed[0] = layout;
    sealed.set(nonce, 1);
    sealed.set(cipher.update(plaintext), headBytes);
    cipher.final();
    sealed.set(cipher.getAuthTag(), headBytes + plaintext.byteLength);
    return sealed;
  };

  const open = (sealed: Uint8Array, about: string): Result<Uint8Array, 'altered'> => {
    if (sealed.byteLength < headBytes + tagBytes || sealed[0] !== layout) return err('altered');
    const decipher = createDecipheriv('aes-256-gcm', sealing, sealed.subarray(1, headBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(additional(about));
    decipher.setAuthTag(sealed.subarray(sealed.byteLength - tagBytes));
    const plaintext = decipher.update(sealed.subarray(headBytes, sealed.byteLength - tagBytes));
    try {
      decipher.final();
    } catch {
      return err('altered');
    }
    return ok(new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength));
  };

  return {
    seal,
    open,
    sealText: (plaintext, about) => seal(Buffer.from(plaintext, 'utf8'), about),
    openText: (sealed, about) => {
      const opened = open(sealed, about);
      return opened.ok ? ok(Buffer.from(opened.value).toString('utf8')) : opened;
    },
    index: (value) => createHmac('sha256', indexing).update(value, 'utf8').digest('hex'),
  };
}

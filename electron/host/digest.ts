import { createHash } from 'node:crypto';

/** SHA-256 of a text's UTF-8 or of bytes, as lower-case hex: the digest that signatures, ids and read-back proofs use. */
export function sha256(value: string | Uint8Array): string {
  return createHash('sha256').update(value).digest('hex');
}

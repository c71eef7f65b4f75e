import {
  CompactSign,
  calculateJwkThumbprint,
  compactVerify,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { SigningKey } from './types.ts';

/** The pair of one person as it is sealed in the data folder. */
export type StoredSigningKey = { readonly keyId: string; readonly privateJwk: JWK; readonly publicJwk: JWK };

/** A new pair on P-256; its id is the thumbprint of the public half (RFC 7638), so the id vouches for the key. */
export async function makeSigningKey(): Promise<StoredSigningKey> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const publicHalf = await exportJWK(pair.publicKey);
  const keyId = await calculateJwkThumbprint(publicHalf);
  const marks = { kid: keyId, alg: 'ES256', use: 'sig' };
  return {
    keyId,
    privateJwk: { ...(await exportJWK(pair.privateKey)), ...marks },
    publicJwk: { ...publicHalf, ...marks },
  };
}

export function signingKeyFrom(stored: StoredSigningKey): SigningKey {
  return {
    keyId: stored.keyId,
    publicJwk: stored.publicJwk as { readonly [name: string]: string },
    sign: async (payload) => {
      const key = await importJWK(stored.privateJwk, 'ES256');
      return await new CompactSign(new TextEncoder().encode(payload))
        .setProtectedHeader({ alg: 'ES256', kid: stored.keyId })
        .sign(key);
    },
  };
}

/** The id of the key that a JWS says it was made with; null where it says none. */
export function keyIdOf(jws: string): string | null {
  try {
    return decodeProtectedHeader(jws).kid ?? null;
  } catch {
    return null;
  }
}

/** `not-a-jws`: the text is none. `other-key`: it names another key. `altered`: it is not what that key signed. `bad-key`: no public P-256 key. */
export type SignatureFailure = 'not-a-jws' | 'other-key' | 'altered' | 'bad-key';

/**
 * The text that a compact JWS (RFC 7515) signs, if this very public key signed it with ES256. Whose key it is must come from the
 * record, never from the JWS.
 */
export async function verifyJws(
  jws: string,
  publicJwk: { readonly [name: string]: unknown },
): Promise<Result<string, SignatureFailure>> {
  const { kty, crv, x, y } = publicJwk;
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string') return err('bad-key');
  let keyId: string;
  let key: Awaited<ReturnType<typeof importJWK>>;
  try {
    // Only the public members: a private key published by mistake is not used, and neither are `alg` and `key_ops` of others.
    keyId = await calculateJwkThumbprint({ kty, crv, x, y });
    key = await importJWK({ kty, crv, x, y }, 'ES256');
  } catch {
    return err('bad-key');
  }
  try {
    const header = decodeProtectedHeader(jws);
    if (header.alg !== 'ES256' || typeof header.kid !== 'string') return err('not-a-jws');
    if (header.kid !== keyId) return err('other-key');
  } catch {
    return err('not-a-jws');
  }
  try {
    const verified = await compactVerify(jws, key, { algorithms: ['ES256'] });
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(verified.payload));
  } catch {
    return err('altered');
  }
}

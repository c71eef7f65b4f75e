import { canonicalJson, type JsonValue } from '../../shared/lib/canonical-json.ts';

/** What a sealed row vouches for besides its content: moved to another place, version or user it does not open. */
export type SealPlace = { readonly table: string; readonly key: string; readonly version: number };

export type Sealer = {
  seal(place: SealPlace, content: unknown): Promise<Uint8Array<ArrayBuffer>>;
  /** Null when it is not what was sealed for this place by this user. */
  open(place: SealPlace, sealed: unknown): Promise<unknown | null>;
  /** A name that says nothing: the first 128 bits of a keyed hash, in hex. */
  nameOf(...parts: readonly string[]): Promise<string>;
};

/** NIST SP 800-38D 8.2.2: a random 96-bit IV for each sealing. */
const ivLength = 12;
const encoder = new TextEncoder();

function derive(
  base: CryptoKey,
  info: string,
  algorithm: AesKeyGenParams | HmacKeyGenParams,
  uses: KeyUsage[],
): Promise<CryptoKey> {
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info: encoder.encode(info) },
    base,
    algorithm,
    false,
    uses,
  );
}

/**
 * AES-256-GCM by WebCrypto. The key comes from the host with the session, is imported non-extractable, lives in memory and is never
 * stored (a CryptoKey put into IndexedDB would lie there in the clear).
 */
export async function createSealer(user: string, mirrorKey: string): Promise<Sealer> {
  const bytes = Uint8Array.from(atob(mirrorKey), (character) => character.charCodeAt(0));
  if (bytes.length !== 32) throw new Error('the key of the mirror has another length than 32 bytes');
  const base = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
  bytes.fill(0);
  const sealing = await derive(base, 'overread mirror sealing 1', { name: 'AES-GCM', length: 256 }, [
    'encrypt',
    'decrypt',
  ]);
  const naming = await derive(
    base,
    'overread mirror naming 1',
    { name: 'HMAC', hash: 'SHA-256', length: 256 } as HmacKeyGenParams,
    ['sign'],
  );
  const additional = (place: SealPlace): Uint8Array<ArrayBuffer> =>
    encoder.encode(canonicalJson({ format: 1, user, ...place } satisfies { [name: string]: JsonValue }));
  return {
    seal: async (place, content) => {
      const iv = crypto.getRandomValues(new Uint8Array(ivLength));
      const plain = encoder.encode(JSON.stringify(content));
      const sealed = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv, additionalData: additional(place) },
        sealing,
        plain,
      );
      const whole = new Uint8Array(ivLength + sealed.byteLength);
      whole.set(iv);
      whole.set(new Uint8Array(sealed), ivLength);
      return whole;
    },
    open: async (place, sealed) => {
      if (!(sealed instanceof Uint8Array) || sealed.length < ivLength + 16) return null;
      try {
        const plain = await crypto.subtle.decrypt(
          { name: 'AES-GCM', iv: sealed.slice(0, ivLength), additionalData: additional(place) },
          sealing,
          sealed.slice(ivLength),
        );
        return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain)) as unknown;
      } catch {
        return null;
      }
    },
    nameOf: async (...parts) => {
      const signed = await crypto.subtle.sign('HMAC', naming, encoder.encode(JSON.stringify([user, ...parts])));
      return Array.from(new Uint8Array(signed, 0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
    },
  };
}

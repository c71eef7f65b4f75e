import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { deriveKey, sealerFromKey } from './sealer.ts';

/** Key pairs as the x and d of their JWK (RFC 8037 2), base64url. */
export type KeyPair = { readonly publicKey: string; readonly privateKey: string };

type Curve = 'Ed25519' | 'X25519';

/** PKCS 8 of a raw X25519 key up to the 32 bytes of the key itself (RFC 8410 7). */
const x25519Prefix = Buffer.from('302e020100300506032b656e04220420', 'hex');

function publicOf(curve: Curve, x: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: curve, x }, format: 'jwk' });
}
function privateOf(curve: Curve, { publicKey, privateKey }: KeyPair): KeyObject {
  return createPrivateKey({ key: { kty: 'OKP', crv: curve, x: publicKey, d: privateKey }, format: 'jwk' });
}
function pairOf(key: KeyObject): KeyPair {
  const { x = '', d = '' } = key.export({ format: 'jwk' });
  return { publicKey: x, privateKey: d };
}

/** A device's own signing keys (Ed25519). */
export function newDeviceKeys(): KeyPair {
  return pairOf(generateKeyPairSync('ed25519').privateKey);
}

export function signAsDevice(keys: KeyPair, text: string): string {
  return sign(null, Buffer.from(text, 'utf8'), privateOf('Ed25519', keys)).toString('base64url');
}

/** False for a signature by another key, over another text, and for what is no key or signature at all. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = publicOf('Ed25519', publicKey);
    return verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}

/** The pair by which a group takes envelopes, the same on every host that has its key. */
export function envelopeKeysOf(groupKey: Uint8Array): KeyPair {
  const seed = deriveKey(groupKey, 'device envelopes');
  return pairOf(createPrivateKey({ key: Buffer.concat([x25519Prefix, seed]), format: 'der', type: 'pkcs8' }));
}

function envelopeSealer(own: KeyObject, other: KeyObject, ephemeral: string, receiver: string) {
  const shared = new Uint8Array(diffieHellman({ privateKey: own, publicKey: other }));
  return sealerFromKey(deriveKey(shared, `envelope|${ephemeral}|${receiver}`));
}

/**
 * Seals a text for the holder of a private key alone: who seals it cannot open it again. X25519 with a key pair of its own for each
 * envelope, HKDF-SHA-256, AES-256-GCM; `about` is vouched for with it.
 */
export function sealEnvelope(receiver: string, text: string, about: string): string {
  const own = generateKeyPairSync('x25519').privateKey;
  const ephemeral = pairOf(own).publicKey;
  const sealer = envelopeSealer(own, publicOf('X25519', receiver), ephemeral, receiver);
  return `${ephemeral}.${Buffer.from(sealer.sealText(text, about)).toString('base64')}`;
}

/** Null for what was not sealed for this pair and this `about`. */
export function openEnvelope(keys: KeyPair, envelope: string, about: string): string | null {
  const [ephemeral = '', sealed = ''] = envelope.split('.');
  try {
    const other = publicOf('X25519', ephemeral);
    const sealer = envelopeSealer(privateOf('X25519', keys), other, ephemeral, keys.publicKey);
    const opened = sealer.openText(new Uint8Array(Buffer.from(sealed, 'base64')), about);
    return opened.ok ? opened.value : null;
  } catch {
    return null;
  }
}

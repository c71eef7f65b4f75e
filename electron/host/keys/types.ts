import type { Result } from '../../../shared/lib/result.ts';

/** Where the key that wraps the data key comes from. A key file protects against accident alone, and the program says so. */
export type SecretSource =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | {
      readonly kind: 'os-key-store';
      wrap(key: Uint8Array): Promise<Uint8Array>;
      unwrap(wrapped: Uint8Array): Promise<Uint8Array>;
    }
  | { readonly kind: 'key-file' };

/**
 * Seals bytes with AES-256-GCM. `about` is the additional data (table, key, version): a sealed value moved to another
 * place does not open. Safe to make from a raw 32-byte key inside a worker thread.
 */
export type Sealer = {
  seal(plaintext: Uint8Array, about: string): Uint8Array;
  open(sealed: Uint8Array, about: string): Result<Uint8Array, 'altered'>;
  sealText(plaintext: string, about: string): Uint8Array;
  openText(sealed: Uint8Array, about: string): Result<string, 'altered'>;
  /** Keyed hash (HMAC-SHA-256, hex): an index that tells nothing to who steals the disk. */
  index(value: string): string;
};

/** The data key, opened. Each room and each user gets a key of its own (HKDF-SHA-256 by label). */
export type KeyRing = {
  readonly kind: SecretSource['kind'];
  /** 32 bytes, the same for the same label on the same data folder. */
  derive(label: string): Uint8Array;
  sealer(label: string): Sealer;
};

export type KeyFailure = {
  readonly code: 'wrong-passphrase' | 'no-secret' | 'damaged' | 'other-source';
  readonly message: string;
};

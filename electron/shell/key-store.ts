import type { SafeStorage } from 'electron';
import type { SecretSource } from '../host/index.ts';

/** The system's key store as the keeper of the data key, or why it is none. */
export type KeyStore =
  | { readonly kind: 'usable'; readonly secret: SecretSource }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Looks at the key store once Electron is ready. On Linux without a key ring Electron seals with a password that everybody knows
 * (`basic_text`): that is no protection, and it is refused.
 */
export async function findKeyStore(safeStorage: SafeStorage, platform: NodeJS.Platform): Promise<KeyStore> {
  const backend = platform === 'linux' ? safeStorage.getSelectedStorageBackend() : null;
  if (backend === 'basic_text' || backend === 'unknown') {
    return {
      kind: 'refused',
      why: 'This desktop has no key ring (GNOME Keyring or KWallet), so the system’s key store would protect nothing and is not used.',
    };
  }
  if (!(await safeStorage.isAsyncEncryptionAvailable()))
    return { kind: 'refused', why: 'The system’s key store does not answer and is not used.' };
  return {
    kind: 'usable',
    secret: {
      kind: 'os-key-store',
      wrap: async (key) => new Uint8Array(await safeStorage.encryptStringAsync(Buffer.from(key).toString('base64'))),
      unwrap: async (wrapped) => {
        const { result } = await safeStorage.decryptStringAsync(Buffer.from(wrapped));
        return new Uint8Array(Buffer.from(result, 'base64'));
      },
    },
  };
}

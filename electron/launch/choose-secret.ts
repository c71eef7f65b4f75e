import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { SecretSource, Settings } from '../host/index.ts';

/** What locks the data folder now; `lockOf` answers it. */
export type Lock = SecretSource['kind'] | 'damaged' | null;

/**
 * Which secret opens the data folder. A folder that is locked keeps its lock; a new one takes the passphrase, else the key store of a
 * desktop, else in the demo and where it was asked for a key file. `ask` is null where there is no terminal, `keyStore` where there is
 * none worth its name. Failures are sentences.
 */
export async function chooseSecret(from: {
  readonly settings: Pick<Settings, 'keyFile' | 'demo'>;
  readonly lock: Lock;
  readonly passphrase: string | undefined;
  readonly ask: ((question: string) => Promise<string | null>) | null;
  readonly keyStore: SecretSource | null;
}): Promise<Result<SecretSource, string>> {
  const { settings, lock, passphrase, ask, keyStore } = from;
  const given = passphrase !== undefined && passphrase !== '' ? passphrase : null;
  // What cannot be opened (a damaged key, a key store that is not here) is explained by the key ring itself, whatever the secret.
  if (lock === 'os-key-store') return ok(keyStore ?? { kind: 'key-file' });
  if (lock === 'key-file' || lock === 'damaged' || settings.keyFile) return ok({ kind: 'key-file' });
  if (given !== null) return ok({ kind: 'passphrase', passphrase: given });
  if (lock === null && keyStore !== null) return ok(keyStore);
  if (lock === null && settings.demo) return ok({ kind: 'key-file' });
  if (ask === null) {
    return err(
      lock === null
        ? 'Patient data are kept sealed under a passphrase, and none was given. Set OVERREAD_PASSPHRASE, start on a terminal, or start with --key-file.'
        : 'This data folder is locked with a passphrase. Set OVERREAD_PASSPHRASE, or start on a terminal.',
    );
  }
  const typed = await ask(lock === null ? 'Choose a passphrase for this data folder: ' : 'Passphrase: ');
  if (typed === null || typed === '') return err('No passphrase, so Overread was not started.');
  if (lock === null && (await ask('The same passphrase again: ')) !== typed)
    return err('The two passphrases differ, so Overread was not started. Start again.');
  return ok({ kind: 'passphrase', passphrase: typed });
}

import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { SecretSource, Settings } from '../host/index.ts';

/** What locks the data folder now; `lockOf` answers it. */
export type Lock = SecretSource['kind'] | 'damaged' | null;

/**
 * Which secret opens the data folder. A folder that is locked keeps its lock; a new one takes the passphrase, except in the demo
 * without one and where a key file was asked for. `ask` is null where there is no terminal. Failures are sentences for the terminal.
 */
export async function chooseSecret(from: {
  readonly settings: Pick<Settings, 'keyFile' | 'demo'>;
  readonly lock: Lock;
  readonly passphrase: string | undefined;
  readonly ask: ((question: string) => Promise<string | null>) | null;
}): Promise<Result<SecretSource, string>> {
  const { settings, lock, passphrase, ask } = from;
  const given = passphrase !== undefined && passphrase !== '' ? passphrase : null;
  // A damaged key and one of the desktop's key store are explained by the key ring itself, whatever the secret.
  if (lock === 'key-file' || lock === 'damaged' || lock === 'os-key-store' || settings.keyFile)
    return ok({ kind: 'key-file' });
  if (given !== null) return ok({ kind: 'passphrase', passphrase: given });
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

import { resolve } from 'node:path';
import { type KeyRing, lockOf, openKeyRing, type SecretSource } from '../electron/host/keys/index.ts';
import type { Ports } from '../electron/host/ports.ts';
import { defaultDataDirectory } from '../electron/host/settings/index.ts';
import { instant } from '../shared/lib/instant.ts';
import { askHidden } from './terminal.ts';

/** Ends a script with a sentence: what went wrong and what to do. */
export class ScriptEnd extends Error {}

export function scriptPorts(): Ports {
  const tell = (message: string): void => console.error(message);
  return {
    now: () => instant(Date.now()),
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    newId: () => crypto.randomUUID(),
    log: { info: () => undefined, warn: tell, error: tell },
  };
}

/** `--data DIR`, or the folder that Overread takes by itself. */
export function dataFolder(named: string | undefined): string {
  const folder = named ?? process.env.OVERREAD_DATA ?? defaultDataDirectory(process.env, process.platform);
  if (folder === null || folder === '') throw new ScriptEnd('Say which data folder: --data DIR.');
  return resolve(folder);
}

async function passphrase(isNew: boolean): Promise<SecretSource> {
  const given = process.env.OVERREAD_PASSPHRASE;
  if (given !== undefined && given !== '') return { kind: 'passphrase', passphrase: given };
  if (!process.stdin.isTTY) {
    throw new ScriptEnd(
      'This data folder is locked with a passphrase. Set OVERREAD_PASSPHRASE, or run this on a terminal.',
    );
  }
  const typed = await askHidden('Passphrase of the data folder: ');
  if (typed === null || typed === '') throw new ScriptEnd('No passphrase, so nothing was done.');
  if (isNew && (await askHidden('The same passphrase again: ')) !== typed) {
    throw new ScriptEnd('The two passphrases differ, so nothing was done.');
  }
  return { kind: 'passphrase', passphrase: typed };
}

/** Opens the key of a data folder with the secret that it wants. `create` says how to lock a folder that has none yet; null
 * refuses. `keyStoreWords` is what to say of a folder that only a desktop can open, where there is more to say than that. */
export async function openFolder(
  directory: string,
  create: 'passphrase' | 'key-file' | null,
  keyStoreWords?: string,
): Promise<KeyRing> {
  const lock = await lockOf(directory);
  if (lock === null && create === null) throw new ScriptEnd('There is no Overread data in that folder.');
  const kind = lock ?? create;
  if (kind === 'os-key-store') {
    throw new ScriptEnd(
      keyStoreWords ??
        "This data folder is locked with this computer's key store, which only the desktop program can open.",
    );
  }
  // A damaged key file is explained by the key ring itself, whatever the secret.
  const secret: SecretSource = kind === 'passphrase' ? await passphrase(lock === null) : { kind: 'key-file' };
  const opened = await openKeyRing({ directory, secret });
  if (!opened.ok) throw new ScriptEnd(opened.error.message);
  return opened.value;
}

/** Runs a script's work; a `ScriptEnd` is told in one sentence, and its exit code is 2, so that it differs from a verdict. */
export async function runScript(work: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (reason) {
    if (!(reason instanceof ScriptEnd)) throw reason;
    console.error(reason.message);
    process.exitCode = 2;
  }
}

import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { sealerFromKey } from '../keys/index.ts';
import { serveThread } from '../threads/rpc.ts';
import { type BackupAsked, type BackupMade, makeBackup } from './make-backup.ts';
import { BackupTrouble } from './trouble.ts';

/** The keys that a backup needs, by their labels: the ring itself cannot be handed to a thread. */
export type BackupThreadData = { readonly keys: { readonly [label: string]: Uint8Array } };

export type BackupThread = { make(asked: BackupAsked): Promise<Result<BackupMade, string>> };

serveThread(({ keys }: BackupThreadData): BackupThread => {
  const derive = (label: string): Uint8Array => {
    const key = keys[label];
    if (key === undefined) throw new Error(`the backup's thread was not given the key of ${label}`);
    return key;
  };
  return {
    make: async (asked) => {
      try {
        const ring = { derive, sealer: (label: string) => sealerFromKey(derive(label)) };
        return ok(await makeBackup(asked, ring, { now: () => Date.now(), newId: () => crypto.randomUUID() }));
      } catch (reason) {
        if (reason instanceof BackupTrouble) return err(reason.message);
        throw reason;
      }
    },
  };
});

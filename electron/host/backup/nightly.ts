import { backupIsDue, backupStanding } from '../../../shared/domain/upkeep/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import type { Result } from '../../../shared/lib/result.ts';
import type { Journal } from '../journal/types.ts';
import type { KeyRing } from '../keys/types.ts';
import type { Ports } from '../ports.ts';
import { startLoop } from '../reading/loop.ts';
import { startThread, threadEntry } from '../threads/rpc.ts';
import type { BackupThread, BackupThreadData } from './backup-thread.ts';
import type { BackupAsked, BackupMade } from './make-backup.ts';
import { hostOf } from './manifest.ts';
import { generationsIn, placeOf } from './target.ts';

/** How the nightly backup stands. */
export type BackupStanding = {
  readonly lastGood: Instant | null;
  /** Somebody must be told. */
  readonly old: boolean;
  readonly hour: number;
  readonly zone: string;
  /** The last failure since the last good one. */
  readonly failure: { readonly at: Instant; readonly words: string } | null;
  readonly running: boolean;
};

export type NightlyBackup = {
  standing(): BackupStanding;
  /** Looks and, where one is due, makes it; answers when that is over. */
  round(): Promise<void>;
  stop(): Promise<void>;
};

const lookEvery = 60_000;
const journalKey = 'last-backup';
const labels = ['backup', 'journal', 'audit', 'identity', 'record'] as const;

type Make = (asked: BackupAsked) => Promise<Result<BackupMade, string>>;

/** A thread of its own for each run: the host's own thread neither hashes nor waits for a disk. */
function inThread(keyRing: KeyRing): { make: Make; stop(): Promise<void> } {
  let stopThread: (() => Promise<void>) | null = null;
  return {
    make: async (asked) => {
      const keys = Object.fromEntries(labels.map((label) => [label, keyRing.derive(label)]));
      const entry = threadEntry(new URL('./backup-thread.ts', import.meta.url), 'backup');
      const thread = startThread<BackupThread>(entry, { keys } satisfies BackupThreadData);
      stopThread = thread.stop;
      try {
        return await thread.make(asked);
      } finally {
        stopThread = null;
        await thread.stop();
      }
    },
    stop: async () => stopThread?.(),
  };
}

/**
 * Makes a backup of this host's folder every night, and again after a failure. Each host of a group makes its own, into a place of its own
 * in the target: what one holds (drafts, access log, messages received) no other has, so that no lease could choose one of them.
 */
export async function startNightlyBackup(parts: {
  readonly directory: string;
  readonly target: string;
  readonly hour: number;
  readonly zone: string;
  readonly program: string;
  readonly keyRing: KeyRing;
  readonly journal: Pick<Journal, 'append' | 'latest'>;
  readonly ports: Ports;
  /** Tests put a failing one in its place. */
  readonly make?: Make;
}): Promise<NightlyBackup> {
  const { directory, target, hour, zone, keyRing, journal, ports } = parts;
  const place = placeOf(target, hostOf(keyRing));
  const thread = inThread(keyRing);
  const make = parts.make ?? thread.make;
  // While the target is away, what was last seen there is what is known.
  const noted = (await journal.latest('duty', journalKey))?.body as { readonly begunAt?: unknown } | undefined;
  let good: readonly Instant[] = typeof noted?.begunAt === 'number' ? [instant(noted.begunAt)] : [];
  let failure: BackupStanding['failure'] = null;
  let running = false;
  let stopped = false;

  const failed = (words: string): void => {
    failure = { at: ports.now(), words };
    ports.log.warn('a backup failed', {});
  };
  const round = async (): Promise<void> => {
    const found = (await generationsIn(place)).map(({ manifest }) => instant(manifest.begunAt));
    if (found.length > 0) good = found;
    if (stopped || !backupIsDue({ good, failedAt: failure?.at ?? null, hour, zone, now: ports.now() })) return;
    running = true;
    try {
      const made = await make({ directory, target, program: parts.program, zone });
      if (!made.ok) {
        failed(made.error);
        return;
      }
      failure = null;
      good = [...good, instant(made.value.begunAt)];
      ports.log.info('a backup was made and read back', { parts: made.value.parts, bytes: made.value.bytes });
      const { begunAt, generation } = made.value;
      // Kept, not kept or not known: the backup is there all the same, and the next start looks at the target anyway.
      const kept = await journal.append([{ kind: 'duty', key: journalKey, body: { begunAt, generation } }]);
      if (!kept.ok) ports.log.warn('the time of the last backup could not be kept', { code: kept.error.code });
    } catch (reason) {
      if (stopped) return;
      failed('The backup ended by a bug of the program. The last good backup stays.');
      ports.log.error('a backup failed by a bug', { reason: reason instanceof Error ? reason.name : 'unknown' });
    } finally {
      running = false;
    }
  };
  const loop = startLoop('backup', () => lookEvery, round, ports);
  return {
    standing: () => ({ ...backupStanding(good, ports.now()), hour, zone, failure, running }),
    round: loop.round,
    stop: async () => {
      stopped = true;
      // What was half written is cleared by the next run; a host that closes does not wait for it.
      await thread.stop();
      await loop.stop();
    },
  };
}

import { join } from 'node:path';
import { instant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { KeyRing } from '../keys/index.ts';
import type { Ports } from '../ports.ts';
import { startThread, threadEntry } from '../threads/rpc.ts';
import {
  gate,
  giveUp,
  type JournalFunctions,
  type JournalPlace,
  newGate,
  type RowRead,
  type RowsRead,
  type RowUnreadable,
} from './journal-store.ts';
import type {
  Journal,
  JournalEntry,
  JournalFailure,
  JournalKind,
  NotKept,
  Passing,
  Settlement,
  StoredEntry,
} from './types.ts';

/** Promises F2: a write settles or fails visibly within this time. */
const deadlineMilliseconds = 3_000;
/** Keys let go in one transaction: an append that waits behind them must not come near its deadline. */
const letGoAtOnce = 200;

export type OpenedJournal = Journal & {
  /** Rows that did not open where they stand, as far as anybody has read them. They stay in the file; nothing is deleted. */
  quarantined(): readonly RowUnreadable[];
  /** Every key of a kind, with the time of its newest entry. */
  keys(kind: JournalKind): Promise<readonly { readonly key: string; readonly at: number }[]>;
  /** Removes all entries of these keys after their time; null where they are still there, or some of them. */
  letGo(kind: Passing, keys: readonly string[]): Promise<number | null>;
};

export type JournalOptions = {
  /** The data folder; the journal lies in `journal/journal.sqlite` under it. */
  readonly directory: string;
  readonly keyRing: KeyRing;
  readonly ports: Ports;
  readonly inMemory?: boolean;
  /** Largest size of the file in bytes; beyond it an append fails as on a full disk. */
  readonly maximumBytes?: number;
  /** The journal's thread; tests put one with a slow disk in its place. */
  readonly thread?: URL;
  /** Milliseconds after which an append is answered in any case. */
  readonly deadline?: number;
};

/** What is sealed of an entry. The time is inside, so that nobody can set it back in the file. */
type Content = { readonly key: string; readonly at: number; readonly body?: unknown };

function stored(row: RowRead): StoredEntry {
  const content = JSON.parse(row.content) as Content;
  return { kind: row.kind, sequence: row.sequence, key: content.key, at: instant(content.at), body: content.body };
}

/** Opens the journal of a data folder. Fails with `not-durable` where the file cannot be opened or is no database. */
export async function openJournal(options: JournalOptions): Promise<Result<OpenedJournal, JournalFailure>> {
  const { ports, keyRing } = options;
  const place: JournalPlace = {
    file: options.inMemory === true ? null : join(options.directory, 'journal', 'journal.sqlite'),
    key: keyRing.derive('journal'),
    maximumBytes: options.maximumBytes ?? null,
  };
  const entry = options.thread ?? threadEntry(new URL('./journal-thread.ts', import.meta.url), 'journal');
  const deadline = options.deadline ?? deadlineMilliseconds;
  const thread = startThread<JournalFunctions>(entry, place);
  try {
    const missing = await thread.missing();
    if (missing > 0) ports.log.error('rows of the journal were removed outside Overread', { count: missing });
  } catch {
    await thread.stop();
    return err({
      code: 'not-durable',
      message:
        'The journal in the data folder cannot be opened: it is damaged or may not be written to. Nothing was changed.',
    });
  }
  let closed = false;
  const quarantine = new Map<number, RowUnreadable>();

  const readable = (read: RowsRead): readonly StoredEntry[] => {
    for (const row of read.unreadable) {
      if (quarantine.has(row.sequence)) continue;
      quarantine.set(row.sequence, row);
      ports.log.error('a row of the journal does not open; it stays in quarantine', {
        sequence: row.sequence,
        kind: row.kind,
      });
    }
    return read.rows.map(stored);
  };

  const stopped = (): NotKept =>
    closed
      ? { code: 'closed', message: 'Overread is closing; this was not saved.' }
      : { code: 'not-durable', message: 'The journal stopped; this was not saved. Start Overread again.' };

  const append = async (entries: readonly JournalEntry[]): Promise<Result<readonly StoredEntry[], JournalFailure>> => {
    if (closed) return err({ code: 'closed', message: 'Overread is closing; this was not saved.' });
    if (entries.length === 0) return ok([]);
    const at = ports.now();
    const rows = entries.map(({ kind, key, body }) => ({
      kind,
      key,
      content: JSON.stringify({ key, at, body } satisfies Content),
    }));
    const place = newGate();
    const settled: Promise<Settlement> = thread.append(rows, place).then(
      (written): Settlement => {
        if (written.ok) {
          return {
            kind: 'kept',
            entries: entries.map((one, index) => ({ ...one, at, sequence: written.value[index] ?? 0 })),
          };
        }
        const { error } = written;
        return error.code === 'in-doubt' ? { kind: 'never-known' } : { kind: 'not-kept', failure: error };
      },
      // The thread ended. What it had not begun to commit is not there; of the rest the next start tells.
      (): Settlement =>
        Atomics.load(place, 0) === gate.committing ? { kind: 'never-known' } : { kind: 'not-kept', failure: stopped() },
    );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), deadline);
    });
    const first = await Promise.race([settled, late]);
    clearTimeout(timer);
    if (first === 'late' && giveUp(place))
      return err({ code: 'deadline', message: `The disk did not answer in ${deadline / 1_000} seconds. Try again.` });
    if (first === 'late' || first.kind === 'never-known')
      return err({
        code: 'not-known',
        message: 'The disk does not answer: it is not known yet whether this was saved.',
        settled,
      });
    return first.kind === 'kept' ? ok(first.entries) : err(first.failure);
  };

  return ok({
    append,
    latest: async (kind, key) => readable(await thread.latest(kind, key))[0] ?? null,
    all: async (kind, wanted = {}) => readable(await thread.all(kind, wanted.key ?? null, wanted.afterSequence ?? 0)),
    quarantined: () => [...quarantine.values()],
    keys: async (kind) => readable(await thread.keys(kind)).map(({ key, at }) => ({ key, at })),
    letGo: async (kind, keys) => {
      let rows = 0;
      for (let at = 0; at < keys.length && !closed; at += letGoAtOnce) {
        const gone = await thread.letGo(kind, keys.slice(at, at + letGoAtOnce)).catch(() => null);
        if (gone === null) return null;
        rows += gone;
      }
      return closed && keys.length > 0 ? null : rows;
    },
    close: async () => {
      if (closed) return;
      closed = true;
      // What was asked before is answered first: the thread works one call after the other.
      await thread.close().catch(() => undefined);
      await thread.stop();
    },
  });
}

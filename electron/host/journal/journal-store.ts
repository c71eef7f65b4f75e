import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { sealerFromKey } from '../keys/index.ts';
import { describeWriteFailure, inTransaction, isDiskFailure, openDurableDatabase } from '../threads/database.ts';
import type { JournalKind, NotKept, Passing } from './types.ts';

export type JournalPlace = {
  readonly file: string | null;
  readonly key: Uint8Array;
  readonly maximumBytes: number | null;
};

export type RowToAppend = { readonly kind: JournalKind; readonly key: string; readonly content: string };
export type RowRead = { readonly sequence: number; readonly kind: JournalKind; readonly content: string };
/** A row that does not open where it stands: changed, swapped, or sealed under another key. It stays in the file. */
export type RowUnreadable = { readonly sequence: number; readonly kind: string };
export type RowsRead = { readonly rows: readonly RowRead[]; readonly unreadable: readonly RowUnreadable[] };

type RawRow = { sequence: number; kind: string; key_hash: string; body: Uint8Array };

/**
 * Where an append stands, in memory that host and thread share. Whoever moves it from `open` first has decided: the host has given the
 * append up and it is not written, or the disk has it and only the disk can tell.
 */
export const gate = { open: 0, committing: 1, givenUp: 2 } as const;

export function newGate(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** True when the caller may be told that nothing was written, and nothing will be. */
export function giveUp(place: Int32Array): boolean {
  return Atomics.compareExchange(place, 0, gate.open, gate.givenUp) !== gate.committing;
}

/** `in-doubt`: the disk failed within the commit. SQLite took it back here, but after a crash the log may still hold it. */
export type AppendFailure = NotKept | { readonly code: 'in-doubt' };

/** The journal's functions over one open database; runs in the thread, and in tests without one. */
export function makeJournalFunctions(
  data: JournalPlace,
  beforeCommit: (rows: readonly RowToAppend[]) => void = () => undefined,
) {
  const sealer = sealerFromKey(data.key);
  const database = openDurableDatabase(data);
  // What is let go is overwritten, not only unlinked.
  database.exec('PRAGMA secure_delete=ON');
  // AUTOINCREMENT: a sequence is never given twice, even after a row was removed by other means.
  database.exec(`
    CREATE TABLE IF NOT EXISTS entries (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL,
      key_hash TEXT NOT NULL,
      body BLOB NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS entries_by_key ON entries (kind, key_hash, sequence);
    CREATE TABLE IF NOT EXISTS let_go (kind TEXT PRIMARY KEY, rows INTEGER NOT NULL) STRICT;
  `);
  const insert = database.prepare('INSERT INTO entries (sequence, kind, key_hash, body) VALUES (?, ?, ?, ?)');
  const lastGiven = database.prepare("SELECT seq AS sequence FROM sqlite_sequence WHERE name = 'entries'");
  const counted = database.prepare('SELECT count(*) AS count FROM entries');
  const newestFirst = database.prepare(
    'SELECT sequence, kind, key_hash, body FROM entries WHERE kind = ? AND key_hash = ? ORDER BY sequence DESC',
  );
  const ofKind = database.prepare(
    'SELECT sequence, kind, key_hash, body FROM entries WHERE kind = ? AND sequence > ? ORDER BY sequence',
  );
  const ofKey = database.prepare(
    'SELECT sequence, kind, key_hash, body FROM entries WHERE kind = ? AND key_hash = ? AND sequence > ? ORDER BY sequence',
  );

  const newestOfEach = database.prepare(
    'SELECT sequence, kind, key_hash, body FROM entries WHERE sequence IN (SELECT max(sequence) FROM entries WHERE kind = ? GROUP BY key_hash)',
  );
  const remove = database.prepare('DELETE FROM entries WHERE kind = ? AND key_hash = ?');
  const countGone = database.prepare(
    'INSERT INTO let_go (kind, rows) VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET rows = rows + excluded.rows',
  );
  const gone = database.prepare('SELECT coalesce(sum(rows), 0) AS rows FROM let_go');

  const about = (kind: string, keyHash: string, sequence: number): string => `journal|${kind}|${keyHash}|${sequence}`;
  const lastSequence = (): number => (lastGiven.get() as { sequence: number } | undefined)?.sequence ?? 0;

  const append = (rows: readonly RowToAppend[], place: Int32Array): Result<readonly number[], AppendFailure> => {
    const tooSlow = err({ code: 'deadline', message: 'The disk was too slow: nothing was saved. Try again.' } as const);
    if (Atomics.load(place, 0) === gate.givenUp) return tooSlow;
    try {
      return inTransaction(database, () => {
        let sequence = lastSequence();
        const sequences: number[] = [];
        for (const row of rows) {
          sequence += 1;
          const keyHash = sealer.index(row.key);
          insert.run(sequence, row.kind, keyHash, sealer.sealText(row.content, about(row.kind, keyHash, sequence)));
          sequences.push(sequence);
        }
        // Where the caller was told of a failure by now, what she was told must not become untrue.
        if (Atomics.compareExchange(place, 0, gate.open, gate.committing) !== gate.open) throw new Error('given up');
        beforeCommit(rows);
        return ok(sequences);
      });
    } catch (reason) {
      if (Atomics.load(place, 0) === gate.givenUp) return tooSlow;
      if (Atomics.load(place, 0) === gate.committing && isDiskFailure(reason)) return err({ code: 'in-doubt' });
      return err({ code: 'not-durable', message: describeWriteFailure(reason) });
    }
  };

  const read = (raw: RawRow, rows: RowRead[], unreadable: RowUnreadable[]): boolean => {
    const opened = sealer.openText(raw.body, about(raw.kind, raw.key_hash, raw.sequence));
    if (opened.ok) rows.push({ sequence: raw.sequence, kind: raw.kind as JournalKind, content: opened.value });
    else unreadable.push({ sequence: raw.sequence, kind: raw.kind });
    return opened.ok;
  };

  const latest = (kind: JournalKind, key: string): RowsRead => {
    const rows: RowRead[] = [];
    const unreadable: RowUnreadable[] = [];
    for (const raw of newestFirst.iterate(kind, sealer.index(key))) {
      if (read(raw as RawRow, rows, unreadable)) break;
    }
    return { rows, unreadable };
  };

  const all = (kind: JournalKind, key: string | null, afterSequence: number): RowsRead => {
    const rows: RowRead[] = [];
    const unreadable: RowUnreadable[] = [];
    const found =
      key === null ? ofKind.iterate(kind, afterSequence) : ofKey.iterate(kind, sealer.index(key), afterSequence);
    for (const raw of found) read(raw as RawRow, rows, unreadable);
    return { rows, unreadable };
  };

  /** Rows that were there once and are not any more, less those that were let go after their time. */
  const missing = (): number =>
    lastSequence() - (counted.get() as { count: number }).count - (gone.get() as { rows: number }).rows;

  /** The newest row of each key, its body left out. */
  const keys = (kind: JournalKind): RowsRead => {
    const rows: RowRead[] = [];
    const unreadable: RowUnreadable[] = [];
    for (const raw of newestOfEach.iterate(kind)) read(raw as RawRow, rows, unreadable);
    const bare = rows.map((row) => {
      const { key, at } = JSON.parse(row.content) as { readonly key: string; readonly at: number };
      return { ...row, content: JSON.stringify({ key, at }) };
    });
    return { rows: bare, unreadable };
  };

  /** Removes every row of these keys; null where the disk refused, and then all are there. */
  const letGo = (kind: Passing, wanted: readonly string[]): number | null => {
    try {
      return inTransaction(database, () => {
        let rows = 0;
        for (const key of wanted) rows += Number(remove.run(kind, sealer.index(key)).changes);
        countGone.run(kind, rows);
        return rows;
      });
    } catch {
      return null;
    }
  };

  const close = (): void => database.close();

  return { append, latest, all, missing, keys, letGo, close };
}

export type JournalFunctions = ReturnType<typeof makeJournalFunctions>;

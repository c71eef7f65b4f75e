import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Priority } from '../../../shared/domain/order/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import {
  type DayFigures,
  type KeptEvent,
  packEvents,
  type ReadingEvent,
  replacesCopy,
  type UsualId,
  unpackEvents,
} from '../../../shared/domain/turnaround/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { sha256 } from '../digest.ts';
import { sealerFromKey } from '../keys/index.ts';
import type { Sealer } from '../keys/types.ts';
import { describeWriteFailure, inTransaction, openDurableDatabase } from '../threads/database.ts';
import {
  createDayChanges,
  daySchema,
  linesOfDays,
  numberOfPriority,
  prepareDays,
  priorityOfNumber,
} from './day-store.ts';

export type EventPlace = {
  /** Path of the table; null keeps it in memory. */
  readonly file: string | null;
  readonly key: Uint8Array;
  /** Which record it was folded from: a table of another one is worth nothing. */
  readonly source: string;
};

/** What a page brought of one task, packed, and how urgent its order is now. */
export type FoldedTask = { readonly taskId: string; readonly packed: Uint8Array; readonly priority: Priority };
export type FoldFailure =
  /** It does not say what was written to it: it must be made anew from the record. */
  { readonly code: 'damaged' } | { readonly code: 'not-written'; readonly message: string };
export type Opened = {
  /** Why the old one was given up; null where there was none, or it goes on. */
  readonly madeAnew: 'damaged' | 'other-record' | 'other-version' | null;
  /** Stamp of the record up to which everything is here; null where it has to be read from the beginning. */
  readonly reached: string | null;
};

/** Up to so many events a task has one pack, written anew with what a page brings: their common words then stand once. */
const mostInOnePack = 64;
/** Beyond, each page that brings something of the task adds a pack and rewrites nothing, until they are made one. */
const mostPacks = 6;
/** Also raised where `figuresOfStudy` counts otherwise: what lies in the days was counted the old way. */
const schemaVersion = 2;
const checkText = 'Overread events';

const schema = `
  CREATE TABLE pack (sequence INTEGER PRIMARY KEY AUTOINCREMENT, task BLOB NOT NULL, body BLOB NOT NULL) STRICT;
  CREATE INDEX pack_by_task ON pack (task);
  CREATE TABLE state (name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID;
  ${daySchema}
`;

/** Bytes that do not open where they stand. */
export class DamagedTable extends Error {}

/** Ids as `caseEvent` makes them where no part of the case is named. */
function usualIdOf(taskId: string): UsualId {
  return (type) => deriveId('ev', [taskId, type, ''], sha256);
}

/** 128 bits find a task; that it is the right one is sealed in. */
export function taskKey(sealer: Sealer, taskId: string): Uint8Array {
  return Uint8Array.from(Buffer.from(sealer.index(taskId).slice(0, 32), 'hex'));
}

export const packsOfTask = 'SELECT sequence, body FROM pack WHERE task = ? ORDER BY sequence';

/** The events in the packs of one task, each once, and how urgent it was when the last came. Throws `DamagedTable`. */
export function eventsInPacks(
  sealer: Sealer,
  taskId: string,
  packs: readonly { readonly sequence: number; readonly body: Uint8Array }[],
): { readonly known: Map<string, KeptEvent>; readonly priority: Priority } {
  const known = new Map<string, KeptEvent>();
  let priority: Priority = 'unknown';
  for (const { sequence, body } of packs) {
    const opened = sealer.open(body, aboutPack(taskId, sequence));
    // The first byte is the urgency.
    const events = opened.ok ? unpackEvents(opened.value.subarray(1), taskId, usualIdOf(taskId)) : opened;
    if (!opened.ok || !events.ok) throw new DamagedTable();
    priority = priorityOfNumber(opened.value[0]);
    for (const one of events.value) {
      const id = idOf(one);
      if (replacesCopy(known.get(id), one)) known.set(id, one);
    }
  }
  return { known, priority };
}

function sealPack(
  sealer: Sealer,
  taskId: string,
  sequence: number,
  priority: Priority,
  events: Iterable<KeptEvent>,
): Uint8Array {
  const packed = packEvents([...events], usualIdOf(taskId));
  const body = new Uint8Array(1 + packed.length);
  body[0] = numberOfPriority(priority);
  body.set(packed, 1);
  return sealer.seal(body, aboutPack(taskId, sequence));
}

const soundOf = (known: ReadonlyMap<string, KeptEvent>): readonly ReadingEvent[] =>
  [...known.values()].flatMap((one) => (one.sound ? [one.event] : []));

/** The functions of the table over one database; they run in its thread, and in tests without one. */
export function makeEventFunctions(place: EventPlace) {
  const sealer = sealerFromKey(place.key);
  let open = openTable(place, sealer);

  const fold = (tasks: readonly FoldedTask[], reached: string | null): Result<readonly string[], FoldFailure> => {
    try {
      return ok(inTransaction(open.database, () => foldAll(open, sealer, tasks, reached)));
    } catch (reason) {
      return isDamage(reason)
        ? err({ code: 'damaged' })
        : err({ code: 'not-written', message: describeWriteFailure(reason) });
    }
  };

  const days = (wanted: readonly string[]): Result<readonly DayFigures[], FoldFailure> => {
    try {
      return ok(linesOfDays(open.days, sealer, wanted, () => new DamagedTable()));
    } catch (reason) {
      if (!isDamage(reason)) throw reason;
      return err({ code: 'damaged' });
    }
  };

  return {
    days,
    opened: (): Opened => ({ madeAnew: open.madeAnew, reached: open.reached() }),
    fold,
    makeAnew: (): void => {
      close(open.database);
      remove(place);
      open = openTable(place, sealer);
    },
    close: (): void => close(open.database),
    /** The open database: where the table is in memory it has no other. */
    database: (): DatabaseSync => open.database,
  };
}

type OpenTable = ReturnType<typeof openTable>;

function openTable(place: EventPlace, sealer: Sealer) {
  let madeAnew: Opened['madeAnew'] = null;
  let database: DatabaseSync | null = null;
  try {
    database = openDurableDatabase(place);
    madeAnew = standing(database, sealer, place.source);
  } catch (reason) {
    if (!isDamage(reason)) throw reason;
    madeAnew = 'damaged';
  }
  if (database === null || madeAnew !== null) {
    if (database !== null) close(database);
    remove(place);
    database = openDurableDatabase(place);
    standing(database, sealer, place.source);
  }
  // It can be made anew from the record at any time: what a power cut takes is read again.
  database.exec('PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000; PRAGMA wal_autocheckpoint=4000');
  const state = database.prepare('SELECT body FROM state WHERE name = ?');
  return {
    database,
    madeAnew,
    reached: (): string | null => {
      const body = state.get('reached')?.body;
      if (!(body instanceof Uint8Array)) return null;
      const opened = sealer.openText(body, aboutState('reached'));
      return opened.ok && !Number.isNaN(Date.parse(opened.value)) ? opened.value : null;
    },
    setState: database.prepare(
      'INSERT INTO state (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body',
    ),
    days: prepareDays(database),
    packs: database.prepare(packsOfTask),
    last: database.prepare("SELECT seq AS sequence FROM sqlite_sequence WHERE name = 'pack'"),
    insert: database.prepare('INSERT INTO pack (sequence, task, body) VALUES (?, ?, ?)'),
    update: database.prepare('UPDATE pack SET body = ? WHERE sequence = ?'),
    remove: database.prepare('DELETE FROM pack WHERE task = ?'),
  };
}

/** Null where the table is ours and of this record, made where there was none; else why it cannot go on. Throws what SQLite says. */
function standing(database: DatabaseSync, sealer: Sealer, source: string): Opened['madeAnew'] {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version === 0) {
    const found = database.prepare("SELECT count(*) AS tables FROM sqlite_master WHERE type = 'table'").get();
    if (Number(found?.tables ?? 0) > 0) return 'damaged';
    inTransaction(database, () => {
      database.exec(schema);
      const set = database.prepare('INSERT INTO state (name, body) VALUES (?, ?)');
      set.run('check', sealer.sealText(checkText, aboutState('check')));
      set.run('source', sealer.sealText(source, aboutState('source')));
      database.exec(`PRAGMA user_version = ${schemaVersion}`);
    });
    return null;
  }
  const read = database.prepare('SELECT body FROM state WHERE name = ?');
  const text = (name: string): string | null => {
    const body = read.get(name)?.body;
    const opened = body instanceof Uint8Array ? sealer.openText(body, aboutState(name)) : null;
    return opened?.ok === true ? opened.value : null;
  };
  if (text('check') !== checkText) return 'damaged';
  if (version !== schemaVersion) return 'other-version';
  return text('source') === source ? null : 'other-record';
}

/** All tasks of a page in one transaction; answers those of which something was new. */
function foldAll(
  table: OpenTable,
  sealer: Sealer,
  tasks: readonly FoldedTask[],
  reached: string | null,
): readonly string[] {
  const changed: string[] = [];
  let sequence = Number(table.last.get()?.sequence ?? 0);
  const days = createDayChanges();
  for (const { taskId, packed, priority } of tasks) {
    const came = unpackEvents(packed, taskId);
    // Made a moment ago in this process: what does not unpack is a bug, and must not be taken for a damaged table.
    if (!came.ok) throw new Error('a pack that does not unpack');
    const task = taskKey(sealer, taskId);
    const packs = table.packs.all(task) as { sequence: number; body: Uint8Array }[];
    const { known, priority: priorityBefore } = eventsInPacks(sealer, taskId, packs);
    const before = soundOf(known);
    const news: KeptEvent[] = [];
    for (const one of came.value) {
      const id = idOf(one);
      if (!replacesCopy(known.get(id), one)) continue;
      known.set(id, one);
      news.push(one);
    }
    if (news.length === 0) continue;
    changed.push(taskId);
    days.study({ events: before, priority: priorityBefore }, { events: soundOf(known), priority });
    const [only] = packs;
    if (only !== undefined && packs.length === 1 && known.size <= mostInOnePack) {
      // In its place: rows that move leave holes in the file.
      table.update.run(sealPack(sealer, taskId, only.sequence, priority, known.values()), only.sequence);
      continue;
    }
    const together = packs.length + 1 >= mostPacks;
    if (together) table.remove.run(task);
    sequence += 1;
    table.insert.run(sequence, task, sealPack(sealer, taskId, sequence, priority, together ? known.values() : news));
  }
  days.apply(table.days, sealer, () => new DamagedTable());
  if (reached !== null) table.setState.run('reached', sealer.sealText(reached, aboutState('reached')));
  return changed;
}

function idOf(kept: KeptEvent): string {
  return kept.sound ? kept.event.id : kept.id;
}

function aboutPack(taskId: string, sequence: number): string {
  return `events|${taskId}|${sequence}`;
}

function aboutState(name: string): string {
  return `events-state|${name}`;
}

/** The file is no database, or pages of it are altered (SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_ERROR for a table that is gone). */
export function isDamage(reason: unknown): boolean {
  if (reason instanceof DamagedTable) return true;
  if (!(reason instanceof Error) || !('errcode' in reason)) return false;
  return [1, 11, 26].includes(Number(reason.errcode) & 0xff);
}

function close(database: DatabaseSync): void {
  try {
    if (database.isOpen) database.close();
  } catch {
    // A damaged file may not even be left in order; it is about to be removed or read again.
  }
}

function remove({ file }: EventPlace): void {
  if (file !== null) for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
}

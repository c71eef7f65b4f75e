import { isDeepStrictEqual } from 'node:util';
import type { WorklistRow } from '../../../shared/api/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';

type Row = Omit<WorklistRow, 'mayRead'>;
export type RowChanges = {
  readonly version: number;
  readonly full: boolean;
  readonly rows: readonly Row[];
  readonly removed: readonly TaskId[];
};

/**
 * Numbers each change of the list, so that a page asks only for what it has not seen. Versions begin at the start's time, so that a
 * page of an earlier run is told to take the whole list.
 */
export type WorklistChanges = {
  /** Takes the rows that may differ and the ids of those that are gone; answers the new version when anything differs, else null. */
  take(rows: readonly Row[], removed: Iterable<string>): number | null;
  /** A new version without a change of any row: what depends on who asks has changed. */
  renew(): number;
  since(version: number | null): RowChanges;
};

/** Notes about changes that are kept for each row of the list before the log of changes is made anew. */
const notesPerRow = 4;
const fewestNotes = 10_000;

export function createWorklistChanges(startedAt: number): WorklistChanges {
  let version = startedAt;
  /** What a page must have seen at least, to be told only what came since. */
  let oldest = startedAt;
  const current = new Map<string, { row: Row; version: number }>();
  const gone = new Map<string, number>();
  /** Every change in the order of versions: the newest are found from the end, without a look at all rows. */
  let log: { readonly taskId: TaskId; readonly version: number }[] = [];

  const shorten = (): void => {
    if (log.length < Math.max(fewestNotes, notesPerRow * current.size)) return;
    log = log.filter((note) => (current.get(note.taskId)?.version ?? gone.get(note.taskId)) === note.version);
    if (log.length < Math.max(fewestNotes, notesPerRow * current.size)) return;
    // Nearly all are rows that are gone: a page that has not heard of them takes the whole list.
    oldest = version;
    gone.clear();
    log = log.filter((note) => current.get(note.taskId)?.version === note.version);
  };

  return {
    take: (rows, removed) => {
      const next = version + 1;
      let changed = false;
      for (const row of rows) {
        const before = current.get(row.taskId);
        if (before !== undefined && isDeepStrictEqual(before.row, row)) continue;
        current.set(row.taskId, { row, version: next });
        gone.delete(row.taskId);
        log.push({ taskId: row.taskId, version: next });
        changed = true;
      }
      for (const taskId of removed) {
        if (!current.delete(taskId)) continue;
        gone.set(taskId, next);
        log.push({ taskId: taskId as TaskId, version: next });
        changed = true;
      }
      if (!changed) return null;
      version = next;
      shorten();
      return version;
    },
    renew: () => {
      version += 1;
      return version;
    },
    since: (asked) => {
      if (asked === null || asked < oldest || asked > version)
        return { version, full: true, rows: [...current.values()].map((one) => one.row), removed: [] };
      const rows = new Map<string, Row>();
      const removed = new Set<TaskId>();
      for (let place = log.length - 1; place >= 0; place -= 1) {
        const note = log[place];
        if (note === undefined || note.version <= asked) break;
        const found = current.get(note.taskId);
        if (found !== undefined) rows.set(note.taskId, found.row);
        else if (gone.has(note.taskId)) removed.add(note.taskId);
      }
      return { version, full: false, rows: [...rows.values()], removed: [...removed] };
    },
  };
}

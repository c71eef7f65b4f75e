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
  /** Takes the rows as they are now; answers the new version when anything differs, else null. */
  take(rows: readonly Row[]): number | null;
  since(version: number | null): RowChanges;
};

export function createWorklistChanges(startedAt: number): WorklistChanges {
  let version = startedAt;
  const current = new Map<TaskId, { row: Row; text: string; version: number }>();
  const gone = new Map<TaskId, number>();
  return {
    take: (rows) => {
      const next = version + 1;
      let changed = false;
      const present = new Set<TaskId>();
      for (const row of rows) {
        present.add(row.taskId);
        const before = current.get(row.taskId);
        // The same object says the same; only new ones are written out to be compared.
        if (before?.row === row) continue;
        const text = JSON.stringify(row);
        if (before?.text === text) continue;
        current.set(row.taskId, { row, text, version: next });
        gone.delete(row.taskId);
        changed = true;
      }
      for (const taskId of current.keys()) {
        if (present.has(taskId)) continue;
        current.delete(taskId);
        gone.set(taskId, next);
        changed = true;
      }
      if (!changed) return null;
      version = next;
      return version;
    },
    since: (asked) => {
      const full = asked === null || asked < startedAt || asked > version;
      const from = full ? -1 : asked;
      const rows = [...current.values()].filter((one) => one.version > from).map((one) => one.row);
      const removed = full ? [] : [...gone].filter(([, at]) => at > from).map(([taskId]) => taskId);
      return { version, full, rows, removed };
    },
  };
}

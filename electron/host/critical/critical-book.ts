import type { WorklistRow } from '../../../shared/api/index.ts';
import type { CriticalResult } from '../../../shared/domain/critical/index.ts';
import { criticalDue } from '../../../shared/domain/critical/index.ts';
import { criticalFromFhir, criticalToFhir } from '../../../shared/interop/fhir/index.ts';
import { SetsByKey } from '../../../shared/lib/sets-by-key.ts';
import type { RecordSync } from '../record/index.ts';
import type { MatterCodec } from '../site-desk/matters.ts';

export const criticals: MatterCodec<CriticalResult> = {
  type: 'Communication',
  toFhir: criticalToFhir,
  fromFhir: criticalFromFhir,
};

/** Follows by what changes what the record holds of critical results. */
export type CriticalBook = {
  get(id: string): CriticalResult | null;
  /** Oldest first. */
  ofTask(taskId: string): readonly CriticalResult[];
  /** All that nobody has ended, the one that is due first before the others. */
  open(): readonly CriticalResult[];
  onChange(listener: (changed: readonly CriticalResult[]) => void): void;
};

export function createCriticalBook(sync: Pick<RecordSync, 'onChange'>): CriticalBook {
  const results = new Map<string, CriticalResult>();
  const byTask = new SetsByKey();
  const open = new Set<string>();
  const listeners: ((changed: readonly CriticalResult[]) => void)[] = [];
  const drop = (id: string): CriticalResult | null => {
    const before = results.get(id) ?? null;
    if (before === null) return null;
    byTask.remove(before.taskId, id);
    results.delete(id);
    open.delete(id);
    return before;
  };
  const those = (ids: ReadonlySet<string>): CriticalResult[] => [...ids].flatMap((id) => results.get(id) ?? []);

  sync.onChange(({ type, items, gone }) => {
    if (type !== 'Communication') return;
    const changed = gone.flatMap((id) => drop(id) ?? []);
    for (const { resource } of items) {
      const result = criticalFromFhir(resource);
      if (result === null) continue;
      drop(result.id);
      results.set(result.id, result);
      byTask.add(result.taskId, result.id);
      if (result.ending === null) open.add(result.id);
      changed.push(result);
    }
    if (changed.length > 0) for (const listener of listeners) listener(changed);
  });

  return {
    get: (id) => results.get(id) ?? null,
    ofTask: (taskId) =>
      those(byTask.of(taskId)).sort((a, b) => a.identifiedAt - b.identifiedAt || (a.id < b.id ? -1 : 1)),
    open: () => those(open).sort((a, b) => criticalDue(a) - criticalDue(b) || (a.id < b.id ? -1 : 1)),
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}

type Row = Omit<WorklistRow, 'mayRead'>;

/** A row of the list with what of it has to be told to somebody. */
export function withCritical(results: Pick<CriticalBook, 'ofTask'>, row: Row): Row {
  const open = results.ofTask(row.taskId).filter((one) => one.ending === null);
  const [first] = open.sort((one, other) => criticalDue(one) - criticalDue(other));
  if (first === undefined) return row;
  const critical = { open: open.length, level: first.level, dueAt: criticalDue(first) };
  return {
    ...row,
    matters: { ...(row.matters ?? { asked: 0, oldestAskedAt: null, answered: 0, calls: 0 }), critical },
  };
}

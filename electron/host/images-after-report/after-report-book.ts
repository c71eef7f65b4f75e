import type { ImagesAfterReport } from '../../../shared/domain/images-after-report/index.ts';
import { afterReportFromFhir, afterReportToFhir } from '../../../shared/interop/fhir/index.ts';
import { SetsByKey } from '../../../shared/lib/sets-by-key.ts';
import type { RecordSync } from '../record/index.ts';
import type { MatterCodec } from '../site-desk/matters.ts';

export const afterReports: MatterCodec<ImagesAfterReport> = {
  type: 'Task',
  toFhir: afterReportToFhir,
  fromFhir: afterReportFromFhir,
};

/** Follows by what changes what the record holds of images after reports. */
export type AfterReportBook = {
  /** Oldest first. */
  ofTask(taskId: string): readonly ImagesAfterReport[];
  /** All that nobody has ended, the one that is due first before the others. */
  open(): readonly ImagesAfterReport[];
  onChange(listener: (items: readonly ImagesAfterReport[]) => void): void;
};

export function createAfterReportBook(sync: Pick<RecordSync, 'onChange'>): AfterReportBook {
  const items = new Map<string, ImagesAfterReport>();
  const byTask = new SetsByKey();
  const open = new Set<string>();
  const listeners: ((items: readonly ImagesAfterReport[]) => void)[] = [];
  const drop = (id: string): ImagesAfterReport | null => {
    const before = items.get(id) ?? null;
    if (before === null) return null;
    byTask.remove(before.taskId, id);
    items.delete(id);
    open.delete(id);
    return before;
  };
  const those = (ids: ReadonlySet<string>): ImagesAfterReport[] => [...ids].flatMap((id) => items.get(id) ?? []);

  sync.onChange(({ type, items: came, gone }) => {
    if (type !== 'Task') return;
    const changed = gone.flatMap((id) => drop(id) ?? []);
    for (const { resource } of came) {
      const item = afterReportFromFhir(resource);
      if (item === null) continue;
      drop(item.id);
      items.set(item.id, item);
      byTask.add(item.taskId, item.id);
      if (item.ending === null) open.add(item.id);
      changed.push(item);
    }
    if (changed.length > 0) for (const listener of listeners) listener(changed);
  });

  return {
    ofTask: (taskId) => those(byTask.of(taskId)).sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1)),
    open: () => those(open).sort((a, b) => a.due - b.due || (a.id < b.id ? -1 : 1)),
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}

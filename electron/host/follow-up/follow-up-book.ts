import type { FollowUp } from '../../../shared/domain/follow-up/index.ts';
import { followUpFromFhir, followUpToFhir, proposalsOfOrder } from '../../../shared/interop/fhir/index.ts';
import { SetsByKey } from '../../../shared/lib/sets-by-key.ts';
import type { RecordSync } from '../record/index.ts';
import type { MatterCodec } from '../site-desk/matters.ts';

export const followUps: MatterCodec<FollowUp> = {
  type: 'ServiceRequest',
  toFhir: followUpToFhir,
  fromFhir: followUpFromFhir,
};

/** Follows by what changes what the record holds of recommended exams, and the orders that name one. */
export type FollowUpBook = {
  get(id: string): FollowUp | null;
  /** Oldest first. */
  ofTask(taskId: string): readonly FollowUp[];
  ofSite(siteId: string): readonly FollowUp[];
  /** All of them; those of ended cases too. */
  all(): readonly FollowUp[];
  /** Those that nobody has ended. */
  open(): readonly FollowUp[];
  /** Ids of the orders that say that they fulfil it. */
  ordersFor(id: string): readonly string[];
  onChange(listener: (changed: readonly FollowUp[]) => void): void;
};

export function createFollowUpBook(sync: Pick<RecordSync, 'onChange'>): FollowUpBook {
  const kept = new Map<string, FollowUp>();
  const byTask = new SetsByKey();
  const bySite = new SetsByKey();
  const open = new Set<string>();
  const orders = new SetsByKey();
  const namedBy = new Map<string, readonly string[]>();
  const listeners: ((changed: readonly FollowUp[]) => void)[] = [];
  const drop = (id: string): FollowUp | null => {
    const before = kept.get(id) ?? null;
    if (before === null) return null;
    byTask.remove(before.taskId, id);
    if (before.siteId !== null) bySite.remove(before.siteId, id);
    kept.delete(id);
    open.delete(id);
    return before;
  };
  const forgetOrder = (id: string): void => {
    for (const one of namedBy.get(id) ?? []) orders.remove(one, id);
    namedBy.delete(id);
  };
  const those = (ids: Iterable<string>): FollowUp[] => [...ids].flatMap((id) => kept.get(id) ?? []);
  const oldestFirst = (one: FollowUp, other: FollowUp): number =>
    (one.readings[0]?.at ?? 0) - (other.readings[0]?.at ?? 0) || (one.id < other.id ? -1 : 1);

  sync.onChange(({ type, items, gone }) => {
    if (type !== 'ServiceRequest') return;
    const changed = gone.flatMap((id) => drop(id) ?? []);
    for (const id of gone) forgetOrder(id);
    for (const { resource } of items) {
      const id = resource.id ?? '';
      const named = proposalsOfOrder(resource);
      if (named.length > 0 || namedBy.has(id)) {
        forgetOrder(id);
        for (const one of named) orders.add(one, id);
        namedBy.set(id, named);
        changed.push(...those(named));
      }
      const followUp = followUpFromFhir(resource);
      if (followUp === null) continue;
      drop(followUp.id);
      kept.set(followUp.id, followUp);
      byTask.add(followUp.taskId, followUp.id);
      if (followUp.siteId !== null) bySite.add(followUp.siteId, followUp.id);
      if (followUp.ending === null) open.add(followUp.id);
      changed.push(followUp);
    }
    if (changed.length > 0) for (const listener of listeners) listener(changed);
  });

  return {
    get: (id) => kept.get(id) ?? null,
    ofTask: (taskId) => those(byTask.of(taskId)).sort(oldestFirst),
    ofSite: (siteId) => those(bySite.of(siteId)),
    all: () => [...kept.values()],
    open: () => those(open),
    ordersFor: (id) => [...orders.of(id)],
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}

import type { RowMatters } from '../../../shared/api/index.ts';
import type { Message } from '../../../shared/domain/message/index.ts';
import { messageFromFhir } from '../../../shared/interop/fhir/index.ts';
import { SetsByKey } from '../../../shared/lib/sets-by-key.ts';
import type { RecordSync } from '../record/index.ts';

/** Follows the messages of the record by what changes. */
export type MessageBook = {
  /** Oldest first. */
  ofTask(taskId: string): readonly Message[];
  ofSite(siteId: string): readonly Message[];
  has(id: string): boolean;
  /** What the list says of a case; undefined where nobody wrote. */
  summary(taskId: string): RowMatters['messages'];
  onChange(listener: (messages: readonly Message[]) => void): void;
};

export function createMessageBook(sync: RecordSync): MessageBook {
  const messages = new Map<string, Message>();
  const byTask = new SetsByKey();
  const bySite = new SetsByKey();
  const listeners: ((messages: readonly Message[]) => void)[] = [];
  const drop = (id: string): Message | null => {
    const before = messages.get(id);
    if (before === undefined) return null;
    byTask.remove(before.taskId, id);
    if (before.siteId !== null) bySite.remove(before.siteId, id);
    messages.delete(id);
    return before;
  };
  const those = (ids: ReadonlySet<string>): readonly Message[] =>
    [...ids].flatMap((id) => messages.get(id) ?? []).sort((a, b) => a.sentAt - b.sentAt || (a.id < b.id ? -1 : 1));

  sync.onChange(({ type, items, gone }) => {
    if (type !== 'Communication') return;
    const changed: Message[] = gone.flatMap((id) => drop(id) ?? []);
    for (const { resource } of items) {
      const message = messageFromFhir(resource);
      if (message === null) continue;
      drop(message.id);
      messages.set(message.id, message);
      byTask.add(message.taskId, message.id);
      if (message.siteId !== null) bySite.add(message.siteId, message.id);
      changed.push(message);
    }
    if (changed.length > 0) for (const listener of listeners) listener(changed);
  });

  return {
    has: (id) => messages.has(id),
    ofTask: (taskId) => those(byTask.of(taskId)),
    ofSite: (siteId) => those(bySite.of(siteId)),
    summary: (taskId) => {
      const ids = byTask.of(taskId);
      if (ids.size === 0) return undefined;
      const all = those(ids);
      const unseen = all.filter((one) => one.seen === null);
      return {
        count: all.length,
        seen: all.length - unseen.length,
        forReader: unseen.filter((one) => one.to === 'reader').length,
        forLead: unseen.filter((one) => one.to === 'lead').length,
      };
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}

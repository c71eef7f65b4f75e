import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { auditEventToEvent, eventToAuditEvent } from '../../../shared/interop/fhir/index.ts';
import type { Journal } from '../journal/types.ts';
import type { Ports } from '../ports.ts';
import type { RecordClient } from '../record/types.ts';

/**
 * The truth about time (DESIGN 2.5): events are journaled before anything is shown, sent to the record as AuditEvents, and read from
 * both places. An event whose id is known already is never written again, so replays and other hosts add nothing.
 */
export type EventBook = {
  write(events: readonly ReadingEvent[]): Promise<boolean>;
  /** Of one task, in order of time. */
  of(taskId: string): readonly ReadingEvent[];
  has(id: string): boolean;
  /** What a sync brought from the record. */
  fold(auditEvents: readonly unknown[]): void;
  /** Sends what the record has not taken yet; answers how many still wait. */
  flush(): Promise<number>;
  waiting(): number;
  onChange(listener: (taskIds: readonly string[]) => void): () => void;
};

type Held = { event: ReadingEvent; waiting: boolean };

export async function openEventBook(journal: Journal, record: RecordClient, ports: Ports): Promise<EventBook> {
  const byId = new Map<string, Held>();
  const byTask = new Map<string, ReadingEvent[]>();
  const listeners = new Set<(taskIds: readonly string[]) => void>();
  const hold = (event: ReadingEvent, waiting: boolean): boolean => {
    const known = byId.get(event.id);
    if (known !== undefined) {
      if (!waiting) known.waiting = false;
      if (known.event.recordedAt !== null || event.recordedAt === null) return false;
      known.event = { ...known.event, recordedAt: event.recordedAt };
    } else byId.set(event.id, { event, waiting });
    const current = byId.get(event.id)?.event ?? event;
    const others = (byTask.get(event.subject.taskId) ?? []).filter((one) => one.id !== event.id);
    byTask.set(
      event.subject.taskId,
      [...others, current].sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1)),
    );
    return true;
  };
  const tell = (taskIds: Iterable<string>): void => {
    const ids = [...new Set(taskIds)];
    if (ids.length > 0) for (const listener of listeners) listener(ids);
  };
  for (const entry of await journal.all('event')) {
    const body = entry.body as { readonly event?: ReadingEvent; readonly sent?: true };
    if (body.event !== undefined) hold(body.event, true);
    else if (body.sent === true) {
      const known = byId.get(entry.key);
      if (known !== undefined) known.waiting = false;
    }
  }
  let flushing: Promise<number> | null = null;

  const sendAll = async (): Promise<number> => {
    for (const held of byId.values()) {
      if (!held.waiting) continue;
      const resource = eventToAuditEvent(held.event);
      const there = await record.read('AuditEvent', held.event.id);
      if (!there.ok && there.error.code !== 'not-found') return count();
      if (!there.ok) {
        const put = await record.put(resource);
        if (!put.ok) {
          // A refusal is a bug of ours or a foreign rule: said once, kept in the journal, never a reason to stop the others.
          if (put.error.code !== 'refused') return count();
          ports.log.error('the record refused an event', { event: held.event.type, id: held.event.id });
          held.waiting = false;
          continue;
        }
      }
      held.waiting = false;
      await journal.append([{ kind: 'event', key: held.event.id, body: { sent: true } }]);
    }
    return count();
  };
  const count = (): number => {
    let waiting = 0;
    for (const held of byId.values()) if (held.waiting) waiting += 1;
    return waiting;
  };

  return {
    write: async (events) => {
      const fresh = events.filter((event) => !byId.has(event.id));
      if (fresh.length === 0) return true;
      const kept = await journal.append(
        fresh.map((event) => ({ kind: 'event' as const, key: event.id, body: { event } })),
      );
      if (!kept.ok) return false;
      for (const event of fresh) hold(event, true);
      tell(fresh.map((event) => event.subject.taskId));
      return true;
    },
    of: (taskId) => byTask.get(taskId) ?? [],
    has: (id) => byId.has(id),
    fold: (auditEvents) => {
      const changed: string[] = [];
      for (const resource of auditEvents) {
        const event = auditEventToEvent(resource);
        if (event.ok && hold(event.value, false)) changed.push(event.value.subject.taskId);
      }
      tell(changed);
    },
    flush: () => {
      flushing ??= sendAll().finally(() => {
        flushing = null;
      });
      return flushing;
    },
    waiting: count,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

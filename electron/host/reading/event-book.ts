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

type Held = { event: ReadingEvent };

/** Events on their way to the record at one time: one by one a busy morning would take the whole of it. */
const sentAtOnce = 6;

export async function openEventBook(journal: Journal, record: RecordClient, ports: Ports): Promise<EventBook> {
  const byId = new Map<string, Held>();
  const byTask = new Map<string, ReadingEvent[]>();
  const unsent = new Map<string, Held>();
  const listeners = new Set<(taskIds: readonly string[]) => void>();
  const hold = (event: ReadingEvent, waiting: boolean): boolean => {
    const known = byId.get(event.id);
    if (known !== undefined) {
      if (!waiting) unsent.delete(event.id);
      if (known.event.recordedAt !== null || event.recordedAt === null) return false;
      known.event = { ...known.event, recordedAt: event.recordedAt };
    } else {
      const held = { event };
      byId.set(event.id, held);
      if (waiting) unsent.set(event.id, held);
    }
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
    else if (body.sent === true) unsent.delete(entry.key);
  }
  let flushing: Promise<number> | null = null;

  /** False when the record does not answer, so that the others wait too. */
  const sendOne = async ({ event }: Held): Promise<boolean> => {
    const there = await record.read('AuditEvent', event.id);
    if (!there.ok && there.error.code !== 'not-found') return false;
    if (!there.ok) {
      const put = await record.put(eventToAuditEvent(event));
      if (!put.ok) {
        // A refusal is a bug of ours or a foreign rule: said once, kept in the journal, never a reason to stop the others.
        if (put.error.code !== 'refused') return false;
        ports.log.error('the record refused an event', { event: event.type, id: event.id });
        unsent.delete(event.id);
        return true;
      }
    }
    unsent.delete(event.id);
    // Not kept or not known: a restart asks the record once more, and finds the event there.
    await journal.append([{ kind: 'event', key: event.id, body: { sent: true } }]);
    return true;
  };
  const sendAll = async (): Promise<number> => {
    const queue = [...unsent.values()].values();
    let answers = true;
    const work = async (): Promise<void> => {
      for (const held of queue) {
        if (!answers) return;
        if (!(await sendOne(held))) answers = false;
      }
    };
    await Promise.all(Array.from({ length: sentAtOnce }, work));
    return unsent.size;
  };

  return {
    write: async (events) => {
      const fresh = events.filter((event) => !byId.has(event.id));
      if (fresh.length === 0) return true;
      const kept = await journal.append(
        fresh.map((event) => ({ kind: 'event' as const, key: event.id, body: { event } })),
      );
      const took = (): void => {
        for (const event of fresh) hold(event, true);
        tell(fresh.map((event) => event.subject.taskId));
      };
      if (!kept.ok) {
        // Who is told false writes the same events again, which adds nothing where they turn out to be kept.
        if (kept.error.code === 'not-known')
          void kept.error.settled.then((settlement) => settlement.kind === 'kept' && took());
        return false;
      }
      took();
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
    waiting: () => unsent.size,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

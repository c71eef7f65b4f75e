import type { Priority } from '../../../shared/domain/order/index.ts';
import {
  byTime,
  type KeptEvent,
  keptEvent,
  type ReadingEvent,
  replacesCopy,
} from '../../../shared/domain/turnaround/index.ts';
import { auditEventToEvent, eventToAuditEvent, taskOfAuditEvent } from '../../../shared/interop/fhir/index.ts';
import type { EventFolding, EventTable } from '../events/index.ts';
import type { Journal, StoredEntry } from '../journal/types.ts';
import type { Ports } from '../ports.ts';
import type { ChangeCursor, RecordClient, StreamedType, Versioned } from '../record/index.ts';

/**
 * The truth about time (DESIGN 2.5): events are journaled before anything is shown, sent to the record as AuditEvents, and come back from
 * there into the host's table like everybody's. Until then they are held here. An event whose id is known already is never written again,
 * so replays and other hosts add nothing.
 */
export type EventBook = {
  write(events: readonly ReadingEvent[]): Promise<boolean>;
  /** Of one task, in order of time. */
  of(taskId: string): readonly ReadingEvent[];
  /** Another number once something of this task has changed. */
  revision(taskId: string): number;
  has(event: Pick<ReadingEvent, 'id' | 'subject'>): boolean;
  /** How the record's events come in: page by page, into the table. */
  readonly stream: StreamedType;
  /** Sends what the record has not taken yet; answers how many still wait. */
  flush(): Promise<number>;
  waiting(): number;
  /** True while the record's events are still being read: what is told of a task may lack some. */
  filling(): boolean;
  onChange(listener: (taskIds: readonly string[]) => void): () => void;
  /** Notes how far the journal needs no reading at the next start. */
  close(): Promise<void>;
};

/** An event that has not come back from the record yet. */
type Held = { readonly event: ReadingEvent; readonly sequence: number; standing: 'waits' | 'sent' | 'refused' };

/** Events on their way to the record at one time: one by one a busy morning would take the whole of it. */
const sentAtOnce = 6;
/** The journal's entry that says up to which of its rows every event is in the record and in the table. */
const settledKey = 'events-settled';
const mostRevisions = 50_000;
/** Events that settle before that entry is written anew. */
const noteEvery = 500;

export async function openEventBook(
  journal: Journal,
  record: RecordClient,
  table: EventTable,
  ports: Ports,
  priorityOf: (orderId: string) => Priority = () => 'unknown',
): Promise<EventBook> {
  const held = new Map<string, Held>();
  const heldOfTask = new Map<string, Map<string, Held>>();
  /** Of the tasks that changed last; of all others it is the number that was given when they were forgotten. */
  const revisions = new Map<string, number>();
  let newest = 0;
  let ofOthers = 0;
  const listeners = new Set<(taskIds: readonly string[]) => void>();
  let waiting = 0;
  let lastSequence = 0;
  let settledSinceNote = 0;

  const hold = (event: ReadingEvent, sequence: number): void => {
    const one: Held = { event, sequence, standing: 'waits' };
    if (held.has(event.id)) return;
    held.set(event.id, one);
    waiting += 1;
    const ofTask = heldOfTask.get(event.subject.taskId) ?? new Map<string, Held>();
    ofTask.set(event.id, one);
    heldOfTask.set(event.subject.taskId, ofTask);
  };
  const settle = (one: Held, standing: Held['standing']): void => {
    if (one.standing === 'waits' && standing !== 'waits') waiting -= 1;
    one.standing = standing;
  };
  const letGo = (id: string): void => {
    const one = held.get(id);
    if (one === undefined) return;
    settle(one, 'sent');
    held.delete(id);
    const ofTask = heldOfTask.get(one.event.subject.taskId);
    ofTask?.delete(id);
    if (ofTask?.size === 0) heldOfTask.delete(one.event.subject.taskId);
    settledSinceNote += 1;
  };
  const tell = (taskIds: Iterable<string>): void => {
    const ids = [...new Set(taskIds)];
    newest += 1;
    if (revisions.size > mostRevisions) {
      revisions.clear();
      ofOthers = newest;
    }
    for (const id of ids) revisions.set(id, newest);
    if (ids.length > 0) for (const listener of listeners) listener(ids);
  };
  const of = (taskId: string): readonly ReadingEvent[] => {
    const told = table.of(taskId);
    const mine = heldOfTask.get(taskId);
    if (mine === undefined) return told;
    const ids = new Set(told.map((event) => event.id));
    const own = [...mine.values()].flatMap(({ event }) => (ids.has(event.id) ? [] : [event]));
    return own.length === 0 ? told : [...told, ...own].sort(byTime);
  };
  const has = (event: Pick<ReadingEvent, 'id' | 'subject'>): boolean =>
    held.has(event.id) || table.of(event.subject.taskId).some((one) => one.id === event.id);

  const settledBefore = (await journal.latest('command', settledKey))?.body as { readonly upTo?: unknown } | undefined;
  const upTo = typeof settledBefore?.upTo === 'number' ? settledBefore.upTo : 0;
  for (const entry of await journal.all('event', { afterSequence: upTo })) takeFromJournal(entry);
  // What the table has already came back before the last stop.
  for (const [taskId, own] of [...heldOfTask]) {
    const told = new Set(table.of(taskId).map((event) => event.id));
    for (const id of [...own.keys()]) if (told.has(id)) letGo(id);
  }
  settledSinceNote = 0;

  function takeFromJournal(entry: StoredEntry): void {
    lastSequence = Math.max(lastSequence, entry.sequence);
    const body = entry.body as { readonly event?: unknown; readonly sent?: true };
    if (body.sent === true) {
      const one = held.get(entry.key);
      if (one !== undefined) settle(one, 'sent');
      return;
    }
    const kept = keptEvent(body.event);
    if (kept?.kept.sound === true) hold(kept.kept.event, entry.sequence);
    else
      ports.log.warn('an event in the journal cannot be read; it stays there as it came', { sequence: entry.sequence });
  }

  const note = async (): Promise<void> => {
    let lowest = lastSequence + 1;
    for (const one of held.values()) lowest = Math.min(lowest, one.sequence);
    settledSinceNote = 0;
    // Not kept or not known: the next start reads more of the journal than it needs.
    await journal.append([{ kind: 'command', key: settledKey, body: { upTo: lowest - 1 } }]);
  };

  let flushing: Promise<number> | null = null;
  /** False when the record does not answer, so that the others wait too. */
  const sendOne = async (one: Held): Promise<boolean> => {
    const { event } = one;
    const there = await record.read('AuditEvent', event.id);
    if (!there.ok && there.error.code !== 'not-found') return false;
    if (!there.ok) {
      const put = await record.put(eventToAuditEvent(event));
      if (!put.ok) {
        // A refusal is a bug of ours or a foreign rule: said once, kept in the journal, never a reason to stop the others.
        if (put.error.code !== 'refused') return false;
        ports.log.error('the record refused an event', { event: event.type, id: event.id });
        settle(one, 'refused');
        return true;
      }
    }
    settle(one, 'sent');
    // Not kept or not known: a restart asks the record once more, and finds the event there.
    await journal.append([{ kind: 'event', key: event.id, body: { sent: true } }]);
    return true;
  };
  const sendAll = async (): Promise<number> => {
    const queue = [...held.values()].filter((one) => one.standing === 'waits').values();
    let answers = true;
    const work = async (): Promise<void> => {
      for (const one of queue) {
        if (!answers) return;
        if (one.standing === 'waits' && !(await sendOne(one))) answers = false;
      }
    };
    await Promise.all(Array.from({ length: sentAtOnce }, work));
    return waiting;
  };

  let folding: EventFolding = table.begin();
  /** What was seen at the last cursor: known again without a look into the table. */
  let seen: ChangeCursor | null = null;
  const seenAt = (stamp: string): readonly string[] => (seen?.lastUpdated === stamp ? seen.seen : []);
  const stream: StreamedType = {
    type: 'AuditEvent',
    cursor: () => {
      folding = table.begin();
      return folding.reached === null ? null : { lastUpdated: folding.reached, seen: seenAt(folding.reached) };
    },
    take: async (items, safe) => {
      const events = foldable(items, priorityOf, ports);
      const changed = await folding.fold(events, safe?.lastUpdated ?? null);
      if (changed === null) return false;
      const back: string[] = [];
      for (const [taskId, { kept }] of events)
        for (const one of kept) {
          const id = one.sound ? one.event.id : one.id;
          if (held.has(id)) back.push(taskId);
          letGo(id);
        }
      tell([...changed, ...back]);
      return true;
    },
    reached: (cursor) => {
      seen = cursor;
      void folding.reach(cursor?.lastUpdated ?? null);
      if (settledSinceNote >= noteEvery) void note();
    },
    lost: table.lost,
  };
  return {
    write: async (events) => {
      const fresh = events.filter((event) => !has(event));
      if (fresh.length === 0) return true;
      const kept = await journal.append(
        fresh.map((event) => ({ kind: 'event' as const, key: event.id, body: { event } })),
      );
      const took = (entries: readonly StoredEntry[]): void => {
        for (const entry of entries) takeFromJournal(entry);
        tell(fresh.map((event) => event.subject.taskId));
      };
      if (!kept.ok) {
        // Who is told false writes the same events again, which adds nothing where they turn out to be kept.
        if (kept.error.code === 'not-known')
          void kept.error.settled.then((settlement) => settlement.kind === 'kept' && took(settlement.entries));
        return false;
      }
      took(kept.value);
      return true;
    },
    of,
    revision: (taskId) => revisions.get(taskId) ?? ofOthers,
    has,
    stream,
    flush: () => {
      flushing ??= sendAll().finally(() => {
        flushing = null;
      });
      return flushing;
    },
    waiting: () => waiting,
    filling: table.filling,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      if (settledSinceNote > 0) await note();
    },
  };
}

/** A page of AuditEvents by task. Those of other programs are none of ours; ours that this program cannot read are kept as they came. */
function foldable(
  items: readonly Versioned[],
  priorityOf: (orderId: string) => Priority,
  ports: Ports,
): Parameters<EventFolding['fold']>[0] {
  const priorities = new Map<string, Priority>();
  const byTask = new Map<string, Map<string, KeptEvent>>();
  for (const { resource } of items) {
    const event = auditEventToEvent(resource);
    if (!event.ok && event.error.code === 'not-an-event') continue;
    const id = resource.id ?? '';
    const taskId = event.ok ? event.value.subject.taskId : taskOfAuditEvent(resource);
    if (!event.ok)
      ports.log.warn('an event in the record cannot be read; it is kept as it came', { id, why: event.error.code });
    if (taskId === null || id === '') continue;
    const kept: KeptEvent = event.ok
      ? { sound: true, event: event.value }
      : { sound: false, id, json: JSON.stringify(resource) };
    const ofTask = byTask.get(taskId) ?? new Map<string, KeptEvent>();
    if (replacesCopy(ofTask.get(id), kept)) ofTask.set(id, kept);
    byTask.set(taskId, ofTask);
    const orderId = event.ok ? event.value.subject.orderId : null;
    if (orderId !== null && !priorities.has(taskId)) priorities.set(taskId, priorityOf(orderId));
  }
  return new Map(
    [...byTask].map(([taskId, events]) => [
      taskId,
      { kept: [...events.values()], priority: priorities.get(taskId) ?? 'unknown' },
    ]),
  );
}

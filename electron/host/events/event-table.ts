import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Priority } from '../../../shared/domain/order/index.ts';
import {
  byTime,
  type DayFigures,
  type KeptEvent,
  packEvents,
  type ReadingEvent,
  soundEvent,
} from '../../../shared/domain/turnaround/index.ts';
import { auditEventToEvent } from '../../../shared/interop/fhir/index.ts';
import { fromFhirInstant, type Instant } from '../../../shared/lib/instant.ts';
import type { Result } from '../../../shared/lib/result.ts';
import { sealerFromKey } from '../keys/index.ts';
import type { KeyRing } from '../keys/types.ts';
import type { Ports } from '../ports.ts';
import { startThread, threadEntry } from '../threads/rpc.ts';
import {
  type EventPlace,
  eventsInPacks,
  type FoldedTask,
  type FoldFailure,
  isDamage,
  makeEventFunctions,
  type Opened,
  packsOfTask,
  taskKey,
} from './event-store.ts';

/**
 * The host's own table of what the record has of every reading (DESIGN 2.5): sealed, some 60 bytes an event, read task by task. It holds
 * nothing that the record does not, and is made anew from there when it is lost.
 */
export type EventTable = {
  /** Of one task, in order of time; events that this program cannot read are kept and not among them. */
  of(taskId: string): readonly ReadingEvent[];
  /** What these days (UTC, "2026-11-28") brought, by site, reader and urgency; null where it is not known, as long as the table is lost. */
  days(days: readonly string[]): Promise<readonly DayFigures[] | null>;
  /** Begins to fold what comes from the record. */
  begin(): EventFolding;
  /** True while what was here is lost and not all of it is back. */
  lost(): boolean;
  /** True while a history may lack entries that the record has: from a loss, or a start far behind it, until all was read again. */
  filling(): boolean;
  close(): Promise<void>;
};

/** One reading of the record. Where the table is lost meanwhile it takes nothing more: what came before would be missing for ever. */
export type EventFolding = {
  /** Stamp of the record up to which everything is here; null where it has to be read from the beginning. */
  readonly reached: string | null;
  /** Ids of tasks of which something was new; null where nothing could be written, and then all of it must come again. */
  fold(
    events: ReadonlyMap<string, { readonly kept: readonly KeptEvent[]; readonly priority: Priority }>,
    reached: string | null,
  ): Promise<readonly string[] | null>;
  /** Everything up to this stamp was folded. */
  reach(stamp: string | null): Promise<void>;
};

export type EventTableOptions = {
  /** The data folder; the table lies in `events/events.sqlite` under it. */
  readonly directory: string;
  readonly keyRing: KeyRing;
  readonly ports: Ports;
  /** Which record it is folded from. */
  readonly source: string;
  readonly inMemory?: boolean;
};

type Writer = {
  opened(): Promise<Opened>;
  fold(tasks: readonly FoldedTask[], reached: string | null): Promise<Result<readonly string[], FoldFailure>>;
  days(wanted: readonly string[]): Promise<Result<readonly DayFigures[], FoldFailure>>;
  makeAnew(): Promise<void>;
  close(): Promise<void>;
};
type Reader = { packs(task: Uint8Array): { sequence: number; body: Uint8Array }[]; close(): void };

/** Tasks whose events are held unpacked: what is on a screen or in work is asked for again and again. */
const mostUnpacked = 2_000;
/** Milliseconds behind the record at a start from which a history is said to be incomplete. */
const behindFrom = 15 * 60_000;

/** Opens the table, or makes a new one where the old one is damaged or of another record. Rejects where the disk cannot be written to. */
export async function openEventTable(options: EventTableOptions): Promise<EventTable> {
  const { ports, keyRing, source } = options;
  const place: EventPlace = {
    file: options.inMemory === true ? null : join(options.directory, 'events', 'events.sqlite'),
    key: keyRing.derive('events'),
    source,
  };
  const sealer = sealerFromKey(place.key);
  const { writer, openReader, stop } = place.file === null ? inThisThread(place) : inThread(place, place.file);
  const opened = await writer.opened();
  if (opened.madeAnew === 'damaged') tellDamage(ports);
  if (opened.madeAnew === 'other-record')
    ports.log.info('the table of events was of another record; it is made anew from this one', {});
  if (opened.madeAnew === 'other-version')
    ports.log.info('the table of events is of another version of Overread; it is made anew from the record', {});
  let reached = opened.reached;
  let reader: Reader | null = openReader();
  let lost = false;
  let filling = isFarBehind(reached, ports.now());
  /** How often the table was made anew. */
  let life = 0;
  let mending: Promise<void> | null = null;
  let closed = false;
  let toldNotWritten = false;
  const unpacked = new Map<string, readonly ReadingEvent[]>();

  const makeAnew = async (): Promise<void> => {
    tellDamage(ports);
    lost = true;
    filling = true;
    life += 1;
    reached = null;
    unpacked.clear();
    reader?.close();
    reader = null;
    try {
      await writer.makeAnew();
      if (!closed) reader = openReader();
    } catch (reason) {
      ports.log.error(
        'the table of events cannot be made anew; studies show no history until Overread is started again',
        {
          reason: reason instanceof Error ? reason.name : 'unknown',
        },
      );
    }
  };
  const mend = (): Promise<void> => {
    mending ??= makeAnew().finally(() => {
      mending = null;
    });
    return mending;
  };

  return {
    of: (taskId) => {
      const known = unpacked.get(taskId);
      if (known !== undefined) {
        // Asked for again: the last to be forgotten.
        unpacked.delete(taskId);
        unpacked.set(taskId, known);
        return known;
      }
      if (reader === null) return [];
      try {
        const { known: kept } = eventsInPacks(sealer, taskId, reader.packs(taskKey(sealer, taskId)));
        const events = [...kept.values()].flatMap(readable).sort(byTime);
        unpacked.set(taskId, events);
        for (const [oldest] of unpacked) {
          if (unpacked.size <= mostUnpacked) break;
          unpacked.delete(oldest);
        }
        return events;
      } catch (reason) {
        if (!isDamage(reason)) throw reason;
        void mend();
        return [];
      }
    },
    days: async (wanted) => {
      if (lost || mending !== null) return null;
      const found = await writer.days(wanted);
      if (found.ok) return found.value;
      await mend();
      return null;
    },
    begin: () => {
      const mine = life;
      return {
        reached,
        fold: async (events, stamp) => {
          if (mine !== life || mending !== null) return null;
          const tasks = [...events].map(([taskId, { kept, priority }]) => ({
            taskId,
            packed: packEvents(kept),
            priority,
          }));
          const folded = await writer.fold(tasks, stamp);
          if (mine !== life) return null;
          if (folded.ok) {
            toldNotWritten = false;
            if (stamp !== null) reached = stamp;
            for (const taskId of folded.value) unpacked.delete(taskId);
            return folded.value;
          }
          if (folded.error.code === 'damaged') await mend();
          else if (!toldNotWritten) {
            toldNotWritten = true;
            ports.log.error('the table of events cannot be written to; new events wait in the record', {
              why: folded.error.message,
            });
          }
          return null;
        },
        reach: async (stamp) => {
          if (mine !== life || mending !== null) return;
          if (stamp !== null && stamp !== reached) {
            const folded = await writer.fold([], stamp);
            if (mine !== life || !folded.ok) return;
            reached = stamp;
          }
          lost = false;
          filling = false;
        },
      };
    },
    lost: () => lost,
    filling: () => filling,
    close: async () => {
      if (closed) return;
      closed = true;
      await mending;
      reader?.close();
      reader = null;
      await writer.close().catch(() => undefined);
      await stop();
    },
  };
}

/** A host that was stopped for a moment lacks nothing that anybody would miss; one that has it all to read may lack years. */
function isFarBehind(reached: string | null, now: Instant): boolean {
  const at = fromFhirInstant(reached ?? '');
  return !at.ok || now - at.value > behindFrom;
}

function tellDamage(ports: Ports): void {
  ports.log.error('the table of events is damaged; it is made anew from the record, which has them all', {});
}

function inThread(place: EventPlace, file: string) {
  const thread = startThread<{
    opened(): Opened;
    fold(tasks: readonly FoldedTask[], reached: string | null): Result<readonly string[], FoldFailure>;
    days(wanted: readonly string[]): Result<readonly DayFigures[], FoldFailure>;
    makeAnew(): void;
    close(): void;
  }>(threadEntry(new URL('./event-thread.ts', import.meta.url), 'event-thread'), place);
  const openReader = (): Reader => {
    // Finding one task by its key takes less than handing the question to a thread; whatever takes longer is the thread's.
    const database = new DatabaseSync(file, { readOnly: true, timeout: 500 });
    const packs = database.prepare(packsOfTask);
    return { packs: (task) => packsFrom(packs, task), close: () => database.close() };
  };
  return { writer: thread satisfies Writer, openReader, stop: () => thread.stop() };
}

function inThisThread(place: EventPlace) {
  const made = makeEventFunctions(place);
  const writer: Writer = {
    opened: async () => made.opened(),
    fold: async (tasks, reached) => made.fold(tasks, reached),
    days: async (wanted) => made.days(wanted),
    makeAnew: async () => made.makeAnew(),
    close: async () => made.close(),
  };
  const openReader = (): Reader => ({
    packs: (task) => packsFrom(made.database().prepare(packsOfTask), task),
    close: () => undefined,
  });
  return { writer, openReader, stop: async () => undefined };
}

function packsFrom(statement: StatementSync, task: Uint8Array) {
  return statement.all(task) as { sequence: number; body: Uint8Array }[];
}

/** What was kept as it came may be read by a later program than the one that kept it. */
function readable(kept: KeptEvent): readonly ReadingEvent[] {
  if (kept.sound) return [kept.event];
  try {
    const whole: unknown = JSON.parse(kept.json);
    const told = auditEventToEvent(whole);
    const event = told.ok ? told.value : soundEvent(whole);
    return event === null ? [] : [event];
  } catch {
    return [];
  }
}

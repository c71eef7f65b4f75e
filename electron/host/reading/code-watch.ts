import type { CallOutput, WorklistRow } from '../../../shared/api/index.ts';
import { examName } from '../../../shared/domain/order/index.ts';
import type { MayRead, Reader, ReaderId } from '../../../shared/domain/reader/index.ts';
import { codeCall, codeLevel, codeLevelDue, type TaskId } from '../../../shared/domain/reading/index.ts';
import type { EventType, ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { type Instant, type Millis, minutes } from '../../../shared/lib/instant.ts';
import type { Duties } from '../duties/duties.ts';
import type { Accounts, Sessions } from '../identity/types.ts';
import { caseEvent } from '../intake/case-events.ts';
import type { Ports } from '../ports.ts';
import type { RecordClient } from '../record/types.ts';
import type { Settings } from '../settings/types.ts';
import type { CaseBook } from './case-book.ts';
import type { EventBook } from './event-book.ts';
import { startLoop } from './loop.ts';
import type { ReadingRights } from './reading-rights.ts';

type Row = Omit<WorklistRow, 'mayRead'>;
type Alert = CallOutput<'codes'>['alerts'][number];

/** Steps that are written down; by then everybody is told. */
const mostSteps = 3;

type CodeParts = {
  readonly book: Pick<CaseBook, 'facts' | 'follow' | 'row'>;
  readonly events: Pick<EventBook, 'write' | 'of'>;
  readonly accounts: Pick<Accounts, 'list'>;
  /** Readers at an unlocked screen of this host who did something there a moment ago. */
  readonly present: () => ReadonlySet<ReaderId>;
  readonly recordNow: () => Instant;
  readonly escalateAfter: Millis;
  readonly rights: Pick<ReadingRights, 'mayRead' | 'shift'>;
  /** Asked before each write: of several hosts over one record one raises and one escalates. */
  readonly duties: Pick<Duties, 'holds'>;
};

/**
 * Codes that nobody has acknowledged or taken. Raised, escalated and acknowledged are events in the record, so that hosts agree: the host
 * with the duty `page` raises, the one with `escalate` escalates, and each tells the people at its own screens.
 */
export type CodeWatch = {
  /** Looks at what changed, raises what is new and writes down whom time has brought in. */
  round(): Promise<void>;
  /** What this reader is told of now. */
  alertsFor(reader: Reader): Promise<readonly Alert[]>;
  acknowledge(reader: Reader, taskId: TaskId): Promise<boolean>;
};

export function createCodeWatch(parts: CodeParts): CodeWatch {
  const { book, events, accounts, rights, duties, recordNow } = parts;
  const takeChanges = book.follow();
  /** Code studies whose images have begun to come and that are not finished. */
  const open = new Map<string, Row>();

  const follow = (): void => {
    for (const id of takeChanges().tasks) {
      const facts = book.facts(id);
      const row = facts === null ? null : book.row(facts);
      const over = row === null || row.state === 'completed' || row.state === 'cancelled';
      if (over || row.codeStudy === undefined || row.link === 'order-without-images') open.delete(id);
      else open.set(id, row);
    }
  };
  const firstOf = (history: readonly ReadingEvent[], type: EventType): ReadingEvent | null =>
    history.find((event) => event.type === type) ?? null;
  const isTaken = (row: Row, now: Instant): boolean =>
    row.state === 'held' || (row.reader !== null && row.leaseUntil !== null && row.leaseUntil > now);

  const rightsOf = (reader: Reader, row: Row): MayRead => {
    const facts = book.facts(row.taskId);
    return facts === null ? { allowed: true } : rights.mayRead({ reader, readingFrom: null }, facts);
  };

  const callOf = async (row: Row, now: Instant) => {
    const history = events.of(row.taskId);
    const raised = firstOf(history, 'code.raised');
    const ended = firstOf(history, 'code.acknowledged') !== null || isTaken(row, now);
    const present = parts.present();
    const people = (await accounts.list())
      .filter((one) => one.role === 'radiologist' || one.role === 'lead')
      .map((one) => ({
        id: one.id,
        lead: one.role === 'lead',
        eligible: rightsOf(one, row).allowed,
        present: present.has(one.id),
        shift: rights.shift(one).kind,
      }));
    // Where no host could raise it yet, it counts from when its images were first seen here.
    const raisedAt = raised?.occurredAt ?? book.facts(row.taskId)?.seen?.firstSeen ?? now;
    const due = codeLevelDue({ raisedAt, now, escalateAfter: parts.escalateAfter });
    const escalated = history.filter((event) => event.type === 'code.escalated').length;
    const at = (level: number) => codeCall({ level, ended, people });
    return { raisedAt, ended, due, call: at(codeLevel(due, escalated)), told: at(due).told };
  };

  return {
    round: async () => {
      follow();
      const now = recordNow();
      for (const row of open.values()) {
        const facts = book.facts(row.taskId);
        if (facts === null) continue;
        const detail = `code ${row.codeStudy ?? ''}`.trim();
        // An event whose id is known is never written again: one code is raised once, and each step of it is told once.
        if (duties.holds('page')) await events.write([caseEvent(facts, 'code.raised', now, { detail })]);
        const { ended, due, told } = await callOf(row, now);
        if (ended || told.length === 0 || !duties.holds('escalate')) continue;
        const words = `not acknowledged: ${told.length} are told now`;
        // A step that was missed while no host had the duty is made up for, so that the count of steps is the level.
        const steps = Array.from({ length: Math.min(due, mostSteps) }, (_, index) => index + 1);
        await events.write(
          steps.map((step) => caseEvent(facts, 'code.escalated', now, { part: `level-${step}`, detail: words })),
        );
      }
    },
    alertsFor: async (reader) => {
      follow();
      const now = recordNow();
      const alerts: Alert[] = [];
      for (const row of open.values()) {
        const { raisedAt, call } = await callOf(row, now);
        if (!call.told.includes(reader.id)) continue;
        const rights = rightsOf(reader, row);
        alerts.push({
          taskId: row.taskId,
          condition: row.codeStudy ?? '',
          exam: examName(row.modality, row.procedure),
          site: row.site?.name ?? '',
          raisedAt,
          level: call.level,
          refusal: rights.allowed ? null : rights.reason,
        });
      }
      return alerts.sort((left, right) => left.raisedAt - right.raisedAt || (left.taskId < right.taskId ? -1 : 1));
    },
    acknowledge: async (reader, taskId) => {
      const facts = book.facts(taskId);
      if (facts === null) return true;
      const actor = { kind: 'person', id: reader.id, name: reader.name } as const;
      return events.write([caseEvent(facts, 'code.acknowledged', recordNow(), { actor, detail: 'heard' })]);
    },
  };
}

/** Milliseconds between two looks at codes that nobody has acknowledged. */
const lookEvery = 5_000;
/** Who did nothing for longer is away, as far as codes go. */
const presentWithin = minutes(3);

/** A watch that looks by itself. */
export function startCodeWatch(
  rooms: Pick<CodeParts, 'book' | 'events' | 'accounts' | 'rights' | 'duties'> & {
    readonly sessions: Pick<Sessions, 'present'>;
    readonly record: Pick<RecordClient, 'recordNow'>;
    readonly settings: Pick<Settings, 'codeEscalationMinutes'>;
    readonly ports: Ports;
  },
): CodeWatch & { nudge(): void; stop(): Promise<void> } {
  const watch = createCodeWatch({
    ...rooms,
    present: () => rooms.sessions.present(presentWithin),
    recordNow: rooms.record.recordNow,
    escalateAfter: minutes(rooms.settings.codeEscalationMinutes),
  });
  const loop = startLoop('codes', () => lookEvery, watch.round, rooms.ports);
  return { ...watch, nudge: loop.nudge, stop: () => loop.stop() };
}

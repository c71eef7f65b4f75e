import type { Failure } from '../../../shared/api/index.ts';
import { type MayRead, type Reader, type ReaderId, shiftWords } from '../../../shared/domain/reader/index.ts';
import {
  activeReading,
  claimStanding,
  type HoldReason,
  holdWords,
  type MoveTogether,
  type Pace,
  type PassReason,
  type PastRead,
  paceFor,
  type ReadingTask,
  reasonIsEnough,
  stillToRead,
  type TaskId,
  type TaskMove,
} from '../../../shared/domain/reading/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import type { EventType } from '../../../shared/domain/turnaround/index.ts';
import { type Instant, millis } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { sha256 } from '../digest.ts';
import type { Accounts } from '../identity/types.ts';
import { caseEvent } from '../intake/case-events.ts';
import { failure } from '../routes/mount.ts';
import type { CaseBook, CaseFacts } from './case-book.ts';
import type { Claims } from './claims.ts';
import type { EventBook } from './event-book.ts';
import type { ExamMoves } from './exam-moves.ts';
import { nameOfExam } from './link-index.ts';
import type { LinkedDesk } from './linked-desk.ts';
import { claimNext, type NextStudy } from './next-study.ts';
import type { ReadingRights } from './reading-rights.ts';
import type { WorklistChanges } from './worklist-changes.ts';

type DeskParts = {
  readonly accounts: Pick<Accounts, 'find' | 'list'>;
  readonly book: Pick<CaseBook, 'facts'>;
  readonly changes: Pick<WorklistChanges, 'since'>;
  readonly claims: Claims;
  readonly events: Pick<EventBook, 'write' | 'of'>;
  readonly rights: Pick<ReadingRights, 'mayRead' | 'judge' | 'subspecialties' | 'shift'>;
  readonly recordNow: () => Instant;
  readonly linked: Pick<LinkedDesk, 'claim' | 'partners'>;
  readonly moves: Pick<ExamMoves, 'make'>;
};
type Done = Promise<Result<Record<never, never>, Failure>>;
type Colleague = {
  readonly id: ReaderId;
  readonly name: string;
  readonly refusal: string | null;
  readonly shift: string;
};

const atWorkFirst = { on: 0, unsaid: 1, off: 2 } as const;

/** What readers arrange among themselves about a study. Every move is one write of the Task, then its event for the clock. */
export type ReadingDesk = {
  next(reader: Reader, justRead: readonly TaskId[]): Promise<Result<NextStudy, Failure>>;
  pass(reader: Reader, taskId: TaskId, asked: { fencingToken: number | null; reason: PassReason; words: string }): Done;
  hold(reader: Reader, taskId: TaskId, asked: { fencingToken: number; reason: HoldReason; words: string }): Done;
  /** Notes that another case came before this one, or that it is back; only by who holds it. */
  suspend(reader: Reader, taskId: TaskId, asked: { fencingToken: number; suspended: boolean }): Done;
  pace(reader: Reader, taskId: TaskId): Promise<Result<Pace, Failure>>;
  resume(reader: Reader, taskId: TaskId): Done;
  reassign(reader: Reader, taskId: TaskId, asked: { fencingToken: number | null; to: ReaderId; words: string }): Done;
  colleagues(reader: Reader, taskId: TaskId): Promise<Result<{ readonly colleagues: readonly Colleague[] }, Failure>>;
  askLook(
    reader: Reader,
    taskId: TaskId,
    asked: { fencingToken: number; lookId: string; to: ReaderId; question: string },
  ): Done;
  answerLook(reader: Reader, taskId: TaskId, asked: { lookId: string; words: string }): Done;
};

/** Of her own reads: more of them change no median that matters. */
const mostReads = 500;

/** An event of a move: its type, what is said of it, and what makes it this one. */
type Told = { readonly type: EventType; readonly detail: string; readonly part: readonly (string | number)[] };

const notWritten = failure(
  'not-saved',
  'It is done, but this computer could not write it into the study\u2019s history.',
);
const needsWords = failure('bad-request', '\u201cOther reason\u201d says nothing by itself. Say it in a few words.');

/** "Wrong subspecialty: paediatric neuro": the typed reason, then what was added to it. */
function reasonText(typed: string, words: string): string {
  return words.trim() === '' ? typed.toLowerCase() : `${typed.toLowerCase()}: ${words.trim()}`;
}

export function createReadingDesk(parts: DeskParts): ReadingDesk {
  const { accounts, book, changes, claims, events, rights, recordNow } = parts;
  /** Where a colleague sits is not known until she signs in, and no matter of who may open a study. */
  const rightsOf = (reader: Reader, taskId: TaskId): MayRead => {
    const facts = book.facts(taskId);
    return facts === null ? { allowed: true } : rights.mayRead({ reader, readingFrom: null }, facts);
  };

  const tell = async (
    reader: Reader,
    taskId: TaskId,
    type: EventType,
    detail: string,
    part: readonly (string | number)[],
  ): Promise<boolean> => {
    const facts = book.facts(taskId);
    if (facts === null) return true;
    const actor = { kind: 'person', id: reader.id, name: reader.name } as const;
    return events.write([caseEvent(facts, type, recordNow(), { actor, part: part.join('|'), detail })]);
  };

  /** The move, then its event; a move that was made stays made where its event could not be kept, and that is said. */
  const moved = async (reader: Reader, taskId: TaskId, move: TaskMove, event: (task: ReadingTask) => Told): Done => {
    const done = await claims.move(taskId, move);
    if (!done.ok) return done;
    const { type, detail, part } = event(done.value);
    const kept = await tell(reader, taskId, type, detail, part);
    return kept ? ok({}) : notWritten;
  };

  /** The exams of one combined claim by one press, all or none, and the event of each. */
  const movedTogether = async (reader: Reader, taskId: TaskId, token: number | null, how: MoveTogether): Done => {
    const done = await parts.moves.make(reader, taskId, token, how);
    if (!done.ok) return done;
    return done.value.kept ? ok({}) : notWritten;
  };

  /** Somebody who reads here and may read this study; else why not. */
  const colleague = async (taskId: TaskId, id: ReaderId): Promise<Result<Reader, Failure>> => {
    const found = await accounts.find(id);
    if (found === null || (found.role !== 'radiologist' && found.role !== 'lead'))
      return failure('bad-request', 'Nobody of that name reads here.');
    const verdict = rightsOf(found, taskId);
    return verdict.allowed
      ? ok(found)
      : failure('forbidden', `${found.name} may not read this study: ${verdict.reason}.`);
  };

  /** Learned from the events of her own reads of like exams. */
  const paceOf = (reader: Reader, here: CaseFacts): Pace => {
    const reads: PastRead[] = [];
    for (const row of changes.since(null).rows) {
      if (row.state !== 'completed' || reads.length >= mostReads) continue;
      const took = activeReading(events.of(row.taskId), reader.id);
      if (took !== null) reads.push({ modality: row.modality, bodyPart: row.bodyPart, took });
    }
    const { study } = here.seen ?? { study: null };
    return paceFor(reads, {
      modality: study?.modalities[0] ?? here.order?.modality ?? '',
      bodyPart: here.order?.bodyPart ?? study?.bodyPart ?? '',
    });
  };

  return {
    next: (reader, justRead) =>
      claimNext(
        {
          rows: () => changes.since(null).rows,
          mayRead: rights.judge({ reader, readingFrom: null }),
          subspecialties: rights.subspecialties(reader),
          shift: shiftWords(rights.shift(reader)),
          claims,
          recordNow,
          onClaimed: async (taskId, claim, why) => {
            await tell(reader, taskId, 'task.claimed', `next study: ${why.toLowerCase()}`, [claim.fencingToken]);
            const linked = await parts.linked.claim({ reader, readingFrom: null }, taskId, claim.fencingToken);
            const facts = book.facts(taskId);
            const pace = facts === null ? null : paceOf(reader, facts);
            const words = [
              ...(pace === null ? [] : [`It should take ${stillToRead(pace, millis(0)).words}: ${pace.words}.`]),
              ...(!linked.ok ? [linked.error.message] : linked.value.claimed.length === 0 ? [] : [linked.value.words]),
            ];
            return words.length === 0 ? null : words.join(' ');
          },
        },
        reader,
        new Set(justRead),
      ),
    pass: async (reader, taskId, { fencingToken, reason, words }) => {
      if (!reasonIsEnough(reason, words)) return needsWords;
      return movedTogether(reader, taskId, fencingToken, { kind: 'pass', reason, words });
    },
    hold: async (reader, taskId, { fencingToken, reason, words }) => {
      if (!reasonIsEnough(reason, words)) return needsWords;
      return moved(reader, taskId, { kind: 'hold', reader: reader.id, fencingToken, reason, words }, () => ({
        type: 'task.held',
        detail: reasonText(holdWords[reason], words),
        part: [fencingToken, recordNow()],
      }));
    },
    suspend: async (reader, taskId, { fencingToken, suspended }) => {
      const facts = book.facts(taskId);
      const standing = facts === null ? 'none' : claimStanding(facts.task, reader.id, fencingToken, recordNow());
      if (standing === 'another' || standing === 'none')
        return failure('lease-lapsed', 'You do not have this study any more. Your words are kept.');
      const type = suspended ? 'read.suspended' : 'read.resumed';
      const detail = suspended ? 'another study came before it' : 'back on screen as it was';
      return (await tell(reader, taskId, type, detail, [fencingToken, recordNow()]))
        ? ok({})
        : failure('not-saved', 'This computer could not write it into the study\u2019s history.');
    },
    pace: async (reader, taskId) => {
      const here = book.facts(taskId);
      return here === null ? failure('not-found', 'That study is not on the list any more.') : ok(paceOf(reader, here));
    },
    resume: async (reader, taskId) => {
      const facts = book.facts(taskId);
      const claim = facts?.task.claim ?? null;
      const theirs = claim !== null && claim.reader !== reader.id && recordNow() < claim.leaseUntil;
      if (theirs && reader.role !== 'lead')
        return failure('held-by-another', `${claim.readerName} holds this study. A lead can take it back.`, {
          heldBy: { name: claim.readerName, leaseUntil: claim.leaseUntil },
        });
      return moved(reader, taskId, { kind: 'resume' }, (task) => ({
        type: 'task.resumed',
        detail: task.state === 'queued' ? 'back to the list' : 'back to the reader who held it',
        part: [task.lastFencingToken, recordNow()],
      }));
    },
    reassign: async (reader, taskId, { fencingToken, to, words }) => {
      if (fencingToken === null && reader.role !== 'lead')
        return failure('forbidden', 'Only a lead gives away what she has not claimed herself.');
      const found = await colleague(taskId, to);
      if (!found.ok) return found;
      const here = book.facts(taskId);
      for (const { facts } of here === null ? [] : parts.linked.partners(here)) {
        const also = await colleague(facts.task.id, to);
        if (!also.ok) return failure(also.error.code, `${nameOfExam(facts)} goes with it. ${also.error.message}`);
      }
      const { id, name } = found.value;
      return movedTogether(reader, taskId, fencingToken, { kind: 'reassign', reader: id, readerName: name, words });
    },
    colleagues: async (reader, taskId) => {
      const others = (await accounts.list())
        .filter((one) => one.id !== reader.id && (one.role === 'radiologist' || one.role === 'lead'))
        .map((one) => ({ one, standing: rights.shift(one) }))
        .sort((left, right) => atWorkFirst[left.standing.kind] - atWorkFirst[right.standing.kind]);
      return ok({
        colleagues: others.map(({ one, standing }) => {
          const verdict = rightsOf(one, taskId);
          const refusal = verdict.allowed ? null : verdict.reason;
          return { id: one.id, name: one.name, refusal, shift: shiftWords(standing) };
        }),
      });
    },
    askLook: async (reader, taskId, { fencingToken, lookId, to, question }) => {
      const found = await colleague(taskId, to);
      if (!found.ok) return found;
      const look = { id: lookId, byName: reader.name, to, toName: found.value.name, question };
      return moved(reader, taskId, { kind: 'askLook', reader: reader.id, fencingToken, look }, () => ({
        type: 'look.asked',
        detail: `${found.value.name} was asked for a second look`,
        part: [deriveId('look', [lookId], sha256)],
      }));
    },
    answerLook: (reader, taskId, { lookId, words }) =>
      moved(reader, taskId, { kind: 'answerLook', reader: reader.id, lookId, words }, () => ({
        type: 'look.answered',
        detail: `${reader.name} answered`,
        part: [deriveId('look', [lookId], sha256)],
      })),
  };
}

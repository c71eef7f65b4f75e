import type {
  CallInput,
  CaseFollowUps,
  Failure,
  FollowUpBoard,
  FollowUpLine,
  FollowUpMoveInput,
} from '../../../shared/api/index.ts';
import {
  byUrgency,
  checkQuote,
  checkReading,
  dayInZone,
  type FollowUp,
  type FollowUpMove,
  isFollowedBy,
  readingOf,
  stepFollowUp,
} from '../../../shared/domain/follow-up/index.ts';
import type { Person } from '../../../shared/domain/question/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import { examLineOf } from '../reading/exam-line.ts';
import type { RecordClient } from '../record/types.ts';
import { failure } from '../routes/mount.ts';
import type { Matters } from '../site-desk/matters.ts';
import { type FollowUpBook, followUps } from './follow-up-book.ts';
import { dayOfExam, type FollowUpMatches } from './follow-up-matches.ts';

export type BegunFollowUp = CallInput<'startFollowUp'>;

/** Recommended exams as people confirm, see and end them. */
export type FollowUpRoom = {
  readonly book: FollowUpBook;
  start(facts: CaseFacts, by: Person, begun: BegunFollowUp): Promise<Result<FollowUp, Failure>>;
  move(taskId: string, followUpId: string, by: Person, move: FollowUpMoveInput): Promise<Result<FollowUp, Failure>>;
  /** For a lead all of them, for a reader those that she confirmed. */
  board(reader: Reader): Promise<FollowUpBoard>;
  ofCase(facts: CaseFacts): Promise<CaseFollowUps>;
  ofSite(siteId: string): Promise<FollowUpBoard>;
  /** The site's own one by its id; another site's is not there. */
  ownOf(siteId: string, followUpId: string): FollowUp | null;
};

/** More than these nobody works through in a day; what is due first is shown. */
const mostLines = 500;
/** How long one that has ended stays on the boards, in milliseconds. */
const endedFor = 14 * 86_400_000;

export function createFollowUpRoom(parts: {
  readonly results: FollowUpBook;
  readonly book: Pick<CaseBook, 'facts' | 'row'>;
  readonly matches: FollowUpMatches;
  readonly matters: Matters;
  readonly record: Pick<RecordClient, 'recordNow'>;
  /** The other exams of the case's report, where one report is over several: given to be signed, or signed. */
  readonly examsOf: (facts: CaseFacts) => Promise<readonly string[]>;
}): FollowUpRoom {
  const { results, book, matches, matters, record } = parts;
  /** Of a report over several exams what is recommended was confirmed at the one that was open, and is of all. */
  const ofReport = async (facts: CaseFacts): Promise<readonly FollowUp[]> =>
    [facts.task.id, ...(await parts.examsOf(facts))].flatMap((id) => results.ofTask(id));

  const todayAt = (facts: CaseFacts | null, now: Instant): string => dayInZone(now, facts?.order?.site?.zone ?? 'UTC');

  const lineOf = (followUp: FollowUp, now: Instant): FollowUpLine | null => {
    const facts = book.facts(followUp.taskId);
    if (facts === null) return null;
    return {
      ...examLineOf(book, facts),
      followUp,
      today: todayAt(facts, now),
      suggestions: [...matches.suggestions(followUp)],
    };
  };

  const boardOf = async (those: readonly FollowUp[]): Promise<FollowUpBoard> => {
    await matches.settle();
    const now = record.recordNow();
    const shown = those
      .filter(({ ending }) => ending === null || (ending.kind !== 'mistaken' && now - ending.recordedAt < endedFor))
      // What nobody has signed is its reader's own matter, until the report is out and does not say it.
      .filter(
        ({ basis, ending, taskId }) => basis !== null || ending !== null || book.facts(taskId)?.task.released != null,
      )
      .sort(byUrgency(dayInZone(now, 'UTC')));
    return {
      lines: shown.slice(0, mostLines).flatMap((one) => lineOf(one, now) ?? []),
      more: Math.max(0, shown.length - mostLines),
    };
  };

  const moveWith = (
    taskId: string,
    followUpId: string,
    move: (followUp: FollowUp) => Result<FollowUpMove, Failure>,
  ): Promise<Result<FollowUp, Failure>> => {
    const known = results.get(followUpId);
    if (known !== null && known.taskId !== taskId)
      return Promise.resolve(failure('not-found', 'That is no recommended exam of this case. Look at the case again.'));
    return matters.change(followUps, followUpId, (followUp, now) => {
      if (followUp.taskId !== taskId)
        return { ok: false, error: { code: 'not-now', words: 'That is no recommended exam of this case.' } };
      const made = move(followUp);
      return made.ok
        ? stepFollowUp(followUp, made.value, now)
        : { ok: false, error: { code: made.error.code, words: made.error.message } };
    });
  };

  return {
    book: results,
    start: async (facts, by, begun) => {
      const quote = checkQuote(begun.quote);
      if (!quote.ok) return failure('bad-request', quote.error.words);
      const reading = checkReading(begun.reading);
      if (!reading.ok) return failure('bad-request', reading.error.words);
      const same = (await ofReport(facts)).find(
        (one) =>
          one.id !== begun.id &&
          one.quote === quote.value &&
          readingOf(one).exam === reading.value.exam &&
          (one.ending === null || one.ending.kind === 'done' || one.ending.kind === 'closed'),
      );
      if (same !== undefined)
        return failure('not-a-legal-move', 'These words are tracked already. Correct what is known of them instead.');
      const now = record.recordNow();
      const at = instant(now - begun.ago);
      const made = await matters.create(followUps, {
        id: begun.id,
        taskId: facts.task.id,
        orderId: facts.task.orderId,
        siteId: facts.order?.site?.id ?? null,
        patientReference: facts.order?.patientReference ?? null,
        section: begun.section,
        quote: quote.value,
        origin: begun.origin,
        countedFrom: dayOfExam(facts, at),
        readings: [{ id: begun.id, by, at, recordedAt: now, reading: reading.value }],
        basis: null,
        handOvers: [],
        notThese: [],
        ending: null,
        reopened: [],
      });
      if (made.ok && made.value.taskId !== facts.task.id)
        return failure('upstream-refused', 'The record has another case’s recommended exam under that id.');
      return made;
    },
    move: async (openTask, followUpId, by, move) => {
      await matches.settle();
      const facts = book.facts(openTask);
      const known = results.get(followUpId);
      const ofOther = known !== null && known.taskId !== openTask && facts !== null;
      const taskId = ofOther && (await ofReport(facts)).includes(known) ? known.taskId : openTask;
      return moveWith(taskId, followUpId, (followUp): Result<FollowUpMove, Failure> => {
        if (move.kind !== 'done') return ok({ ...move, by });
        const exam = matches.exam(followUp, move.taskId);
        if (exam === null)
          return failure('not-found', 'That exam is not known to be of the same patient. Look at the case again.');
        const { verdict: _verdict, evidence: _evidence, ...matching } = exam;
        return ok({ id: move.id, ago: move.ago, by, kind: 'done', how: 'confirmed', exam: matching });
      });
    },
    board: async (reader) =>
      boardOf(results.all().filter((one) => reader.role === 'lead' || isFollowedBy(one, reader.id))),
    ofCase: async (facts) => {
      await matches.settle();
      const now = record.recordNow();
      return {
        lines: (await ofReport(facts)).flatMap((one) => lineOf(one, now) ?? []),
        countedFrom: dayOfExam(facts, now),
        today: todayAt(facts, now),
      };
    },
    ofSite: (siteId) => boardOf(results.ofSite(siteId).filter((one) => one.basis !== null)),
    ownOf: (siteId, followUpId) => {
      const followUp = results.get(followUpId);
      return followUp?.siteId === siteId && followUp.basis !== null ? followUp : null;
    },
  };
}

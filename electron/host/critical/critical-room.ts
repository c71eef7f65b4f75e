import type { CaseCritical, CriticalLine, CriticalMoveInput, Failure } from '../../../shared/api/index.ts';
import {
  type CriticalLevel,
  type CriticalMove,
  type CriticalOrigin,
  type CriticalResult,
  checkFinding,
  criticalLimits,
  ladderOf,
  momentAgo,
  type OnDuty,
  ownerOf,
  stepCritical,
  whoHasCritical,
} from '../../../shared/domain/critical/index.ts';
import type { Person } from '../../../shared/domain/question/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { type Millis, millis } from '../../../shared/lib/instant.ts';
import type { Result } from '../../../shared/lib/result.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import { examLineOfTask } from '../reading/exam-line.ts';
import type { SiteBook } from '../reading/site-book.ts';
import type { RecordClient } from '../record/types.ts';
import { failure } from '../routes/mount.ts';
import type { Matters } from '../site-desk/matters.ts';
import { type CriticalBook, criticals } from './critical-book.ts';

/** What is begun: `id` is the caller's own, so that a repeat - a lost answer, a killed host - is the same one. */
export type BegunCritical = {
  readonly id: string;
  readonly level: CriticalLevel;
  readonly finding: string;
  readonly origin: CriticalOrigin;
  /** Milliseconds since it was identified. */
  readonly ago?: Millis;
};

/** Critical results as people begin, see and close them. */
export type CriticalRoom = {
  readonly book: CriticalBook;
  /** Begins one on any case, whatever stops its report. */
  startCritical(facts: CaseFacts, by: Person, begun: BegunCritical): Promise<Result<CriticalResult, Failure>>;
  /** One step of one, by its id. What the physician typed on her page comes here too, with `way: 'page'`. */
  moveCritical(taskId: string, resultId: string, move: CriticalMove): Promise<Result<CriticalResult, Failure>>;
  /** The same as a page asks it: who does it is who is signed in. */
  moveAs(
    reader: Reader,
    taskId: string,
    resultId: string,
    move: CriticalMoveInput,
  ): Promise<Result<CriticalResult, Failure>>;
  /** Open ones that wait for this person; for a lead all of them. */
  board(reader: Reader): Promise<readonly CriticalLine[]>;
  ofCase(facts: CaseFacts): Promise<CaseCritical>;
};

/** More than these no list of a night has; the ones that are due first are shown. */
const mostLines = 500;

export function createCriticalRoom(parts: {
  readonly results: CriticalBook;
  readonly book: Pick<CaseBook, 'facts' | 'row'>;
  readonly matters: Matters;
  readonly events: Pick<EventBook, 'of'>;
  readonly sites: Pick<SiteBook, 'siteOf' | 'contractOf'>;
  readonly record: Pick<RecordClient, 'recordNow'>;
  readonly people: () => Promise<readonly OnDuty[]>;
}): CriticalRoom {
  const { results, book, matters, events, sites, record, people } = parts;
  const ladder = (facts: CaseFacts) =>
    ladderOf({
      orderedBy: facts.order?.orderedBy?.name ?? null,
      site: facts.order?.site ?? null,
      contacts: sites.siteOf(facts)?.contacts ?? [],
    });
  const agreed = (facts: CaseFacts) => sites.contractOf(facts, events.of(facts.task.id));

  const startCritical: CriticalRoom['startCritical'] = async (facts, by, begun) => {
    const finding = checkFinding(begun.finding);
    if (!finding.ok) return failure('bad-request', finding.error.words);
    const contract = agreed(facts);
    const { id, level, origin } = begun;
    const made = await matters.create(criticals, {
      id,
      taskId: facts.task.id,
      orderId: facts.task.orderId,
      siteId: facts.order?.site?.id ?? null,
      patientReference: facts.order?.patientReference ?? null,
      level,
      finding: finding.value,
      origin,
      identifiedBy: { id: by.id, name: by.name },
      identifiedAt: momentAgo(record.recordNow(), begun.ago ?? millis(0)),
      limit: criticalLimits(contract)[level],
      agreedBy: contract.name,
      ladder: ladder(facts),
      attempts: [],
      handOvers: [],
      ending: null,
    });
    if (made.ok && made.value.taskId !== facts.task.id)
      return failure('upstream-refused', 'The record has another case’s critical result under that id.');
    return made;
  };

  const moveCritical: CriticalRoom['moveCritical'] = async (taskId, resultId, move) => {
    // One of another case is none of this one, whatever its id.
    const known = results.get(resultId);
    if (known !== null && known.taskId !== taskId)
      return failure('not-found', 'That is no critical result of this case. Look at the case again.');
    return matters.change(criticals, resultId, (result, now) =>
      result.taskId === taskId
        ? stepCritical(result, move, now)
        : { ok: false, error: { code: 'not-now', words: 'That is no critical result of this case.' } },
    );
  };

  return {
    book: results,
    startCritical,
    moveCritical,
    moveAs: async (reader, taskId, resultId, move) => {
      const by = { id: reader.id, name: reader.name };
      if (move.kind !== 'hand-over') return moveCritical(taskId, resultId, { ...move, by });
      const to = (await people()).find((one) => one.id === move.to.id);
      if (to === undefined) return failure('bad-request', 'Nobody of the group has that account. Choose a colleague.');
      return moveCritical(taskId, resultId, { ...move, by, to: { id: to.id, name: to.name } });
    },
    board: async (reader) => {
      const those = await people();
      const now = record.recordNow();
      return results
        .open()
        .map((result) => ({ result, yours: whoHasCritical(result, those, now).has(reader.id) }))
        .filter(({ result, yours }) => yours || reader.role === 'lead' || ownerOf(result).id === reader.id)
        .slice(0, mostLines)
        .map(({ result, yours }): CriticalLine => ({ ...examLineOfTask(book, result.taskId), result, yours }));
    },
    ofCase: async (facts) => {
      const contract = agreed(facts);
      return {
        results: [...results.ofTask(facts.task.id)],
        ladder: [...ladder(facts)],
        limits: criticalLimits(contract),
        agreedBy: contract.name,
        colleagues: (await people()).map(({ id, name }) => ({ id, name })),
      };
    },
  };
}

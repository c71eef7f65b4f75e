import type { FollowUpSuggestion } from '../../../shared/api/index.ts';
import {
  type CandidateExam,
  type Day,
  dayInZone,
  type FollowUp,
  mayBeFollowUp,
} from '../../../shared/domain/follow-up/index.ts';
import { examName } from '../../../shared/domain/order/index.ts';
import { evidenceLine, type Person, type SiteNames, samePerson } from '../../../shared/domain/prior/index.ts';
import { parsePartialDate } from '../../../shared/domain/study/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { SetsByKey } from '../../../shared/lib/sets-by-key.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { PersonIndex } from '../reading/person-index.ts';
import { personOfCase } from '../reading/prior-candidates.ts';

/** Exams that may be a recommended one: of the same patient by the evidence that priors ask for, never by a number alone. */
export type FollowUpMatches = {
  /** Takes in what changed on the list, a piece at a time. */
  settle(): Promise<void>;
  suggestions(followUp: FollowUp): readonly FollowUpSuggestion[];
  /** One of them, by its task; null where that exam cannot be it. Its kind is not asked for: a person may take another than was recommended. */
  exam(followUp: FollowUp, taskId: string): FollowUpSuggestion | null;
};

const mostSuggestions = 20;
/** Cases taken in before the host's thread does something else. */
const pieceSize = 500;

const keyOf = (kind: string, value: string): string => `${kind}|${value.normalize('NFKC').trim().toUpperCase()}`;
function dayOfStudy(date: string | null | undefined): Day | null {
  const parsed = parsePartialDate(date ?? null);
  if (parsed === null || parsed === 'unreadable' || parsed.digits.length < 8) return null;
  return `${parsed.digits.slice(0, 4)}-${parsed.digits.slice(4, 6)}-${parsed.digits.slice(6, 8)}`;
}

/** The day on which an exam was made; null while it is only ordered. One whose images are older than the list looks back was made by when it was read. */
function dayOfCase({ task, order, seen }: Pick<CaseFacts, 'task' | 'order' | 'seen'>): Day | null {
  const day = dayOfStudy(seen?.study.studyDate);
  return day ?? (task.state === 'completed' ? dayInZone(task.authoredOn, order?.site?.zone ?? 'UTC') : null);
}

/** The day of an exam at its place: as its images say, else the day on which this is asked. */
export function dayOfExam({ seen, order }: Pick<CaseFacts, 'seen' | 'order'>, now: Instant): Day {
  return dayOfStudy(seen?.study.studyDate) ?? dayInZone(now, order?.site?.zone ?? 'UTC');
}

export function createFollowUpMatches(parts: {
  readonly book: Pick<CaseBook, 'facts' | 'row' | 'follow'>;
  readonly persons: PersonIndex;
  readonly names: () => SiteNames;
}): FollowUpMatches {
  const { book, persons } = parts;
  const takeChanges = book.follow();
  /** By birth date and by number, so that a recommendation is compared with a handful of cases and not with all. */
  const tasksBy = new SetsByKey();
  const keysOf = new Map<string, readonly string[]>();

  const take = (taskId: string): void => {
    for (const key of keysOf.get(taskId) ?? []) tasksBy.remove(key, taskId);
    const facts = book.facts(taskId);
    const patients = facts === null ? [] : [facts.order?.patient, facts.seen?.study.patient];
    const keys = new Set(
      patients.flatMap((one) => [
        ...(one?.birthDate == null ? [] : [keyOf('born', one.birthDate.replaceAll('-', ''))]),
        ...(one?.id == null ? [] : [keyOf('number', one.id)]),
      ]),
    );
    if (keys.size === 0) keysOf.delete(taskId);
    else keysOf.set(taskId, [...keys]);
    for (const key of keys) tasksBy.add(key, taskId);
  };

  const compared = (followUp: FollowUp, person: Person, facts: CaseFacts): FollowUpSuggestion | null => {
    // Order and images name two people: whose exam it is has to be settled before it is anybody's follow-up.
    if (facts.order !== null && facts.seen !== null && facts.identity.grade === 'stop' && facts.resolution === null)
      return null;
    if (facts.task.id === followUp.taskId || facts.task.state === 'cancelled') return null;
    const other = personOfCase({ index: persons }, facts, facts.seen?.study ?? null);
    if (other === null) return null;
    const { verdict, evidence } = samePerson(person, other, parts.names());
    if (verdict === 'not-the-same') return null;
    const row = book.row(facts);
    return {
      taskId: facts.task.id,
      orderId: facts.task.orderId,
      accession: row.accession,
      exam: examName(row.modality, row.procedure),
      day: dayOfCase(facts),
      verdict,
      evidence: evidenceLine(evidence),
    };
  };
  const personOf = (followUp: FollowUp): Person | null => {
    const facts = book.facts(followUp.taskId);
    return facts === null ? null : personOfCase({ index: persons }, facts, facts.seen?.study ?? null);
  };

  return {
    settle: async () => {
      let taken = 0;
      for (const taskId of takeChanges().tasks) {
        take(taskId);
        taken += 1;
        if (taken % pieceSize === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    },
    suggestions: (followUp) => {
      const person = followUp.ending === null ? personOf(followUp) : null;
      if (person === null) return [];
      const numbers = [person.id, ...person.otherIds.map((one) => one.value)].filter((one) => one !== null);
      const keys = [
        ...(person.birthDate === null ? [] : [keyOf('born', person.birthDate.replaceAll('-', ''))]),
        ...numbers.map((one) => keyOf('number', one)),
      ];
      const found = new Set(keys.flatMap((key) => [...tasksBy.of(key)]));
      const all = [...found].flatMap((taskId): FollowUpSuggestion[] => {
        const facts = book.facts(taskId);
        if (facts === null || !mayBeFollowUp(followUp, candidateOf(facts))) return [];
        return [compared(followUp, person, facts) ?? []].flat();
      });
      return all
        .sort(
          (one, other) =>
            (one.verdict === other.verdict ? 0 : one.verdict === 'same' ? -1 : 1) ||
            (one.day ?? '9').localeCompare(other.day ?? '9'),
        )
        .slice(0, mostSuggestions);
    },
    exam: (followUp, taskId) => {
      const facts = book.facts(taskId);
      const person = personOf(followUp);
      return facts === null || person === null ? null : compared(followUp, person, facts);
    },
  };
}

function candidateOf({ task, order, seen }: CaseFacts): CandidateExam {
  const study = seen?.study ?? null;
  return {
    taskId: task.id,
    orderId: task.orderId,
    accession: order?.accession ?? study?.accession ?? null,
    exam: [study?.description ?? '', order?.procedure.display ?? ''].join(' ').trim(),
    day: dayOfCase({ task, order, seen }),
    modalities: [...(study?.modalities ?? []), ...(order?.modality == null ? [] : [order.modality])],
    bodyPart: [study?.bodyPart ?? '', order?.bodyPart ?? ''].join(' ').trim(),
  };
}

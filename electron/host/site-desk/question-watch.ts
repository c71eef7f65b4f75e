import {
  escalatesAt,
  type Question,
  questionWords,
  standingOfQuestion,
} from '../../../shared/domain/question/index.ts';
import type { Duties } from '../duties/duties.ts';
import { caseEvent } from '../intake/case-events.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import { type Loop, startLoop } from '../reading/loop.ts';
import type { RecordClient } from '../record/types.ts';
import { openedEventOf } from './desk-events.ts';

type QuestionWatchParts = {
  readonly asked: () => readonly Question[];
  readonly book: Pick<CaseBook, 'facts'>;
  readonly events: Pick<EventBook, 'has' | 'write'>;
  readonly duties: Pick<Duties, 'holds'>;
  readonly record: Pick<RecordClient, 'recordNow'>;
};

/** Milliseconds between two looks at questions that no site has answered. */
const lookEvery = 10_000;

/**
 * Writes down, once, that a site was silent for too long: from then on the question is the lead's to see to. By the host with the duty
 * `escalate` alone; the moment follows from the question and its study's priority, so that whichever host it is writes the same event.
 */
export async function escalateQuestions({ asked, book, events, duties, record }: QuestionWatchParts): Promise<void> {
  if (!duties.holds('escalate')) return;
  const now = record.recordNow();
  const found = asked().flatMap((question) => {
    const facts = book.facts(question.taskId);
    if (facts === null) return [];
    const priority = facts.order?.priority ?? 'unknown';
    if (standingOfQuestion(question, priority, now) !== 'escalated') return [];
    const event = caseEvent(facts, 'order.query.escalated', escalatesAt(question, priority), {
      part: question.id,
      cause: openedEventOf(facts, question).id,
      detail: questionWords[question.kind].title,
      clock: { source: 'record', skew: null, confidence: 'high' },
    });
    return events.has(event) ? [] : [event];
  });
  if (found.length > 0) await events.write(found);
}

export function startQuestionWatch(parts: QuestionWatchParts & { readonly ports: Ports }): Loop {
  return startLoop(
    'questions',
    () => lookEvery,
    () => escalateQuestions(parts),
    parts.ports,
  );
}

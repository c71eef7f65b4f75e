import type { Message } from '../../../shared/domain/message/index.ts';
import { type CallRequest, choiceWords, type Question, questionWords } from '../../../shared/domain/question/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { caseEvent, type EventCase } from '../intake/case-events.ts';
import type { Matter } from './desk-book.ts';

/**
 * The events of a matter, derived from the record alone: whichever host sees it writes the same ones, so that none is lost with the
 * host that was asked. Withdrawing ends the wait as an answer does. Words of people may name a patient and stay out.
 */
export function matterEvents(facts: EventCase, matter: Matter): readonly ReadingEvent[] {
  return matter.type === 'question' ? questionEvents(facts, matter.of) : callEvents(facts, matter.of);
}

const clock = { source: 'record', skew: null, confidence: 'high' } as const;

/** A question's first event: what follows names it as its cause. */
export function openedEventOf(facts: EventCase, question: Question): ReadingEvent {
  return caseEvent(facts, 'order.query.opened', question.askedAt, {
    actor: { kind: 'person', ...question.asker },
    part: question.id,
    detail: questionWords[question.kind].title,
    questionKind: question.kind,
    clock,
  });
}

function questionEvents(facts: EventCase, question: Question): readonly ReadingEvent[] {
  const { title } = questionWords[question.kind];
  const opened = openedEventOf(facts, question);
  const { state } = question;
  if (state.kind === 'asked') return [opened];
  const by = state.kind === 'answered' ? state.answer.by : state.by;
  return [
    opened,
    caseEvent(facts, 'order.query.answered', state.kind === 'answered' ? state.answer.at : state.at, {
      actor: { kind: 'person', ...by },
      part: question.id,
      cause: opened.id,
      detail: state.kind === 'withdrawn' ? `${title}: withdrawn` : answerDetail(question),
      clock,
    }),
  ];
}

function answerDetail({ kind, state }: Question): string {
  if (state.kind !== 'answered') return '';
  const { choice, attachment, correction } = state.answer;
  const parts = [
    choiceWords(kind, choice) || 'in words',
    ...(attachment === null ? [] : ['with a note']),
    ...(correction === null ? [] : ['order corrected']),
  ];
  return `${questionWords[kind].title}: ${parts.join(', ')}`;
}

function callEvents(facts: EventCase, call: CallRequest): readonly ReadingEvent[] {
  const asked = caseEvent(facts, 'case.message', call.at, {
    actor: { kind: 'person', ...call.from },
    part: call.id,
    detail: 'the site asks for a call',
    clock,
  });
  if (call.done === null) return [asked];
  return [
    asked,
    caseEvent(facts, 'case.message', call.done.at, {
      actor: { kind: 'person', ...call.done.by },
      part: `${call.id}-done`,
      cause: asked.id,
      detail: 'called the site back',
      clock,
    }),
  ];
}

/** That somebody wrote to somebody, and that it was seen. What was written may name a patient and stays out. */
export function messageEvents(facts: EventCase, message: Message): readonly ReadingEvent[] {
  const way = `${message.from} to ${message.to}`;
  const sent = caseEvent(facts, 'case.message', message.sentAt, {
    actor: { kind: 'person', ...message.sender },
    part: message.id,
    detail: way,
    clock,
  });
  if (message.seen === null) return [sent];
  return [
    sent,
    caseEvent(facts, 'case.message', message.seen.at, {
      actor: { kind: 'person', ...message.seen.by },
      part: `${message.id}-seen`,
      cause: sent.id,
      detail: `seen: ${way}`,
      clock,
    }),
  ];
}

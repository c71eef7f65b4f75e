import {
  type ClosingReason,
  closingWords,
  type FollowUp,
  type FollowUpEnding,
  type FollowUpReading,
  type FollowUpReminder,
  intervalWords,
  noonOf,
} from '../../../shared/domain/follow-up/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { caseEvent, type EventCase } from '../intake/case-events.ts';

const clock = { source: 'record', skew: null, confidence: 'high' } as const;

/** From lists alone: what somebody typed may name a patient and stays out. */
function readingDetail({ modalities, bodyPart, interval, condition }: FollowUpReading): string {
  return [
    [modalities.join(' or '), bodyPart ?? ''].filter((one) => one !== '').join(' '),
    interval === null ? 'no time said' : intervalWords(interval),
    condition === '' ? '' : 'on a condition',
  ]
    .filter((one) => one !== '')
    .join(', ');
}

const closing = (reason: ClosingReason): string => closingWords[reason];

function endingDetail(ending: FollowUpEnding): string {
  switch (ending.kind) {
    case 'done':
      return ending.how === 'exact-reference' ? 'an order names it' : 'confirmed by a person';
    case 'closed':
      return closing(ending.reason);
    case 'not-said':
      return `version ${ending.version} of the report says it no longer`;
    case 'withdrawn':
      return `the report was withdrawn by version ${ending.version}`;
    case 'mistaken':
      return 'confirmed by mistake';
  }
}

function confirmedEvent(facts: EventCase, followUp: FollowUp): ReadingEvent | null {
  const [first] = followUp.readings;
  if (first === undefined) return null;
  return caseEvent(facts, 'followUp.confirmed', first.at, {
    actor: { kind: 'person', ...first.by },
    part: followUp.id,
    detail: readingDetail(first.reading),
    clock,
  });
}

/**
 * The events of a recommended exam, derived from the record alone: whichever host sees it writes the same ones, so that none is lost with
 * the host that was asked.
 */
export function followUpEvents(facts: EventCase, followUp: FollowUp): readonly ReadingEvent[] {
  const confirmed = confirmedEvent(facts, followUp);
  if (confirmed === null) return [];
  const step = (
    type: 'followUp.corrected' | 'followUp.handedOn' | 'followUp.done' | 'followUp.closed' | 'followUp.reopened',
    one: Pick<FollowUpEnding, 'id' | 'at' | 'by'>,
    detail: string,
  ): ReadingEvent =>
    caseEvent(facts, type, one.at, {
      actor: { kind: 'person', ...one.by },
      part: `${followUp.id}|${one.id}`,
      cause: confirmed.id,
      detail,
      clock,
    });
  const ended = (ending: FollowUpEnding): ReadingEvent =>
    step(ending.kind === 'done' ? 'followUp.done' : 'followUp.closed', ending, endingDetail(ending));
  return [
    confirmed,
    ...followUp.readings.slice(1).map((one) => step('followUp.corrected', one, readingDetail(one.reading))),
    ...followUp.handOvers.map((one) => step('followUp.handedOn', one, 'to a named person or role')),
    ...followUp.reopened.flatMap((one) => [ended(one.ending), step('followUp.reopened', one, 'open again')]),
    ...(followUp.ending === null ? [] : [ended(followUp.ending)]),
  ];
}

/** That its day has come. Derived from its time alone: the same on every host, however late it looks. */
export function reminderEvent(facts: EventCase, followUp: FollowUp, reminder: FollowUpReminder): ReadingEvent {
  const cause = confirmedEvent(facts, followUp)?.id ?? null;
  const due = reminder.part.split('|')[1] ?? '';
  return caseEvent(
    facts,
    reminder.kind === 'reminded' ? 'followUp.reminded' : 'followUp.overdue',
    noonOf(reminder.day),
    {
      part: `${followUp.id}|${reminder.part}`,
      cause,
      detail: reminder.kind === 'reminded' ? `due by ${due}` : `was due by ${due}`,
      clock,
    },
  );
}

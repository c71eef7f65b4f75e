import { type Instant, instant } from '../../lib/instant.ts';
import { dateInZone } from '../../lib/zoned-time.ts';
import { type FollowUp, readingOf, windowOfFollowUp } from './follow-up.ts';
import { addDays, type Day, daysFromTo, type Window } from './interval.ts';

/**
 * How one stands. `not-signed`: no signed version says it · `no-time`, `conditional`: tracked without a last day · `waiting`: before its
 * reminder · `due-soon`: from the reminder to its last day · `overdue`: the day after it.
 */
export const followUpStates = [
  'not-signed',
  'no-time',
  'conditional',
  'waiting',
  'due-soon',
  'overdue',
  'done',
  'closed',
] as const;
export type FollowUpState = (typeof followUpStates)[number];

export const stateWords: Readonly<Record<FollowUpState, string>> = {
  'not-signed': 'not signed',
  'no-time': 'no time said',
  conditional: 'on a condition',
  waiting: 'open',
  'due-soon': 'due soon',
  overdue: 'overdue',
  done: 'done',
  closed: 'closed',
};

export type FollowUpStanding = {
  readonly state: FollowUpState;
  readonly window: Window | null;
  /** The day from which the site is reminded; null where there is no last day to be reminded of. */
  readonly remindFrom: Day | null;
  /** Days until its last day; below 0 when it is late; null without one. */
  readonly daysLeft: number | null;
};

/** A day at a place: "2026-11-30". */
export function dayInZone(at: Instant, zone: string): Day {
  const digits = dateInZone(at, zone);
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
}

const mostLead = 30;

/** A sixth of the time before the last day, one day at least and thirty at most: time to book, and not so early that it is forgotten again. */
export function remindFromOf(countedFrom: Day, { latest }: Window): Day {
  const whole = daysFromTo(countedFrom, latest);
  return addDays(latest, -Math.max(1, Math.min(mostLead, Math.round(whole / 6))));
}

export function standingOfFollowUp(followUp: FollowUp, today: Day): FollowUpStanding {
  const window = windowOfFollowUp(followUp);
  const { condition } = readingOf(followUp);
  const { ending, basis } = followUp;
  const timed = window !== null && condition === '';
  const remindFrom = timed ? remindFromOf(followUp.countedFrom, window) : null;
  const daysLeft = timed ? daysFromTo(today, window.latest) : null;
  const at = (state: FollowUpState): FollowUpStanding => ({ state, window, remindFrom, daysLeft });
  if (ending !== null) return at(ending.kind === 'done' ? 'done' : 'closed');
  if (basis === null) return at('not-signed');
  if (condition !== '') return at('conditional');
  if (remindFrom === null || daysLeft === null) return at('no-time');
  if (daysLeft < 0) return at('overdue');
  return at(today >= remindFrom ? 'due-soon' : 'waiting');
}

/** Steps that time takes by itself, once each: `part` names them alike on every host. */
export type FollowUpReminder = { readonly kind: 'reminded' | 'overdue'; readonly day: Day; readonly part: string };

/** Those whose day has come. One for each reading: a corrected time is reminded of anew. */
export function remindersDue(followUp: FollowUp, today: Day): readonly FollowUpReminder[] {
  const { state, remindFrom, window } = standingOfFollowUp(followUp, today);
  if (remindFrom === null || window === null || (state !== 'due-soon' && state !== 'overdue')) return [];
  const part = (kind: string): string => `${kind}|${window.latest}`;
  const reminded = { kind: 'reminded', day: remindFrom, part: part('reminded') } as const;
  return state === 'overdue'
    ? [reminded, { kind: 'overdue', day: addDays(window.latest, 1), part: part('overdue') }]
    : [reminded];
}

/** Noon UTC of a day: a moment that is on that day nearly everywhere. */
export function noonOf(day: Day): Instant {
  return instant(Date.parse(`${day}T12:00:00Z`));
}

const rank: Readonly<Record<FollowUpState, number>> = {
  overdue: 0,
  'due-soon': 1,
  'not-signed': 2,
  waiting: 3,
  'no-time': 4,
  conditional: 5,
  done: 6,
  closed: 6,
};

/** What wants somebody first: overdue, due soon, open by their last day; what has ended last, the newest first. */
export function byUrgency(today: Day): (one: FollowUp, other: FollowUp) => number {
  return (one, other) => {
    const [a, b] = [standingOfFollowUp(one, today), standingOfFollowUp(other, today)];
    const ended = (other.ending?.at ?? 0) - (one.ending?.at ?? 0);
    return (
      rank[a.state] - rank[b.state] ||
      (rank[a.state] === 6 ? ended : (a.daysLeft ?? 1e9) - (b.daysLeft ?? 1e9)) ||
      (one.id < other.id ? -1 : one.id > other.id ? 1 : 0)
    );
  };
}

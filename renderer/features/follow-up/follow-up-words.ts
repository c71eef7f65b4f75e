import {
  type Day,
  endedWords,
  type FollowUp,
  type FollowUpState,
  holderOf,
  intervalWords,
  readingOf,
  standingOfFollowUp,
  stateWords,
  windowWords,
} from '../../../shared/domain/follow-up/index.ts';
import type { MarkShape } from '../../ui/index.ts';

/** "CT chest, 2027-02-28 to 2027-05-30 (in 3 to 6 months)". */
export function dueWords(followUp: FollowUp, today: Day): string {
  const { interval, condition, exam } = readingOf(followUp);
  const { window } = standingOfFollowUp(followUp, today);
  const when =
    interval === null || window === null ? 'no time said' : `${windowWords(window)} (${intervalWords(interval)})`;
  return [exam, when, condition].filter((one) => one !== '').join(', ');
}

/** "overdue by 12 days", "due soon, 5 days left", "open". */
export function standingWords(followUp: FollowUp, today: Day): string {
  const { state, daysLeft } = standingOfFollowUp(followUp, today);
  const days = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`;
  if (state === 'overdue' && daysLeft !== null) return `overdue by ${days(-daysLeft)}`;
  if (state === 'due-soon' && daysLeft !== null)
    return daysLeft === 0 ? 'due today' : `due soon, ${days(daysLeft)} left`;
  return stateWords[state];
}

/** Who holds it and since when; the orderer where nobody took it. */
export function holderWords(followUp: FollowUp): string {
  const holder = holderOf(followUp);
  if (holder === null) return 'with whoever ordered the exam';
  const who = [holder.to.name, holder.to.role, holder.to.phone].filter((one) => one !== '').join(', ');
  return `with ${who}, handed on ${new Date(holder.at).toISOString().slice(0, 10)} by ${holder.by.name}`;
}

export const markOf: Readonly<Record<FollowUpState, MarkShape>> = {
  'not-signed': 'ring',
  'no-time': 'ring',
  conditional: 'ring',
  waiting: 'ring',
  'due-soon': 'diamond',
  overdue: 'octagon',
  done: 'tick',
  closed: 'cross',
};
/** Colour repeats what mark and words say. */
export function toneOf(state: FollowUpState): string {
  return state === 'overdue'
    ? 'danger'
    : state === 'due-soon'
      ? 'signal'
      : state === 'done' || state === 'closed'
        ? 'dim'
        : '';
}

export function endWords({ ending }: FollowUp): string {
  // What a person typed may end with a point, and more is said behind it.
  return ending === null ? '' : endedWords(ending).replace(/\.$/, '');
}

import type { Priority } from './order.ts';

/**
 * FHIR R4 request-priority from most to least pressing. Unknown stands with urgent (spec/standards.md 4.3): a lost STAT must not
 * wait behind routine work, and must not take the place of a real one.
 */
const ranks: Readonly<Record<Priority, number>> = { stat: 0, asap: 1, urgent: 2, unknown: 2, routine: 3 };

/** 0 for the most pressing; equal ranks are equally pressing. */
export function priorityRank(priority: Priority): number {
  return ranks[priority];
}

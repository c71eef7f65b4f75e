import type { Instant } from '../../lib/instant.ts';
import { type Priority, priorityRank } from '../order/index.ts';
import type { TaskState } from './reading-task.ts';

/** What the order of the worklist reads of a row. */
export type Urgency = {
  readonly priority: Priority;
  readonly dueAt: Instant | null;
  readonly state: TaskState;
  readonly clockStartedAt: Instant | null;
  readonly accession: string | null;
};

/**
 * Negative when `left` comes first. What is late and what is STAT stand on top, then what is due soonest: a list in that order
 * draws the curve of the look's horizon. Work whose clock does not run yet follows by priority; finished work is last.
 * For one `now` this is a total order: rows that it calls equal have equal keys.
 */
export function compareUrgency(left: Urgency, right: Urgency, now: Instant): number {
  return (
    finished(left) - finished(right) ||
    calm(left, now) - calm(right, now) ||
    soonest(left.dueAt, right.dueAt) ||
    priorityRank(left.priority) - priorityRank(right.priority) ||
    soonest(left.clockStartedAt, right.clockStartedAt) ||
    compareText(left.accession ?? '', right.accession ?? '')
  );
}

function finished(row: Urgency): number {
  return row.state === 'completed' || row.state === 'cancelled' ? 1 : 0;
}

function calm(row: Urgency, now: Instant): number {
  if (finished(row) === 1) return 0;
  return row.priority === 'stat' || (row.dueAt !== null && row.dueAt <= now) ? 0 : 1;
}

/** Unknown comes after every known instant. */
function soonest(left: Instant | null, right: Instant | null): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  return left - right;
}

/** By code unit: the language of the machine must not change the order of the list. */
function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

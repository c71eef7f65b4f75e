import { after, type Instant, type Millis, millis } from '../../lib/instant.ts';
import type { Priority } from '../order/index.ts';
import type { Contract } from './contract.ts';
import type { ReadingEvent } from './event.ts';
import { earliest, firstOf, inOrder, type Occurrence } from './occurrences.ts';

export type Clock = {
  readonly state: 'not-started' | 'running' | 'paused' | 'stopped';
  readonly startedAt: Instant | null;
  readonly stoppedAt: Instant | null;
  /** Time that counts, pauses taken out; null before the start. Never negative. */
  readonly elapsed: Millis | null;
  readonly paused: Millis;
  readonly confidence: 'high' | 'low';
  /** "running since images.complete", "stopped by report.final; low confidence: …". */
  readonly words: string;
};

/** The contract's clock at `now`, on the record's time. The first final stops it for good: addenda and corrections do not start it again. */
export function clock(contract: Contract, events: readonly ReadingEvent[], now: Instant): Clock {
  const occurrences = inOrder(events);
  const start = firstOf(occurrences, contract.start);
  if (start === null) {
    return {
      state: 'not-started',
      startedAt: null,
      stoppedAt: null,
      elapsed: null,
      paused: millis(0),
      confidence: 'high',
      words: `not started: waits for ${contract.start.join(' or ')}`,
    };
  }
  const stop = stopOf(contract, occurrences);
  const end = stop?.at ?? now;
  const { paused, open } = pauses(contract, occurrences, start.at, end);
  const span = end - start.at;
  const doubts = doubtsAbout(start, stop, span);
  const state = stop !== null ? 'stopped' : open ? 'paused' : 'running';
  const what = stop === null ? `${state} since ${start.event.type}` : `${start.event.type} to ${stop.event.type}`;
  return {
    state,
    startedAt: start.at,
    stoppedAt: stop?.at ?? null,
    elapsed: millis(Math.max(0, span - paused)),
    paused: millis(paused),
    confidence: doubts.length === 0 ? 'high' : 'low',
    words: doubts.length === 0 ? what : `${what}; low confidence: ${doubts.join(', ')}`,
  };
}

/** Why a time is doubtful: a clock that was off, or an end before the start. */
export function doubtsAbout(start: Occurrence, stop: Occurrence | null, span: number): string[] {
  const doubts: string[] = [];
  if (!start.sure || stop?.sure === false) doubts.push('a clock was not sure');
  if (span < 0) doubts.push('the end is before the start by the clocks, counted as 0');
  return doubts;
}

function stopOf(contract: Contract, occurrences: readonly Occurrence[]): Occurrence | null {
  switch (contract.stop) {
    case 'final':
      return earliest(occurrences, ['report.final']);
    case 'accepted':
    case 'filed':
    case 'opened':
      return earliest(occurrences, [`report.${contract.stop}`]);
    case 'preliminary':
      return earliest(occurrences, ['report.prelim', 'report.final']);
  }
}

/** Time on hold between `from` and `to`; `open` when the hold has not ended by then. */
function pauses(
  contract: Contract,
  occurrences: readonly Occurrence[],
  from: Instant,
  to: Instant,
): { readonly paused: number; readonly open: boolean } {
  if (!contract.pauses.includes('hold')) return { paused: 0, open: false };
  let paused = 0;
  let heldSince: Instant | null = null;
  for (const { event, at } of occurrences) {
    if (at > to) break;
    if (event.type === 'task.held') heldSince ??= at;
    if (event.type === 'task.resumed' && heldSince !== null) {
      paused += Math.max(0, at - Math.max(heldSince, from));
      heldSince = null;
    }
  }
  if (heldSince !== null) paused += Math.max(0, to - Math.max(heldSince, from));
  return { paused, open: heldSince !== null };
}

/**
 * When the report is due: start, plus what the priority allows, plus holds that have ended, where the contract lets them count.
 * Null while no clock runs.
 */
export function dueAt(contract: Contract, priority: Priority, events: readonly ReadingEvent[]): Instant | null {
  const occurrences = inOrder(events);
  const start = firstOf(occurrences, contract.start);
  if (start === null) return null;
  const lastResumed = occurrences.findLast(({ event }) => event.type === 'task.resumed');
  const until = stopOf(contract, occurrences)?.at ?? lastResumed?.at ?? start.at;
  const { paused } = pauses(contract, occurrences, start.at, until);
  return after(start.at, millis(contract.due[priority] + paused));
}

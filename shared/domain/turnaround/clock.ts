import { after, type Instant, instant, type Millis, millis } from '../../lib/instant.ts';
import type { Channel } from '../delivery/index.ts';
import type { Priority } from '../order/index.ts';
import { type Contract, defaultContract } from './contract.ts';
import type { ReadingEvent } from './event.ts';
import { earliest, firstOf, inOrder, type Occurrence } from './occurrences.ts';
import { type Calendar, whenPassed } from './open-hours.ts';
import { type Pause, pausesOf } from './pauses.ts';
import { merged, type Span, total, without } from './spans.ts';

/** What the clock of one study runs by. */
export type Terms = {
  readonly contract: Contract;
  /** How long its priority and modality leave the reader. */
  readonly allowance: Millis;
  /** The hours that count; null round the clock. */
  readonly calendar: Calendar | null;
};

/** A contract as it applies to one exam. */
export function termsOf(
  contract: Contract,
  exam: { readonly priority: Priority; readonly modality: string },
  calendar: Calendar | null,
): Terms {
  const own = Object.hasOwn(contract.dueByModality, exam.modality) ? contract.dueByModality[exam.modality] : undefined;
  return {
    contract,
    allowance: (own ?? contract.due)[exam.priority],
    calendar: contract.calendar[exam.priority] === 'hours' ? calendar : null,
  };
}

/** The terms of a study whose site has agreed on nothing. */
export function defaultTerms(priority: Priority): Terms {
  return termsOf(defaultContract, { priority, modality: '' }, null);
}

/** When a study's contract is looked up: a contract that begins tomorrow does not rule tonight's images. */
export function contractMoment(events: readonly ReadingEvent[], now: Instant): Instant {
  const decides = ['images.complete', 'task.queued', 'exam.completed', 'order.placed'] as const;
  return firstOf(inOrder(events), decides)?.at ?? now;
}

export type Clock = {
  readonly state: 'not-started' | 'running' | 'paused' | 'stopped';
  readonly startedAt: Instant | null;
  readonly stoppedAt: Instant | null;
  /** Time that counts, pauses and closed hours taken out; null before the start. Never negative. */
  readonly elapsed: Millis | null;
  readonly paused: Millis;
  readonly confidence: 'high' | 'low';
  /** "running since images.complete", "stopped by report.final; low confidence: …". */
  readonly words: string;
};

/** The contract's clock at `now`, on the record's time. What stops it stops it for good: addenda and corrections do not start it again. */
export function clock(terms: Terms, events: readonly ReadingEvent[], now: Instant): Clock {
  const occurrences = inOrder(events);
  const { contract } = terms;
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
  const pauses = pausesOf(occurrences, contract.pauses);
  const counts = openBetween(terms, start.at, end);
  const counted = without(counts, pausedSpans(pauses, end));
  const open = pauses.some((one) => one.from <= end && (one.to === null || one.to > end));
  const doubts = doubtsAbout(start, stop, end - start.at);
  const state = stop !== null ? 'stopped' : open ? 'paused' : 'running';
  const what = stop === null ? `${state} since ${start.event.type}` : `${start.event.type} to ${stop.event.type}`;
  return {
    state,
    startedAt: start.at,
    stoppedAt: stop?.at ?? null,
    elapsed: total(counted),
    paused: millis(total(counts) - total(counted)),
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

function openBetween({ calendar }: Terms, from: Instant, to: Instant): readonly Span[] {
  return calendar === null ? merged([{ from, to }]) : calendar.between(from, to);
}

/** The union of the pauses up to `end`. */
export function pausedSpans(pauses: readonly Pause[], end: Instant): readonly Span[] {
  return merged(pauses.map(({ from, to }) => ({ from, to: to ?? end })));
}

function stopOf(contract: Contract, occurrences: readonly Occurrence[]): Occurrence | null {
  switch (contract.stop) {
    case 'final':
      return earliest(occurrences, ['report.final']);
    case 'preliminary':
      // A read on paper is what a preliminary would have been; that it was typed in afterwards makes it doubtful, and is said.
      return earliest(occurrences, ['report.prelim', 'report.final', 'downtime.read']);
    case 'accepted':
    case 'filed':
    case 'opened':
      return firstDelivered(occurrences, contract.stop, contract.by ?? null);
  }
}

/** Steps of a delivery that hold when a later one does: what was filed was accepted. */
const reached = {
  accepted: ['report.accepted', 'report.filed', 'report.opened'],
  filed: ['report.filed'],
  opened: ['report.opened'],
} as const;

/** The first delivery of a preliminary or final; an addendum's own delivery stops nothing. */
function firstDelivered(
  occurrences: readonly Occurrence[],
  step: keyof typeof reached,
  by: Channel | null,
): Occurrence | null {
  const types: readonly string[] = reached[step];
  const released = occurrences.filter(({ event }) => event.type === 'report.prelim' || event.type === 'report.final');
  const isOf = ({ event, at }: Occurrence): boolean =>
    released.some((one) => {
      const [sent, made] = [event.subject.report, one.event.subject.report];
      return sent === null || made === null ? at >= one.at : sent.id === made.id && sent.version === made.version;
    });
  return (
    occurrences.find(
      (one) => types.includes(one.event.type) && (by === null || one.event.channel === by) && isOf(one),
    ) ?? null
  );
}

/**
 * When the report is due: when what its priority allows has passed since the start, closed hours and ended pauses left out where the
 * contract leaves them out. A pause that began after it was due forgives nothing. Null while no clock runs.
 */
export function dueAt(terms: Terms, events: readonly ReadingEvent[]): Instant | null {
  const occurrences = inOrder(events);
  const start = firstOf(occurrences, terms.contract.start);
  if (start === null) return null;
  const end = stopOf(terms.contract, occurrences)?.at ?? null;
  const ended = pausesOf(occurrences, terms.contract.pauses).flatMap(({ from, to }) => {
    if (to === null || (end !== null && from >= end)) return [];
    return [{ from, to: instant(Math.min(to, end ?? to)) }];
  });
  const due = whenPassed(countedFrom(terms, start.at, merged(ended)), terms.allowance);
  // Ten years without enough open hours: then the wall's time is better than no due time.
  return due ?? after(start.at, terms.allowance);
}

function* countedFrom({ calendar }: Terms, start: Instant, pauses: readonly Span[]): Iterable<Span> {
  const forever: readonly Span[] = [{ from: start, to: instant(Number.MAX_SAFE_INTEGER) }];
  for (const span of calendar === null ? forever : calendar.from(start)) yield* without([span], pauses);
}

/** Since when the clock stands still; null while it runs, has not begun or has stopped. */
export function pausedSince(terms: Terms, events: readonly ReadingEvent[]): Instant | null {
  const occurrences = inOrder(events);
  const start = firstOf(occurrences, terms.contract.start);
  if (start === null || stopOf(terms.contract, occurrences) !== null) return null;
  const open = pausesOf(occurrences, terms.contract.pauses).filter((one) => one.to === null);
  return open.length === 0 ? null : instant(Math.max(start.at, Math.min(...open.map((one) => one.from))));
}

/** When the contract's clock began; null before. */
export function startOf({ contract }: Terms, events: readonly ReadingEvent[]): Instant | null {
  return firstOf(inOrder(events), contract.start)?.at ?? null;
}

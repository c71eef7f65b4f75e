import { toFhirInstant } from '../../lib/instant.ts';
import type { Priority } from '../order/index.ts';
import type { EventType, ReadingEvent } from './event.ts';
import { earliest, firstOf, inOrder, type Occurrence } from './occurrences.ts';

/** Intervals of spec/standards.md 3.3 that days are summed by, without any contract: pauses are for those who know the terms. */
export type SummedInterval = 'T_transfer' | 'T_queue' | 'T_lead' | 'T_sign' | 'RTAT' | 'Order-to-result';

/** How many, how long together in milliseconds, and how many in each step of time: a median cannot be told from a sum. */
export type IntervalSum = { readonly count: number; readonly sum: number; readonly steps: readonly number[] };

/** What one day brought of one site, reader and urgency. */
export type DayFigures = {
  /** UTC, of the first final report (else the preliminary one, else of the task): "2026-11-28". */
  readonly day: string;
  readonly site: string | null;
  /** Who signed it; null while nobody has. */
  readonly reader: string | null;
  readonly priority: Priority;
  readonly studies: number;
  readonly finals: number;
  readonly preliminaries: number;
  readonly breaches: number;
  readonly questions: number;
  readonly criticals: number;
  readonly intervals: Readonly<Record<SummedInterval, IntervalSum>>;
};

type Counted = 'studies' | 'finals' | 'preliminaries' | 'breaches' | 'questions' | 'criticals';
/** ECMA-262, 21.4.1.1: beyond this no date can be written. */
const farthest = 8.64e15;
/** Whole milliseconds up to thirty years: sums stay exact, so that what was added can be taken away. */
const longest = 1e12;
/** Steps of time grow by a fifth or so: the last is beyond a week. */
const stepCount = 54;
const noTime: IntervalSum = { count: 0, sum: 0, steps: [] };

/** The step in which so many milliseconds lie. */
export function stepOf(milliseconds: number): number {
  return Math.min(stepCount - 1, Math.floor(4 * Math.log2(1 + Math.max(0, milliseconds) / 60_000)));
}

/** Milliseconds at which a step begins. */
export function stepStart(step: number): number {
  return (2 ** (step / 4) - 1) * 60_000;
}

/**
 * What one study adds to its day; null while it has no task. A pure function of its events, so that what was added before can be taken away
 * again when one more arrives, in whatever order.
 */
export function figuresOfStudy(events: readonly ReadingEvent[], priority: Priority): DayFigures | null {
  const all = inOrder(events);
  const first = (...types: EventType[]): Occurrence | null => firstOf(all, types);
  const anchor = first('report.final', 'report.prelim', 'task.queued', 'order.placed');
  // A clock that is off by ages puts a study on no day.
  if (anchor === null || Math.abs(anchor.at) > farthest) return null;
  const final = first('report.final');
  const result = first('report.final', 'report.prelim');
  const count = (type: EventType): number => all.filter(({ event }) => event.type === type).length;
  const { actor } = (result ?? anchor).event;
  const span = (from: Occurrence | null, to: Occurrence | null): IntervalSum => {
    if (from === null || to === null) return noTime;
    const milliseconds = Math.round(Math.min(longest, Math.max(0, to.at - from.at)));
    return { count: 1, sum: milliseconds, steps: oneIn(stepOf(milliseconds)) };
  };
  const lastDraft = all.findLast(
    ({ event, at }) => event.type === 'report.draftSaved' && final !== null && at <= final.at,
  );
  return {
    day: toFhirInstant(anchor.at).slice(0, 10),
    site: all.findLast(({ event }) => event.site !== null)?.event.site ?? null,
    reader: result !== null && actor.kind === 'person' ? actor.id : null,
    priority,
    studies: 1,
    finals: final === null ? 0 : 1,
    preliminaries: first('report.prelim') === null ? 0 : 1,
    breaches: first('sla.breached') === null ? 0 : 1,
    questions: count('order.query.opened'),
    criticals: count('crit.identified'),
    intervals: {
      T_transfer: span(first('exam.completed'), first('images.complete')),
      T_queue: span(first('task.queued'), first('task.claimed')),
      T_lead: span(first('task.claimed'), first('read.opened')),
      T_sign: span(lastDraft ?? null, final),
      RTAT: span(first('images.complete', 'task.queued'), final),
      'Order-to-result': span(first('order.placed'), earliest(all, ['report.filed'])),
    },
  };
}

function oneIn(step: number): readonly number[] {
  const steps = Array.from({ length: step + 1 }, () => 0);
  steps[step] = 1;
  return steps;
}

/** What belongs together: one line of a day. */
export function lineOfDay(figures: Pick<DayFigures, 'site' | 'reader' | 'priority'>): string {
  return JSON.stringify([figures.site, figures.reader, figures.priority]);
}

/** Both together; with `sign` -1 the second taken away again. Both are of the same line. */
export function addFigures(one: DayFigures, other: DayFigures, sign: 1 | -1 = 1): DayFigures {
  const sum = (name: Counted): number => one[name] + sign * other[name];
  const both = (name: SummedInterval): IntervalSum => addSums(one.intervals[name], other.intervals[name], sign);
  return {
    ...one,
    studies: sum('studies'),
    finals: sum('finals'),
    preliminaries: sum('preliminaries'),
    breaches: sum('breaches'),
    questions: sum('questions'),
    criticals: sum('criticals'),
    intervals: {
      T_transfer: both('T_transfer'),
      T_queue: both('T_queue'),
      T_lead: both('T_lead'),
      T_sign: both('T_sign'),
      RTAT: both('RTAT'),
      'Order-to-result': both('Order-to-result'),
    },
  };
}

function addSums(one: IntervalSum, other: IntervalSum, sign: 1 | -1): IntervalSum {
  const length = Math.max(one.steps.length, other.steps.length);
  const steps = Array.from({ length }, (_, step) => (one.steps[step] ?? 0) + sign * (other.steps[step] ?? 0));
  while (steps.at(-1) === 0) steps.pop();
  return { count: one.count + sign * other.count, sum: one.sum + sign * other.sum, steps };
}

/** Nothing at all, of the line of `figures`. */
export function noFigures(figures: DayFigures): DayFigures {
  return addFigures(figures, figures, -1);
}

/** Days and their lines from whole histories: what roll-ups must agree with. */
export function rollUp(
  studies: Iterable<{ readonly events: readonly ReadingEvent[]; readonly priority: Priority }>,
): ReadonlyMap<string, ReadonlyMap<string, DayFigures>> {
  const days = new Map<string, Map<string, DayFigures>>();
  for (const { events, priority } of studies) {
    const figures = figuresOfStudy(events, priority);
    if (figures === null) continue;
    const day = days.get(figures.day) ?? new Map<string, DayFigures>();
    const line = lineOfDay(figures);
    day.set(line, addFigures(day.get(line) ?? noFigures(figures), figures));
    days.set(figures.day, day);
  }
  return days;
}

/** The share `of` (0.5 is the median) of an interval's times lies below so many milliseconds, to the step; null where there are none. */
export function timeBelow(interval: IntervalSum, of: number): number | null {
  if (interval.count === 0) return null;
  let before = 0;
  for (const [step, inStep] of interval.steps.entries()) {
    if (inStep > 0 && before + inStep >= of * interval.count) {
      const share = (of * interval.count - before) / inStep;
      return stepStart(step) + share * (stepStart(step + 1) - stepStart(step));
    }
    before += inStep;
  }
  return null;
}

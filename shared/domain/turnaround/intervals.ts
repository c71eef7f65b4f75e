import { type Instant, type Millis, millis } from '../../lib/instant.ts';
import { doubtsAbout } from './clock.ts';
import type { EventType, ReadingEvent } from './event.ts';
import { earliest, firstOf, inOrder, type Occurrence } from './occurrences.ts';

/** Names of spec/standards.md 3.3, for those whose events this program writes. */
export type IntervalName = 'T_transfer' | 'T_queue' | 'T_lead' | 'RTAT' | 'RTAT-prelim' | 'T_sign' | 'Order-to-result';

export type Interval = {
  readonly name: IntervalName;
  readonly start: Instant;
  /** Null while it runs. */
  readonly stop: Instant | null;
  /** Never negative; null while it runs. */
  readonly milliseconds: Millis | null;
  /** What it measures, and what is doubtful about it. */
  readonly words: string;
};

/**
 * The intervals whose start has occurred. Nothing stores a duration: each is derived anew, and the order in which events arrived
 * does not matter. The first final stops; addenda and corrections never start anything again.
 */
export function intervals(events: readonly ReadingEvent[]): Interval[] {
  const all = inOrder(events);
  const first = (...types: EventType[]) => firstOf(all, types);
  const final = first('report.final');
  const found = [
    interval(
      'T_transfer',
      first('exam.completed'),
      first('images.complete'),
      'exam completed to images complete: network and site',
    ),
    interval('T_queue', first('task.queued'), first('task.claimed'), 'queued to claimed: staffing'),
    interval('T_lead', first('task.claimed'), first('read.opened'), 'claimed to opened: claims held without reading'),
    interval('RTAT', first('images.complete', 'task.queued'), final, 'images complete to first final report'),
    interval(
      'RTAT-prelim',
      first('images.complete', 'task.queued'),
      earliest(all, ['report.prelim', 'report.final']),
      'images complete to first preliminary or final report',
    ),
    interval('T_sign', lastDraft(all, final), final, 'last draft saved to final: unsigned drafts'),
    orderToResult(all),
  ];
  return found.filter((each) => each !== null);
}

function interval(
  name: IntervalName,
  start: Occurrence | null,
  stop: Occurrence | null,
  measures: string,
): Interval | null {
  if (start === null) return null;
  const span = stop === null ? null : stop.at - start.at;
  const doubts = doubtsAbout(start, stop, span ?? 0);
  return {
    name,
    start: start.at,
    stop: stop?.at ?? null,
    milliseconds: span === null ? null : millis(Math.max(0, span)),
    words: doubts.length === 0 ? measures : `${measures}; low confidence: ${doubts.join(', ')}`,
  };
}

/** Drafts saved after the final belong to an addendum. */
function lastDraft(all: readonly Occurrence[], final: Occurrence | null): Occurrence | null {
  const drafts = all.filter(
    ({ event, at }) => event.type === 'report.draftSaved' && (final === null || at <= final.at),
  );
  return drafts.at(-1) ?? null;
}

/** Filed ends it; accepted where nothing more is known yet. Only what was delivered of the first final (else preliminary) counts. */
function orderToResult(all: readonly Occurrence[]): Interval | null {
  const result = firstOf(all, ['report.final', 'report.prelim']);
  const ofResult = (type: EventType) =>
    all.find(({ event, at }) => event.type === type && result !== null && delivers(event, at, result)) ?? null;
  const filed = ofResult('report.filed');
  const measures =
    filed === null ? 'order placed to result accepted: filing not known' : 'order placed to result filed';
  const stop = filed ?? ofResult('report.accepted');
  return interval(
    'Order-to-result',
    firstOf(all, ['order.placed']),
    stop,
    stop === null ? 'order placed to result filed' : measures,
  );
}

function delivers(event: ReadingEvent, at: Instant, result: Occurrence): boolean {
  const delivered = event.subject.report;
  const released = result.event.subject.report;
  if (delivered === null || released === null) return at >= result.at;
  return delivered.id === released.id && delivered.version === released.version;
}

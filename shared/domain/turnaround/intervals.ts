import { type Instant, type Millis, millis } from '../../lib/instant.ts';
import { clock, doubtsAbout, pausedSpans, startOf, type Terms } from './clock.ts';
import type { EventType, ReadingEvent } from './event.ts';
import { earliest, firstOf, inOrder, type Occurrence } from './occurrences.ts';
import { pausesOf } from './pauses.ts';
import { type Span, total, without } from './spans.ts';

/** Names of spec/standards.md 3.3. */
export type IntervalName =
  | 'T_transfer'
  | 'T_prior'
  | 'T_queue'
  | 'T_lead'
  | 'T_read_active'
  | 'T_sign'
  | 'RTAT'
  | 'RTAT-prelim'
  | 'CTAT'
  | 'Order-to-result'
  | 'T_crit'
  | 'T_discrepancy';

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
 * does not matter. The first final stops; addenda and corrections never start anything again. What the contract lets pause is left out,
 * save of what is about a danger to the patient: a hold of the reading stops no critical result.
 */
export function intervals(events: readonly ReadingEvent[], terms: Terms | null = null): Interval[] {
  const all = inOrder(events);
  const first = (...types: EventType[]) => firstOf(all, types);
  const final = first('report.final');
  const pauses = terms === null ? [] : pausesOf(all, terms.contract.pauses);
  const found = [
    interval(
      'T_transfer',
      first('exam.completed'),
      first('images.complete'),
      'exam completed to images complete: network and site',
    ),
    interval(
      'T_prior',
      first('priors.requested'),
      earliest(all, ['priors.ready', 'priors.none']),
      'priors asked for to here, or proved to be none: site',
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
    interval('T_sign', ...lastWords(all, final)),
    orderToResult(all),
  ];
  return [
    ...found.flatMap((one) => (one === null ? [] : [lessPauses(one, pausedSpans(pauses, one.stop ?? one.start))])),
    ...active(all),
    ...contractInterval(terms, events),
    ...pairs(
      all,
      'T_crit',
      'crit.identified',
      ['crit.closed', 'crit.delegated'],
      'critical result identified to closed',
    ),
    ...pairs(
      all,
      'T_discrepancy',
      'discrepancy.found',
      ['discrepancy.notified'],
      'discrepancy found to clinician told',
    ),
  ];
}

function lessPauses(one: Interval, paused: readonly Span[]): Interval {
  if (one.stop === null || one.stop <= one.start) return one;
  const whole = [{ from: one.start, to: one.stop }];
  const counted = total(without(whole, paused));
  const left = one.stop - one.start - counted;
  return left === 0 ? one : { ...one, milliseconds: counted, words: `${one.words}; pauses left out` };
}

/** What the contract is about; its own calendar counts (spec/standards.md 3.3, CTAT). */
function contractInterval(terms: Terms | null, events: readonly ReadingEvent[]): readonly Interval[] {
  if (terms === null) return [];
  const { start, stop, by } = terms.contract;
  const measures = `by the contract: ${start.join(' or ')} to ${stop}${by === undefined ? '' : ` by ${by}`}`;
  const startedAt = startOf(terms, events);
  if (startedAt === null) return [];
  // Asked at the start: before its stop there is no figure, whatever the time is now.
  const { stoppedAt, elapsed, words } = clock(terms, events, startedAt);
  if (stoppedAt === null) return [{ name: 'CTAT', start: startedAt, stop: null, milliseconds: null, words: measures }];
  const doubt = /; low confidence: .*$/.exec(words)?.[0] ?? '';
  return [{ name: 'CTAT', start: startedAt, stop: stoppedAt, milliseconds: elapsed, words: `${measures}${doubt}` }];
}

const opens: readonly EventType[] = ['read.opened', 'read.resumed'];
const closes: readonly EventType[] = [
  'read.suspended',
  'task.held',
  'task.released',
  'task.reassigned',
  'task.lease.lapsed',
  'task.cancelled',
];

/** Time in which the case was open to read, up to the first final (else the preliminary): pace, and what forecasts are made of. */
function active(all: readonly Occurrence[]): readonly Interval[] {
  const start = firstOf(all, ['read.opened']);
  if (start === null) return [];
  const stop = firstOf(all, ['report.final', 'report.prelim']);
  const spans: Span[] = [];
  const used = [start];
  let since: Occurrence | null = null;
  const close = (at: Instant): void => {
    if (since !== null) spans.push({ from: since.at, to: at });
    since = null;
  };
  for (const occurrence of all) {
    if (stop !== null && occurrence.at >= stop.at) break;
    const { type } = occurrence.event;
    if (opens.includes(type)) since ??= occurrence;
    else if (closes.includes(type)) close(occurrence.at);
    else continue;
    used.push(occurrence);
  }
  if (stop !== null) close(stop.at);
  const measures = 'open to read, up to the first final, else the preliminary';
  const doubts = doubtsAbout(start, stop, stop === null ? 0 : stop.at - start.at);
  if (doubts.length === 0 && used.some((one) => !one.sure)) doubts.push('a clock was not sure');
  return [
    {
      name: 'T_read_active',
      start: start.at,
      stop: stop?.at ?? null,
      milliseconds: stop === null ? null : total(spans),
      words: doubts.length === 0 ? measures : `${measures}; low confidence: ${doubts.join(', ')}`,
    },
  ];
}

/** One interval of each beginning; an end that names its beginning ends that one, one that names none ends the oldest still open. */
function pairs(
  all: readonly Occurrence[],
  name: IntervalName,
  begins: EventType,
  ends: readonly EventType[],
  measures: string,
): readonly Interval[] {
  const starts = all.filter(({ event }) => event.type === begins);
  const stops = all.filter(({ event }) => ends.includes(event.type));
  const ids = new Set(starts.map(({ event }) => event.id));
  const ofStart = new Map<string, Occurrence>();
  const nameless: Occurrence[] = [];
  for (const stop of stops) {
    const { cause } = stop.event;
    if (cause === null || !ids.has(cause)) nameless.push(stop);
    else if (!ofStart.has(cause)) ofStart.set(cause, stop);
  }
  for (const stop of nameless) {
    const open = starts.find(({ event, at }) => !ofStart.has(event.id) && at <= stop.at);
    if (open !== undefined) ofStart.set(open.event.id, stop);
  }
  return starts.flatMap((start) => interval(name, start, ofStart.get(start.event.id) ?? null, measures) ?? []);
}

/** From the last words to the final: the end of dictation where it is known, else the last draft saved before it. */
function lastWords(
  all: readonly Occurrence[],
  final: Occurrence | null,
): [start: Occurrence | null, stop: Occurrence | null, measures: string] {
  const before = all.filter(({ at }) => final === null || at <= final.at);
  const dictated = before.findLast(({ event }) => event.type === 'dictation.ended') ?? null;
  return dictated === null
    ? [lastDraft(all, final), final, 'last draft saved to final: unsigned drafts']
    : [dictated, final, 'end of dictation to final: unsigned drafts'];
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

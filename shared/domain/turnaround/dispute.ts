import { canonicalJson } from '../../lib/canonical-json.ts';
import { type Instant, instant } from '../../lib/instant.ts';
import { formatInZone } from '../../lib/zoned-time.ts';
import type { Priority } from '../order/index.ts';
import { clock, dueAt, pausedSpans, type Terms } from './clock.ts';
import { allowanceWords, contractWords, pauseWords } from './contract-words.ts';
import type { ReadingEvent } from './event.ts';
import { clockWords, eventWords } from './event-words.ts';
import { type Interval, intervals } from './intervals.ts';
import { doubtAbout, firstOf, inOrder, type Occurrence } from './occurrences.ts';
import type { OpenHours } from './open-hours.ts';
import { isAllowedPause, type Pause, pausesOf } from './pauses.ts';

/** What is known of a study when somebody asks why its clock says what it says. */
export type DisputeAsked = {
  readonly terms: Terms;
  readonly exam: { readonly priority: Priority; readonly modality: string };
  readonly hours: OpenHours | null;
  /** The site's; UTC where nobody said. */
  readonly zone: string;
  readonly events: readonly ReadingEvent[];
  readonly now: Instant;
};

/** One event as it stands on the page and in the file beside it. */
export type DisputeLine = {
  readonly number: number;
  readonly id: string;
  readonly what: string;
  /** On the site's wall clock, with its zone: "2026-11-01 01:31:07 CST". */
  readonly time: string;
  readonly utc: string;
  readonly who: string;
  readonly clock: string;
  readonly confidence: 'high' | 'low';
  /** Why the time is doubtful; empty where it is not. */
  readonly doubt: string;
  /** "begins a pause: ...", "ends the pause of event 4"; empty where it does neither. */
  readonly pause: string;
  /** Number of the event that this one answers; null where there is none. */
  readonly cause: number | null;
  readonly detail: string;
  /** SHA-256 over this event and the hash before it. */
  readonly hash: string;
};

export type Dispute = {
  readonly contract: readonly string[];
  readonly reckoning: readonly string[];
  readonly intervals: readonly Interval[];
  readonly lines: readonly DisputeLine[];
  /** The last hash: who holds it can tell whether any event was changed, taken away or slipped in. */
  readonly chain: string;
};

/** An empty chain's hash, as in the access log. */
const nothingYet = '0'.repeat(64);

/** Everything that decides about one study's clock, in words and figures that can be recomputed from the events. */
export function dispute(asked: DisputeAsked, sha256: (text: string) => string): Dispute {
  const { terms, exam, hours, zone, events } = asked;
  const all = inOrder(events);
  const pauses = pausesOf(all, ['hold', 'question']);
  const numbers = new Map(all.map(({ event }, at) => [event.id, at + 1]));
  let chain = nothingYet;
  const lines = all.map((occurrence, at) => {
    chain = sha256(canonicalJson({ previous: chain, event: vouchedFor(occurrence.event) }));
    return lineOf(occurrence, at + 1, { zone, pauses, numbers, terms, hash: chain });
  });
  return {
    contract: contractWords(terms, exam, hours, zone),
    reckoning: reckoning(asked, all, numbers),
    intervals: intervals(events, terms),
    lines,
    chain,
  };
}

/** When the record took an event is learned later and by each host for itself, so it is no part of what is vouched for. */
function vouchedFor(event: ReadingEvent): Omit<ReadingEvent, 'recordedAt'> {
  const { recordedAt: _later, ...rest } = event;
  return rest;
}

function lineOf(
  { event, at }: Occurrence,
  number: number,
  more: {
    readonly zone: string;
    readonly pauses: readonly Pause[];
    readonly numbers: ReadonlyMap<string, number>;
    readonly terms: Terms;
    readonly hash: string;
  },
): DisputeLine {
  const doubt = doubtAbout(event);
  return {
    number,
    id: event.id,
    what: eventWords[event.type],
    time: formatInZone(at, more.zone),
    utc: new Date(at).toISOString(),
    who: event.actor.name === '' && event.actor.kind === 'person' ? event.actor.id : event.actor.name,
    clock: clockWords[event.clock.source],
    confidence: doubt === null ? 'high' : 'low',
    doubt: doubt ?? '',
    pause: pauseOf(event, more),
    cause: event.cause === null ? null : (more.numbers.get(event.cause) ?? null),
    detail: [event.channel ?? '', event.detail].filter((text) => text !== '').join(': '),
    hash: more.hash,
  };
}

function pauseOf(
  event: ReadingEvent,
  more: { readonly pauses: readonly Pause[]; readonly numbers: ReadonlyMap<string, number>; readonly terms: Terms },
): string {
  const told = more.pauses.flatMap((pause) => {
    const counts = isAllowedPause(pause, more.terms.contract.pauses) ? '' : ', which this contract does not let pause';
    if (pause.began.event.id === event.id) return [`begins: ${pauseWords[pause.cause]}${counts}`];
    if (pause.ended?.event.id !== event.id) return [];
    return [`ends what event ${more.numbers.get(pause.began.event.id) ?? '?'} began`];
  });
  return told.join('; ');
}

/** How the clock was reckoned, step by step. */
function reckoning(
  { terms, events, zone, now }: DisputeAsked,
  all: readonly Occurrence[],
  numbers: ReadonlyMap<string, number>,
): readonly string[] {
  const found = clock(terms, events, now);
  const start = firstOf(all, terms.contract.start);
  if (start === null || found.elapsed === null) return ['The clock has not started.'];
  const named = (occurrence: Occurrence): string =>
    `${formatInZone(occurrence.at, zone)} (event ${numbers.get(occurrence.event.id) ?? '?'})`;
  const due = dueAt(terms, events);
  const end = found.stoppedAt ?? now;
  const counted = pausesOf(all, terms.contract.pauses).filter(
    ({ from, to }) => from < end && (to === null || to > start.at),
  );
  const byPaper = found.stoppedAt !== null && found.words.includes('to downtime.read');
  const over = found.elapsed - terms.allowance;
  const standing =
    over > 0
      ? `Late by ${spanOf(over)}.`
      : `${found.state === 'stopped' ? 'In time, with' : 'Not late;'} ${spanOf(-over)} left.`;
  return [
    `Started ${named(start)}.`,
    ...counted.map(
      ({ from, to, cause, began }) =>
        `Stood still from ${formatInZone(from, zone)} (event ${numbers.get(began.event.id) ?? '?'}) ${
          to === null ? 'and still does' : `to ${formatInZone(to, zone)}`
        }: ${pauseWords[cause]}.`,
    ),
    ...(pausedSpans(counted, end).length < counted.length ? ['Pauses that overlap count once.'] : []),
    found.stoppedAt === null
      ? `Not stopped yet; reckoned at ${formatInZone(now, zone)}.`
      : `Stopped ${formatInZone(instant(found.stoppedAt), zone)}${byPaper ? ', by a read on paper that was entered after downtime' : ''}.`,
    `Counted: ${spanOf(found.elapsed)} of ${allowanceWords(terms.allowance)}; ${spanOf(found.paused)} of pauses left out.`,
    ...(due === null ? [] : [`Due ${formatInZone(due, zone)}.`]),
    standing,
    found.confidence === 'high'
      ? 'Confidence: high. It rests on clocks known to be right to half a minute.'
      : `Confidence: low (${found.words.replace(/^.*low confidence: /, '')}).`,
  ];
}

/** To the second, because a dispute may be about one: "1 h 05 min 09 s". */
function spanOf(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (count: number): string => String(count).padStart(2, '0');
  if (hours > 0) return `${hours} h ${two(minutes)} min ${two(rest)} s`;
  return minutes > 0 ? `${minutes} min ${two(rest)} s` : `${rest} s`;
}

const columns = [
  'number',
  'time',
  'utc',
  'what',
  'who',
  'clock',
  'confidence',
  'doubt',
  'pause',
  'cause',
  'detail',
  'id',
  'hash',
] as const satisfies readonly (keyof DisputeLine)[];

/**
 * The events as CSV (RFC 4180). A field that a spreadsheet would take for a formula is defused with an apostrophe: names and details come
 * from outside, and the file is opened by people who trust us.
 */
export function disputeCsv(lines: readonly DisputeLine[]): string {
  const rows = lines.map((line) => columns.map((column) => cell(String(line[column] ?? ''))));
  return [columns.map(cell), ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

function cell(text: string): string {
  const safe = /^\s*[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

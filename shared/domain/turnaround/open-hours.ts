import { after, type Instant, instant, type Millis, millis } from '../../lib/instant.ts';
import { type WallClock, wallClock } from '../../lib/wall-clock.ts';
import { merged, type Span } from './spans.ts';

/** Days as they are written in a site's profile. */
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];

/** A span of the day on the site's own wall clock, "HH:MM" or "24:00"; one whose end is not after its start runs past midnight. */
export type OpenSpan = { readonly days: readonly Weekday[]; readonly from: string; readonly to: string };

/** When a site is open: on its wall clock, save on the days (YYYY-MM-DD) on which nothing opens. */
export type OpenHours = { readonly spans: readonly OpenSpan[]; readonly holidays: readonly string[] };

/** The hours of one site on the line of time. */
export type Calendar = {
  /** When it is open between two instants: merged. */
  between(from: Instant, to: Instant): readonly Span[];
  /** The spans from an instant on, day by day; ends after ten years, so that a site that never opens ends too. */
  from(start: Instant): Iterable<Span>;
};

const day = 86_400_000;
const longestSearch = 3_660;
/** Days whose spans are kept; a list of a hundred thousand asks for the same few weeks again and again. */
const keptDays = 2_000;

/**
 * The calendar of a site. A clock that is set back makes a day of 25 hours: who opens at a time that comes twice opens at the first,
 * and who closes at one closes at the second, because the staff are there for both.
 */
export function calendarOf(hours: OpenHours, zone: string): Calendar {
  const wall = wallClock(zone);
  const holidays = new Set(hours.holidays);
  const known = new Map<number, readonly Span[]>();
  /** What opens on that day; `date` is its midnight as if it were UTC. */
  const opensOn = (date: number): readonly Span[] => {
    const kept = known.get(date);
    if (kept !== undefined) return kept;
    const weekday = weekdays[new Date(date).getUTCDay()] as Weekday;
    const closed = holidays.has(new Date(date).toISOString().slice(0, 10));
    const spans = closed
      ? []
      : hours.spans.filter((one) => one.days.includes(weekday)).map((one) => spanOn(date, one, wall));
    if (known.size >= keptDays) known.clear();
    known.set(date, spans);
    return spans;
  };
  const dateOf = (at: Instant): number => Math.floor(wall.shown(at) / day) * day;
  const between = (from: Instant, to: Instant): readonly Span[] => {
    const found: Span[] = [];
    if (to <= from) return found;
    // Yesterday's span may run past midnight, and a day holds up to 25 hours.
    for (let date = dateOf(from) - day; date <= dateOf(to); date += day) found.push(...opensOn(date));
    return merged(found.map((one) => ({ from: later(one.from, from), to: earlier(one.to, to) })));
  };
  return {
    between,
    *from(start) {
      // A week at a time: a span that crosses into the next is cut in two there, which changes no sum.
      for (let count = 0; count < longestSearch; count += 7)
        yield* between(after(start, millis(count * day)), after(start, millis((count + 7) * day)));
    },
  };
}

function spanOn(date: number, span: OpenSpan, wall: WallClock): Span {
  const [from, to] = [minutesOf(span.from), minutesOf(span.to)];
  const end = to > from ? to : to + 24 * 60;
  return { from: wall.at(date + from * 60_000).first, to: wall.at(date + end * 60_000).last };
}

function minutesOf(time: string): number {
  const [hour, minute] = time.split(':').map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}

function later(left: Instant, right: Instant): Instant {
  return instant(Math.max(left, right));
}

function earlier(left: Instant, right: Instant): Instant {
  return instant(Math.min(left, right));
}

/** When that much time has passed of the given spans; null where they do not hold so much. */
export function whenPassed(spans: Iterable<Span>, amount: Millis): Instant | null {
  let left: number = amount;
  for (const span of spans) {
    const size = span.to - span.from;
    if (size >= left) return after(span.from, millis(left));
    left -= size;
  }
  return null;
}

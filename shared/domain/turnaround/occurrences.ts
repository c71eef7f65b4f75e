import { type Instant, instant } from '../../lib/instant.ts';
import type { EventType, ReadingEvent } from './event.ts';

/** Above this measured skew a time is shown with "low confidence" (spec/standards.md 3.3): 30 s. */
const tolerableSkew = 30_000;

/** An event at its time on the record's clock. */
export type Occurrence = { readonly event: ReadingEvent; readonly at: Instant; readonly sure: boolean };

/** True of clocks that write events as they happen, and whose skew can be measured. */
function isOurs(event: ReadingEvent): boolean {
  return event.clock.source === 'host' || event.clock.source === 'desktop';
}

/**
 * When it was true on the record's clock: a clock of ours is corrected by its measured skew, and nothing that one of ours tells was true
 * after the record had taken it. A computer that is two days ahead must not let a report be late, or early, by two days.
 */
function recordTime(event: ReadingEvent): Instant {
  const { occurredAt, recordedAt, clock } = event;
  if (!isOurs(event)) return occurredAt;
  const corrected = clock.skew === null ? occurredAt : occurredAt - clock.skew;
  return instant(recordedAt === null ? corrected : Math.min(corrected, recordedAt));
}

/** Why a time is doubtful; null where it is to be trusted to the half minute. */
export function doubtAbout(event: ReadingEvent): string | null {
  const { skew, source, confidence } = event.clock;
  if (source === 'paper') return 'typed in from paper after downtime';
  const ahead = event.recordedAt === null ? 0 : event.occurredAt - (skew ?? 0) - event.recordedAt;
  if (isOurs(event) && ahead > tolerableSkew)
    return 'that clock was ahead of the record; the record\u2019s time is taken';
  if (skew !== null && Math.abs(skew) > tolerableSkew) {
    const minutes = Math.max(1, Math.round(Math.abs(skew) / 60_000));
    return `that clock was ${minutes} min ${skew > 0 ? 'ahead' : 'behind'}, corrected`;
  }
  if (source === 'desktop' && skew === null) return 'that clock was never compared with the record\u2019s';
  return confidence === 'high' ? null : 'that clock is not ours';
}

/**
 * Events in the order in which they were true, each once: events arrive late, twice and in any order, and no figure may
 * depend on that. Equal times are ordered by id.
 */
export function inOrder(events: readonly ReadingEvent[]): readonly Occurrence[] {
  const byId = new Map<string, Occurrence>();
  for (const event of events) {
    const next: Occurrence = { event, at: recordTime(event), sure: doubtAbout(event) === null };
    const known = byId.get(event.id);
    // Two hosts may hold one event with different skews; the earlier time is as good as the later, but must be chosen alike.
    const replaces = known === undefined || next.at < known.at || (next.at === known.at && known.sure && !next.sure);
    if (replaces) byId.set(event.id, next);
  }
  return [...byId.values()].sort((left, right) => left.at - right.at || (left.event.id < right.event.id ? -1 : 1));
}

/** The first of these types that occurred at all, in the order in which the types are named. */
export function firstOf(occurrences: readonly Occurrence[], types: readonly EventType[]): Occurrence | null {
  for (const type of types) {
    const found = occurrences.find(({ event }) => event.type === type);
    if (found !== undefined) return found;
  }
  return null;
}

/** The earliest among several types. */
export function earliest(occurrences: readonly Occurrence[], types: readonly EventType[]): Occurrence | null {
  return occurrences.find(({ event }) => types.includes(event.type)) ?? null;
}

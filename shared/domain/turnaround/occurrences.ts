import { type Instant, instant } from '../../lib/instant.ts';
import type { EventType, ReadingEvent } from './event.ts';

/** Above this measured skew a time is shown with "low confidence" (spec/standards.md 3.3): 30 s. */
const tolerableSkew = 30_000;

/** An event at its time on the record's clock. */
export type Occurrence = { readonly event: ReadingEvent; readonly at: Instant; readonly sure: boolean };

/** When it was true on the record's clock: a host's own clock is corrected by its measured skew (host minus record). */
function recordTime(event: ReadingEvent): Instant {
  const { source, skew } = event.clock;
  return source === 'host' && skew !== null ? instant(event.occurredAt - skew) : event.occurredAt;
}

function isSure(event: ReadingEvent): boolean {
  const { confidence, skew } = event.clock;
  return confidence === 'high' && Math.abs(skew ?? 0) <= tolerableSkew;
}

/**
 * Events in the order in which they were true, each once: events arrive late, twice and in any order, and no figure may
 * depend on that. Equal times are ordered by id.
 */
export function inOrder(events: readonly ReadingEvent[]): readonly Occurrence[] {
  const byId = new Map<string, Occurrence>();
  for (const event of events) {
    const next: Occurrence = { event, at: recordTime(event), sure: isSure(event) };
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

import { type EventType, eventTypes, type ReadingEvent } from './event.ts';

const course: ReadonlyMap<EventType, number> = new Map(eventTypes.map((type, index) => [type, index]));

/** Oldest first; those of one instant in the order in which such things happen: a report is accepted before it is filed. */
export function byTime(left: ReadingEvent, right: ReadingEvent): number {
  return (
    left.occurredAt - right.occurredAt ||
    (course.get(left.type) ?? 0) - (course.get(right.type) ?? 0) ||
    (left.id < right.id ? -1 : 1)
  );
}

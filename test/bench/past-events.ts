import { pastDays } from '../../electron/host/demo/past-days.ts';
import type { EventTable } from '../../electron/host/events/index.ts';
import type { ReadingEvent } from '../../shared/domain/turnaround/index.ts';
import { instant } from '../../shared/lib/instant.ts';

/** Studies of a large group's day; with it five million events are a year's work. */
const studiesPerDay = 1_000;
/** As many as the record's client asks for at one time. */
export const pageSize = 200;

/** So many events in the order in which the record would show them: studies overlap, as they do. */
export function* eventsOfGroup(count: number): Generator<ReadingEvent> {
  const days = Math.ceil(count / (studiesPerDay * 9)) + 2;
  const ahead = 400;
  let waiting: ReadingEvent[] = [];
  let given = 0;
  let studies = 0;
  for (const { events } of pastDays({ now: instant(Date.UTC(2026, 10, 29)), seed: 1, days, studiesPerDay })) {
    waiting.push(...events);
    studies += 1;
    if (studies % ahead !== 0) continue;
    waiting.sort((one, other) => one.occurredAt - other.occurredAt);
    const ready = waiting.slice(0, Math.floor(waiting.length / 2));
    waiting = waiting.slice(ready.length);
    for (const event of ready) {
      yield event;
      given += 1;
      if (given === count) return;
    }
  }
  yield* waiting.slice(0, count - given);
}

export function* pagesOf(events: Iterable<ReadingEvent>): Generator<readonly ReadingEvent[]> {
  let page: ReadingEvent[] = [];
  for (const event of events) {
    page.push(event);
    if (page.length < pageSize) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** A page as the table takes it. */
export function byTask(events: readonly ReadingEvent[]): Parameters<ReturnType<EventTable['begin']>['fold']>[0] {
  const found = new Map<
    string,
    { readonly kept: { readonly sound: true; readonly event: ReadingEvent }[]; readonly priority: 'urgent' }
  >();
  for (const event of events) {
    const ofTask = found.get(event.subject.taskId) ?? { kept: [], priority: 'urgent' };
    ofTask.kept.push({ sound: true, event });
    found.set(event.subject.taskId, ofTask);
  }
  return found;
}

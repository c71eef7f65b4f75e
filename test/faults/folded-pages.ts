import type { EventTable } from '../../electron/host/events/index.ts';
import { eventTypes, type KeptEvent, type ReadingEvent } from '../../shared/domain/turnaround/index.ts';
import { instant } from '../../shared/lib/instant.ts';

type Page = Parameters<ReturnType<EventTable['begin']>['fold']>[0];

const pages = 12;
/** So many that the writing of one page takes longer than a kill is early or late. */
export const tasksOfPage = 300;
const eventsOfTask = 8;

export function stampOf(page: number): string {
  return new Date(Date.UTC(2026, 10, 29, 3, page)).toISOString();
}

function event(task: number, number: number): ReadingEvent {
  const at = Date.UTC(2026, 10, 1 + (task % 28), 2) + number * 61_000;
  return {
    id: `ev-${task}-${number}`,
    type: eventTypes[number % eventTypes.length] ?? 'task.queued',
    occurredAt: instant(at),
    recordedAt: instant(at + 2_000),
    clock: { source: 'host', skew: null, confidence: 'high' },
    actor: { kind: 'person', id: 'dr-quillfeather', name: 'Dr Ottoline Quillfeather' },
    subject: { taskId: `task-${task}`, orderId: 'order-1', accession: `A${task}`, studyUid: '2.25.7', report: null },
    site: 'northfield',
    detail: 'words',
    cause: null,
    channel: null,
  };
}

/** Pages as a record gives them: each task goes on over two of them, and pages overlap by a task, as a sync that reads again does. */
export function pagesOfEvents(): readonly Page[] {
  return Array.from({ length: pages }, (_one, page) => {
    const from = Math.max(0, page * tasksOfPage - 150);
    const kept = new Map<string, { kept: KeptEvent[]; priority: 'routine' }>();
    for (let task = from; task < (page + 1) * tasksOfPage; task += 1) {
      const events = Array.from({ length: eventsOfTask }, (_event, number) => event(task, number));
      kept.set(`task-${task}`, { kept: events.map((one) => ({ sound: true, event: one })), priority: 'routine' });
    }
    return kept;
  });
}

export function eventsUpTo(page: number): ReadonlyMap<string, readonly ReadingEvent[]> {
  const all = new Map<string, readonly ReadingEvent[]>();
  for (let task = 0; task < (page + 1) * tasksOfPage; task += 1)
    all.set(
      `task-${task}`,
      Array.from({ length: eventsOfTask }, (_event, number) => event(task, number)),
    );
  return all;
}
export const lastPage = pages - 1;

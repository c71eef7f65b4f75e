import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Priority } from '../../../shared/domain/order/index.ts';
import {
  type DayFigures,
  eventTypes,
  type KeptEvent,
  lineOfDay,
  type ReadingEvent,
  rollUp,
} from '../../../shared/domain/turnaround/index.ts';
import { eventToAuditEvent } from '../../../shared/interop/fhir/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import { openKeyRing } from '../keys/index.ts';
import type { KeyRing } from '../keys/types.ts';
import { type EventTable, openEventTable } from './event-table.ts';

let directory: string;
let keyRing: KeyRing;
let said: string[];
const open: EventTable[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overread-events-'));
  const keys = await openKeyRing({ directory, secret: { kind: 'key-file' } });
  if (!keys.ok) throw new Error(keys.error.message);
  keyRing = keys.value;
  said = [];
});
afterEach(async () => {
  for (const table of open.splice(0)) await table.close();
  await rm(directory, { recursive: true, force: true });
});

const file = (end = ''): string => join(directory, 'events', `events.sqlite${end}`);

async function opened(more: { readonly inMemory?: boolean; readonly source?: string } = {}): Promise<EventTable> {
  const say = (message: string): void => void said.push(message);
  const ports = testPorts({ log: { info: say, warn: say, error: say } });
  const table = await openEventTable({ directory, keyRing, ports, source: 'the record', ...more });
  open.push(table);
  return table;
}

function event(taskId: string, number: number, more: Partial<ReadingEvent> = {}): ReadingEvent {
  const at = Date.parse('2026-11-29T02:00:00Z') + number * 61_000;
  return {
    id: `ev-${taskId}-${number}`,
    type: eventTypes[number % eventTypes.length] ?? 'task.queued',
    occurredAt: instant(at),
    recordedAt: instant(at + 2_000),
    clock: { source: 'host', skew: null, confidence: 'high' },
    actor: { kind: 'person', id: 'dr-quillfeather', name: 'Dr Ottoline Quillfeather' },
    subject: { taskId, orderId: 'order-1', accession: 'NFH1', studyUid: '2.25.7', report: null },
    site: 'northfield',
    detail: 'MARKERWORDS',
    cause: null,
    channel: null,
    ...more,
  };
}

type Page = Parameters<ReturnType<EventTable['begin']>['fold']>[0];
const page = (events: readonly ReadingEvent[], priority: Priority = 'urgent'): Page => {
  const byTask = new Map<string, { kept: KeptEvent[]; priority: Priority }>();
  for (const one of events) {
    const { taskId } = one.subject;
    byTask.set(taskId, { kept: [...(byTask.get(taskId)?.kept ?? []), { sound: true, event: one }], priority });
  }
  return byTask;
};

async function waitUntil(what: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2_000 && !what(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(what()).toBe(true);
}

describe('the table of events', () => {
  it('holds each event once, in the order of time, whatever order, pages and repeats they come in', async () => {
    const table = await opened({ inMemory: true });
    let round = 0;
    const picks = fc.array(fc.tuple(fc.nat(2), fc.nat(14)), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(picks, fc.integer({ min: 1, max: 9 }), async (picked, pageSize) => {
        round += 1;
        const all = picked.map(([task, number]) => event(`task-${round}-${task}`, number));
        const news = new Map<string, number>();
        for (let at = 0; at < all.length; at += pageSize) {
          const changed = await table.begin().fold(page(all.slice(at, at + pageSize)), null);
          for (const id of changed ?? ['not written']) news.set(id, (news.get(id) ?? 0) + 1);
        }
        for (const task of [0, 1, 2]) {
          const taskId = `task-${round}-${task}`;
          const numbers = [...new Set(picked.flatMap(([of, number]) => (of === task ? [number] : [])))];
          const expected = numbers.sort((one, other) => one - other).map((number) => event(taskId, number));
          expect(table.of(taskId)).toEqual(expected);
          expect(news.get(taskId) ?? 0).toBeLessThanOrEqual(numbers.length);
        }
        expect(await table.begin().fold(page(all), null)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('has days that agree with whole histories, whatever order, pages, repeats and changes of urgency come', async () => {
    let round = 0;
    const days = ['2026-11-27', '2026-11-28', '2026-11-29', '2026-11-30'];
    const picks = fc.array(fc.tuple(fc.nat(3), fc.nat(70), fc.constantFrom('northfield', 'southfield', null)), {
      minLength: 1,
      maxLength: 80,
    });
    const urgencies = fc.array(fc.constantFrom<Priority>('stat', 'routine', 'unknown'), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(picks, urgencies, fc.integer({ min: 1, max: 12 }), async (picked, priorities, pageSize) => {
        round += 1;
        const table = await opened({ inMemory: true, source: `round ${round}` });
        const whole = new Map<string, { events: Map<string, ReadingEvent>; priority: Priority }>();
        const all = picked.map(([task, number, site]) =>
          event(`task-${task}`, number, {
            site,
            occurredAt: instant(Date.parse('2026-11-29T00:00:00Z') + (number - 35) * 3_000_000),
          }),
        );
        for (let at = 0, turn = 0; at < all.length; at += pageSize, turn += 1) {
          const priority = priorities[turn % priorities.length] ?? 'unknown';
          const came = all.slice(at, at + pageSize);
          await table.begin().fold(page(came, priority), null);
          for (const one of came) {
            const known = whole.get(one.subject.taskId) ?? { events: new Map(), priority };
            // Where nothing is new the urgency of then stands.
            const news = came.some(
              (other) => other.subject.taskId === one.subject.taskId && !known.events.has(other.id),
            );
            if (news) known.priority = priority;
            if (!known.events.has(one.id)) known.events.set(one.id, one);
            whole.set(one.subject.taskId, known);
          }
        }
        const expected = rollUp(
          [...whole.values()].map(({ events, priority }) => ({ events: [...events.values()], priority })),
        );
        const byLine = (lines: Iterable<DayFigures>) =>
          [...lines].sort((one, other) => (one.day + lineOfDay(one) < other.day + lineOfDay(other) ? -1 : 1));
        expect(byLine((await table.days(days)) ?? [])).toEqual(
          byLine([...expected.values()].flatMap((lines) => [...lines.values()])),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('keeps them over a restart, with the place in the record, and nothing readable on the disk', async () => {
    const first = await opened();
    const events = Array.from({ length: 40 }, (_, number) => event(`task-${number % 4}`, number));
    for (let at = 0; at < events.length; at += 7)
      expect(await first.begin().fold(page(events.slice(at, at + 7)), '2026-11-29T03:00:00.000Z')).not.toBeNull();
    for (const name of await readdir(join(directory, 'events'))) {
      const bytes = await readFile(join(directory, 'events', name), 'latin1');
      expect(/MARKERWORDS|task-1|quillfeather|northfield/i.test(bytes), name).toBe(false);
    }
    await first.close();
    const again = await opened();
    expect(again.begin().reached).toBe('2026-11-29T03:00:00.000Z');
    expect(again.of('task-3')).toEqual(events.filter((one) => one.subject.taskId === 'task-3'));
    expect(said).toEqual([]);
  });

  it('lets the copy that the record took stand before one that had not been there, and keeps the first of two', async () => {
    const table = await opened({ inMemory: true });
    await table.begin().fold(page([event('task-1', 1, { recordedAt: null, detail: 'mine' })]), null);
    await table.begin().fold(page([event('task-1', 1, { detail: 'the record’s' })]), null);
    expect(await table.begin().fold(page([event('task-1', 1, { detail: 'changed later' })]), null)).toEqual([]);
    expect(table.of('task-1').map((one) => one.detail)).toEqual(['the record’s']);
  });

  it('keeps what it cannot read as it came, beside the other events of the task, and reads it once it can', async () => {
    const table = await opened({ inMemory: true });
    const readableNow = JSON.stringify(eventToAuditEvent(event('task-1', 5)));
    const odd: KeptEvent[] = [
      { sound: false, id: 'odd', json: '{"resourceType":"AuditEvent","subtype":[{"code":"task.teleported"}]}' },
      { sound: false, id: 'worse', json: 'no JSON at all' },
      { sound: false, id: event('task-1', 5).id, json: readableNow },
      { sound: true, event: event('task-1', 4) },
    ];
    expect(await table.begin().fold(new Map([['task-1', { kept: odd, priority: 'stat' as const }]]), null)).toEqual([
      'task-1',
    ]);
    expect(table.of('task-1').map((one) => one.id)).toEqual(['ev-task-1-4', 'ev-task-1-5']);
  });

  it.each([
    ['garbage', async () => writeFile(file(), 'no database at all, but long enough to look at '.repeat(400))],
    ['a file that was cut short', async () => truncate(file(), 6_000)],
    ['an empty file', async () => writeFile(file(), '')],
  ])('is made anew from the record where it finds %s, and says so', async (what, damage) => {
    const first = await opened();
    const events = Array.from({ length: 400 }, (_, number) => event(`task-${number}`, number % 60));
    await first.begin().fold(page(events), '2026-11-29T03:00:00.000Z');
    await first.close();
    await damage();
    const again = await opened();
    // What is damaged further in shows when it is read.
    for (const one of events) again.of(one.subject.taskId);
    await waitUntil(() => again.begin().reached === null);
    let folded: readonly string[] | null = null;
    for (let tries = 0; tries < 50 && folded === null; tries += 1) {
      folded = await again.begin().fold(page(events), '2026-11-29T03:00:00.000Z');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(folded).toHaveLength(400);
    await again.begin().reach('2026-11-29T03:00:00.000Z');
    expect(again.lost()).toBe(false);
    for (const one of events) expect(again.of(one.subject.taskId)).toEqual([one]);
    if (what !== 'an empty file')
      expect(said).toContain('the table of events is damaged; it is made anew from the record, which has them all');
  });

  it('takes nothing more from a reading that began before it was lost', async () => {
    const table = await opened();
    const before = table.begin();
    await before.fold(page([event('task-1', 1)]), '2026-11-29T03:00:00.000Z');
    await table.close();
    await writeFile(file('-wal'), '');
    const again = await opened();
    const old = again.begin();
    await truncate(file(), 4_096);
    again.of('task-1');
    await waitUntil(() => again.lost());
    expect(await old.fold(page([event('task-2', 1)]), '2026-11-29T04:00:00.000Z')).toBeNull();
    await old.reach('2026-11-29T04:00:00.000Z');
    expect([again.lost(), again.begin().reached]).toEqual([true, null]);
  });

  it('tells that it is being filled until all of the record was read, after a loss and after a start far behind', async () => {
    const stamp = new Date(Date.now() - 60_000).toISOString();
    const table = await opened();
    expect(table.filling()).toBe(true);
    await table.begin().fold(page([event('task-1', 1)]), stamp);
    expect(table.filling()).toBe(true);
    await table.begin().reach(stamp);
    expect(table.filling()).toBe(false);
    await table.close();
    // Stopped for a minute: nothing is missed. Lost: everything is.
    const again = await opened();
    expect(again.filling()).toBe(false);
    await writeFile(file('-wal'), '');
    await truncate(file(), 4_096);
    again.of('task-2');
    await waitUntil(() => again.lost());
    expect(again.filling()).toBe(true);
    await waitUntil(() => again.begin().reached === null);
    let whole = false;
    for (let tries = 0; tries < 50 && !whole; tries += 1) {
      await again.begin().reach(stamp);
      whole = !again.filling();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect([whole, again.lost()]).toEqual([true, false]);
    await again.begin().fold(page([event('task-1', 1)]), '2026-11-20T03:00:00.000Z');
    await again.close();
    // Killed in the middle of it: what was read so far is days behind.
    expect((await opened()).filling()).toBe(true);
  });

  it('of another record is worth nothing', async () => {
    const first = await opened();
    await first.begin().fold(page([event('task-1', 1)]), '2026-11-29T03:00:00.000Z');
    await first.close();
    const again = await opened({ source: 'another record' });
    expect([again.begin().reached, again.of('task-1')]).toEqual([null, []]);
    expect(said).toEqual(['the table of events was of another record; it is made anew from this one']);
  });
});

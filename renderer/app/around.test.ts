import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { err, ok } from '../../shared/lib/result.ts';
import type { Mirror } from '../data/index.ts';
import type { HostClient } from '../host/index.ts';
import { watchActivity } from './activity.ts';
import { shownInterval } from './interval-words.ts';
import { routeOf } from './route-of.ts';
import { generatedRow } from './testing/generated-host.ts';
import { createWorklistSync } from './worklist-sync.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('activity', () => {
  const start = (idleLockMinutes = 15) => {
    const target = new EventTarget();
    const told: number[] = [];
    const idle: number[] = [];
    const activity = watchActivity({
      target: target as unknown as Window,
      now: () => Date.now(),
      idleLockMinutes,
      tell: () => told.push(Date.now()),
      onIdle: () => idle.push(Date.now()),
    });
    return { target, told, idle, activity, from: Date.now() };
  };

  test('is told to the host at most each 20 s, and the last of a burst is not lost', () => {
    const { target, told, activity, from } = start();
    for (let second = 0; second < 65; second += 1) {
      vi.advanceTimersByTime(1_000);
      target.dispatchEvent(new Event('keydown'));
    }
    expect(told.length).toBe(3);
    for (const [index, at] of told.entries()) expect(at - (told[index - 1] ?? from)).toBeGreaterThanOrEqual(20_000);
    vi.advanceTimersByTime(30_000);
    expect(told.length).toBe(4);
    vi.advanceTimersByTime(60_000);
    expect(told.length).toBe(4);
    activity.stop();
  });

  test('locks after the idle time by itself, and speech or a device keeps it open', () => {
    const { idle, activity, from } = start(1);
    vi.advanceTimersByTime(50_000);
    activity.note();
    vi.advanceTimersByTime(50_000);
    expect(idle).toEqual([]);
    vi.advanceTimersByTime(11_000);
    expect(idle).toEqual([from + 110_000]);
    activity.stop();
  });
});

test('an address opens a case to look; only what was opened to read here reads again', () => {
  expect(routeOf('/', null)).toEqual({ kind: 'list', from: null });
  expect(routeOf('/window/w-1', null)).toEqual({ kind: 'list', from: null });
  expect(routeOf('/case/rt-1', null)).toEqual({ kind: 'case', taskId: 'rt-1', mode: 'look' });
  expect(routeOf('/case/rt-1', { mode: 'read' })).toEqual({ kind: 'case', taskId: 'rt-1', mode: 'read' });
  expect(routeOf('/case/..%2f..', { mode: 'read' })).toEqual({ kind: 'list', from: null });
});

test.each([
  ['20260818', '20261122', '3 months'],
  ['20261121', '20261122', '1 day'],
  ['20261122', '20261122', 'same day'],
  ['20261001', '20261122', '7 weeks'],
  ['20230101', '20261122', '3 years'],
  ['20270101', '20261122', 'later date'],
  [null, '20261122', 'date ?'],
])('a prior of %s beside a study of %s is %s before', (prior, current, words) => {
  expect(shownInterval(prior, current)).toBe(words);
});

describe('the list in step with the host', () => {
  type Answer = Awaited<ReturnType<HostClient['call']>>;
  const start = (answers: unknown[], mirror: Mirror | null = null) => {
    const asked: unknown[] = [];
    const host = {
      call: async (_name: string, request: { input: unknown }) => {
        asked.push(request.input);
        return (answers.shift() ?? ok({ version: 9, full: false, asOf: 9, rows: [], removed: [] })) as Answer;
      },
    } as unknown as HostClient;
    const sync = createWorklistSync({ host, mirror, now: () => Date.now(), onMirrorTrouble: () => undefined });
    return { sync, asked };
  };
  const settle = () => vi.advanceTimersByTimeAsync(0);
  const rows = (...indexes: number[]) => indexes.map((index) => generatedRow(index, 0));

  test('asks for all, then for changes, and forgets what is withdrawn', async () => {
    const { sync, asked } = start([
      ok({ version: 1, full: true, asOf: 1, rows: rows(1, 2), removed: [] }),
      ok({ version: 2, full: false, asOf: 2, rows: rows(3), removed: ['task-1'] }),
    ]);
    await sync.start();
    await settle();
    sync.noteChanged(2);
    await settle();
    expect(asked).toEqual([{}, { since: 1 }]);
    expect([...sync.state.getState().rows.keys()]).toEqual(['task-2', 'task-3']);
    expect(sync.state.getState().standing.kind).toBe('live');
    sync.stop();
  });

  test('a host that started anew, with a smaller count, is asked for the whole list', async () => {
    const { sync, asked } = start([
      ok({ version: 50, full: true, asOf: 1, rows: rows(1), removed: [] }),
      ok({ version: 2, full: false, asOf: 2, rows: [], removed: [] }),
      ok({ version: 2, full: true, asOf: 3, rows: rows(4), removed: [] }),
    ]);
    await sync.start();
    await settle();
    sync.noteChanged(2);
    await settle();
    await settle();
    expect(asked).toEqual([{}, { since: 50 }, {}]);
    expect([...sync.state.getState().rows.keys()]).toEqual(['task-4']);
    sync.stop();
  });

  test('without an answer the list stays, with the time since when; a refusal is told in the host’s words', async () => {
    const { sync } = start([
      ok({ version: 1, full: true, asOf: 1, rows: rows(1), removed: [] }),
      err({ code: 'upstream-unreachable', message: 'no answer', from: 'page' }),
      err({ code: 'upstream-unreachable', message: 'no answer', from: 'page' }),
      err({ code: 'upstream-refused', message: 'The record refused.', from: 'host' }),
    ]);
    await sync.start();
    await settle();
    sync.refresh();
    await settle();
    const first = sync.state.getState().standing;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(first.kind).toBe('offline');
    expect(sync.state.getState().standing).toEqual(first);
    sync.refresh();
    await settle();
    expect(sync.state.getState().standing).toEqual({ kind: 'failed', message: 'The record refused.' });
    expect(sync.state.getState().rows.size).toBe(1);
    sync.stop();
  });

  test('shows the top of the mirror at once, then all of it, then the host’s', async () => {
    const top = rows(5, 6);
    let openPages: (list: unknown) => void = () => undefined;
    const pages = new Promise((resolve) => {
      openPages = resolve;
    });
    const kept: unknown[] = [];
    const mirror = {
      readTop: async () => ok({ rows: top, total: 3, asOf: 7 }),
      readWorklist: () => pages,
      applyWorklist: async () => ok(undefined),
      keepTop: async (first: unknown, total: number) => {
        kept.push([first, total]);
        return ok(undefined);
      },
    } as unknown as Mirror;
    const answer = ok({ version: 1, full: true, asOf: 9, rows: rows(1), removed: [] });
    const { sync } = start([answer], mirror);
    const started = sync.start();
    await settle();
    expect(sync.state.getState()).toMatchObject({ asOf: 7, standing: { kind: 'opening', total: 3 } });
    expect([...sync.state.getState().rows.keys()]).toEqual(['task-5', 'task-6']);
    await vi.advanceTimersByTimeAsync(200);
    openPages(ok({ rows: new Map(rows(5, 6, 7).map((row) => [row.taskId, row])), version: 1, asOf: 7 }));
    await started;
    await settle();
    expect([...sync.state.getState().rows.keys()]).toEqual(['task-1']);
    expect(sync.state.getState().standing.kind).toBe('live');
    sync.noteTop(rows(1));
    sync.noteTop([...sync.state.getState().rows.values()]);
    sync.noteTop([...sync.state.getState().rows.values()]);
    expect(kept).toHaveLength(2);
    sync.stop();
  });

  test('tells what changed since a version of the list, and nothing about the list before it', async () => {
    const { sync } = start([
      ok({ version: 1, full: true, asOf: 1, rows: rows(1, 2), removed: [] }),
      ok({ version: 2, full: false, asOf: 2, rows: rows(3), removed: ['task-1'] }),
    ]);
    await sync.start();
    await settle();
    const { version, rows: first } = sync.state.getState();
    sync.refresh();
    await settle();
    expect(sync.state.getState().rows).toBe(first);
    expect(sync.changedSince(version)).toEqual(new Set(['task-1', 'task-3']));
    expect(sync.changedSince(version - 1)).toBeNull();
    sync.stop();
  });

  test('is asked although no event came, once a minute', async () => {
    const { sync, asked } = start([ok({ version: 1, full: true, asOf: 1, rows: [], removed: [] })]);
    await sync.start();
    await vi.advanceTimersByTimeAsync(180_000);
    expect(asked.length).toBe(4);
    sync.stop();
    await vi.advanceTimersByTimeAsync(180_000);
    expect(asked.length).toBe(4);
  });
});

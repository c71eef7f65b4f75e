import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PrefetchView } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { HostClient } from '../host/index.ts';
import { rememberAhead } from './remember-ahead.ts';

type Study = PrefetchView['studies'][number];
type State = Study['series'][number]['state'];

const study = (
  taskId: string,
  place: number,
  states: readonly State[] = ['here'],
  role: Study['role'] = 'current',
) => ({
  ...{ taskId, studyUid: `2.25.${taskId}`, role, place },
  series: states.map((state, at) => ({
    seriesUid: `2.25.${taskId}.${at}`,
    modality: 'CT',
    instances: 1,
    state,
    came: 1,
  })),
});
const view = (...studies: readonly Study[]): PrefetchView => ({
  ...{ state: 'ready', bandwidth: null, slow: false, held: 0, budget: 0 },
  studies: [...studies],
});

/** A host that allows everything but what is named, and a page that keeps what it took. */
function desk(refused: ReadonlySet<string> = new Set()) {
  const asked: string[] = [];
  const kept = new Set<string>();
  const running: AbortSignal[] = [];
  const host = {
    call: async (_name: string, { params }: { params: { taskId: string } }) => {
      asked.push(params.taskId);
      const { taskId } = params;
      return refused.has(taskId)
        ? { ok: true, value: {} }
        : {
            ok: true,
            value: { remembered: { archive: 'pacs', studyUid: `2.25.${taskId}`, print: `print of ${taskId}` } },
          };
    },
  } as unknown as Pick<HostClient, 'call'>;
  const ahead = rememberAhead({
    host,
    take: async (taskId, { print }, signal) => {
      running.push(signal);
      expect(print).toBe(`print of ${taskId}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (signal.aborted) return false;
      kept.add(taskId);
      return true;
    },
    keep: (isKept) => {
      for (const one of [...kept]) if (!isKept(one)) kept.delete(one);
    },
    now: () => Date.now(),
  });
  return { ahead, asked, kept, running };
}

describe('the next studies in the memory of a window', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('requestIdleCallback', (work: () => void) => setTimeout(work, 10));
    vi.stubGlobal('cancelIdleCallback', (idle: number) => clearTimeout(idle));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  test('are those that are wholly on this machine, the next one first, one after the other', async () => {
    const { ahead, asked, kept } = desk();
    const all = view(
      study('b', 1),
      study('a', 0, ['here', 'here']),
      study('prior', 0, ['here'], 'prior'),
      study('coming', 2, ['here', 'coming']),
      study('unknown', 3, []),
    );
    ahead.know(all);
    await vi.advanceTimersByTimeAsync(25);
    expect([asked, kept.size]).toEqual([['a'], 0]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([asked, [...kept]]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    ahead.know(all);
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(asked).toEqual(['a', 'b']);
  });

  test('are let go when they are no longer hers to read next, and when nobody reads here', async () => {
    const { ahead, asked, kept } = desk();
    ahead.know(view(study('a', 0), study('b', 1)));
    await vi.advanceTimersByTimeAsync(1_000);
    ahead.know(view(study('b', 0)));
    expect([...kept]).toEqual(['b']);
    ahead.end();
    expect(kept.size).toBe(0);
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(asked).toEqual(['a', 'b']);
  });

  test('wait while a case is being opened, and that case is not among them', async () => {
    const { ahead, asked, kept, running } = desk();
    ahead.know(view(study('a', 0), study('b', 1)));
    await vi.advanceTimersByTimeAsync(20);
    expect(asked).toEqual(['a']);
    ahead.pause('a' as TaskId);
    expect(running.every((one) => one.aborted)).toBe(true);
    await vi.advanceTimersByTimeAsync(4_900);
    expect([asked, kept.size]).toEqual([['a'], 0]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([asked, [...kept]]).toEqual([['a', 'b'], ['b']]);
    // She reads another: the first is one of the next again.
    ahead.pause('b' as TaskId);
    await vi.advanceTimersByTimeAsync(6_000);
    expect([asked, [...kept]]).toEqual([
      ['a', 'b', 'a'],
      ['b', 'a'],
    ]);
  });

  test('one that the host does not give is asked for again after minutes, one that no longer stands at once', async () => {
    const { ahead, asked, kept } = desk(new Set(['a']));
    const all = view(study('a', 0), study('b', 1));
    ahead.know(all);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual(['a', 'b']);
    ahead.forget('b' as TaskId);
    expect(kept.size).toBe(0);
    ahead.know(all);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([asked, [...kept]]).toEqual([['a', 'b', 'b'], ['b']]);
    await vi.advanceTimersByTimeAsync(300_000);
    ahead.know(all);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual(['a', 'b', 'b', 'a']);
  });
});

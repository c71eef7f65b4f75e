import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaseDetail, Failure } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import { type CaseMode, createCaseStore } from './case-store.ts';
import type { CaseEvent } from './command.ts';
import { createEpochs } from './epoch.ts';

function memory(): { getItem(key: string): string | null; setItem(key: string, value: string): void } {
  const held = new Map<string, string>();
  return { getItem: (key) => held.get(key) ?? null, setItem: (key, value) => void held.set(key, value) };
}

/** As much of a case as the store looks at. */
function detailOf(taskId: string, epoch: number): CaseDetail {
  return { context: { taskId, epoch }, mode: 'read', words: `words of ${taskId}` } as unknown as CaseDetail;
}

type Asked = { taskId: string; epoch: number; answer(result: Result<CaseDetail, Failure>): void };

function house() {
  const asked: Asked[] = [];
  const closed: string[] = [];
  let now = 1_000;
  const store = createCaseStore({
    epochs: createEpochs({ storage: memory(), now: () => now }),
    ports: {
      openCase: (taskId: TaskId, _mode: CaseMode, epoch: number) =>
        new Promise((resolve) => asked.push({ taskId, epoch, answer: resolve })),
      closeCase: (taskId, epoch) => closed.push(`${taskId}@${epoch}`),
    },
  });
  return { store, asked, closed, tick: (by: number) => (now += by) };
}

const broken: Failure = { code: 'upstream-unreachable', message: 'silence' };

describe('the case on screen', () => {
  test('an answer that comes after the next case was asked for is dropped', async () => {
    const { store, asked, closed } = house();
    const first = store.open('task-a' as TaskId, 'read');
    const second = store.open('task-b' as TaskId, 'look');
    asked[1]?.answer(ok(detailOf('task-b', asked[1].epoch)));
    await second;
    asked[0]?.answer(ok(detailOf('task-a', asked[0].epoch)));
    expect(await first).toEqual(err({ code: 'left' }));
    const state = store.state.getState();
    expect(state.kind === 'open' && state.detail.context.taskId).toBe('task-b');
    expect(closed).toEqual([`task-a@${asked[0]?.epoch}`]);
  });

  test('a case that was begun before its screen stood is asked for once, and its screen has that answer', async () => {
    const { store, asked, closed } = house();
    store.begin('task-a' as TaskId, 'read');
    asked[0]?.answer(ok(detailOf('task-a', asked[0].epoch)));
    const opened = await store.open('task-a' as TaskId, 'read');
    expect(opened.ok && opened.value.context.epoch).toBe(asked[0]?.epoch);
    // Opened again by its reader it is asked for again.
    void store.open('task-a' as TaskId, 'read');
    expect([asked.length, closed]).toEqual([2, [`task-a@${asked[0]?.epoch}`]]);
  });

  test('a begun case ends with the screen of another one, in another mode, or none', async () => {
    const { store, asked, closed } = house();
    store.begin('task-a' as TaskId, 'read');
    void store.open('task-b' as TaskId, 'read');
    store.begin('task-c' as TaskId, 'read');
    void store.open('task-c' as TaskId, 'look');
    store.begin('task-d' as TaskId, 'read');
    store.close();
    asked[4]?.answer(ok(detailOf('task-d', asked[4].epoch)));
    await Promise.resolve();
    expect(store.state.getState().kind).toBe('none');
    void store.open('task-d' as TaskId, 'read');
    expect(asked.map((one) => one.taskId)).toEqual(['task-a', 'task-b', 'task-c', 'task-c', 'task-d', 'task-d']);
    expect(closed).toEqual(asked.slice(0, 5).map((one) => `${one.taskId}@${one.epoch}`));
  });

  test('a host that answers with another case than the one asked for is refused', async () => {
    const { store, asked } = house();
    const opening = store.open('task-a' as TaskId, 'read');
    asked[0]?.answer(ok(detailOf('task-b', asked[0].epoch)));
    expect((await opening).ok).toBe(false);
    expect(store.state.getState().kind).toBe('failed');
  });

  test('a change may not turn the open case into another', async () => {
    const { store, asked } = house();
    const opening = store.open('task-a' as TaskId, 'read');
    const epoch = asked[0]?.epoch ?? 0;
    asked[0]?.answer(ok(detailOf('task-a', epoch)));
    await opening;
    expect(store.amend(epoch, () => detailOf('task-b', epoch))).toBe(false);
    expect(store.amend(epoch + 1, (detail) => detail)).toBe(false);
    expect(store.amend(epoch, (detail) => ({ ...detail, mode: 'look' }))).toBe(true);
  });

  test('epochs grow although the clock is set back and the page reloads', () => {
    const storage = memory();
    let now = 5_000;
    const before = createEpochs({ storage, now: () => now });
    const seen = [before.next(), before.next()];
    now = 10;
    seen.push(before.next());
    const reloaded = createEpochs({ storage, now: () => now });
    seen.push(reloaded.next(), reloaded.next());
    expect(seen).toEqual([...new Set(seen)].sort((left, right) => left - right));
  });
});

/** Steps of a hurried reader and of an archive that answers when it likes. */
const step = fc.oneof(
  fc.record({ do: fc.constant('open' as const), task: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ do: fc.constant('begin' as const), task: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ do: fc.constant('close' as const) }),
  fc.record({ do: fc.constant('answer' as const), which: fc.nat(30), fails: fc.boolean() }),
  fc.record({ do: fc.constant('measure' as const), which: fc.nat(30) }),
  fc.record({ do: fc.constant('amend' as const), which: fc.nat(30) }),
  fc.record({ do: fc.constant('wait' as const) }),
);

test('late answers, measurements and changes never land in another case', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { store, asked, tick } = house();
      const heard: CaseEvent[] = [];
      const epochs: number[] = [];
      /** The model: which opening is the last one, and whether its answer has come. */
      let last: { epoch: number; taskId: string } | null = null;
      store.onEvent((event) => heard.push(event));
      for (const one of steps) {
        if (one.do === 'open' || one.do === 'begin') {
          if (one.do === 'open') void store.open(`task-${one.task}` as TaskId, 'read');
          else store.begin(`task-${one.task}` as TaskId, 'read');
          const newest = asked.at(-1);
          last = newest === undefined ? null : { epoch: newest.epoch, taskId: newest.taskId };
          // The screen of a case that was begun asks for nothing again.
          if (newest !== undefined && !epochs.includes(newest.epoch)) epochs.push(newest.epoch);
        } else if (one.do === 'close') {
          store.close();
          last = null;
        } else if (one.do === 'wait') {
          tick(1);
        } else {
          const chosen = asked.length === 0 ? undefined : asked[one.which % asked.length];
          if (chosen === undefined) continue;
          if (one.do === 'answer') chosen.answer(one.fails ? err(broken) : ok(detailOf(chosen.taskId, chosen.epoch)));
          if (one.do === 'measure') {
            const before = heard.length;
            const taken = store.publish({ type: 'activity', epoch: chosen.epoch });
            const state = store.state.getState();
            expect(taken).toBe(state.kind === 'open' && state.epoch === chosen.epoch);
            expect(heard.length - before).toBe(taken ? 1 : 0);
          }
          if (one.do === 'amend') {
            const taken = store.amend(chosen.epoch, (detail) => ({ ...detail }));
            if (taken) expect(last?.epoch).toBe(chosen.epoch);
          }
        }
        await Promise.resolve();
        await Promise.resolve();
        await Promise.resolve();
        const state = store.state.getState();
        expect(state.kind === 'none' ? null : state.epoch).toBe(last?.epoch ?? null);
        if (state.kind === 'open') {
          expect(state.detail.context.taskId).toBe(last?.taskId);
          expect(state.detail.context.epoch).toBe(state.epoch);
          expect((state.detail as unknown as { words: string }).words).toBe(`words of ${last?.taskId}`);
          expect(store.signalOf(state.epoch).aborted).toBe(false);
        }
        for (const epoch of epochs) if (epoch !== last?.epoch) expect(store.signalOf(epoch).aborted).toBe(true);
      }
      expect(new Set(epochs).size).toBe(epochs.length);
    }),
    { numRuns: 400 },
  );
});

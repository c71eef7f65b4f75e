import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CaseDetail, Failure } from '../../shared/api/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import { type CaseMode, createCaseStore, createEpochs } from '../case/index.ts';
import { listStays, openFromList } from './open-from-list.ts';
import { createRouter } from './route.ts';

/** A list on the screen, a case store, and a host that answers when it is told to. */
function house() {
  const asked: { readonly taskId: TaskId; readonly epoch: number; answer(of: Result<CaseDetail, Failure>): void }[] =
    [];
  const cases = createCaseStore({
    epochs: createEpochs({ storage: { getItem: () => null, setItem: () => undefined }, now: () => 1_000 }),
    ports: {
      openCase: (taskId, _mode: CaseMode, epoch) =>
        new Promise((resolve) => asked.push({ taskId, epoch, answer: resolve })),
      closeCase: () => undefined,
    },
  });
  const router = createRouter({
    location: { pathname: '/' },
    history: { pushState: () => undefined, state: null },
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  } as unknown as Window);
  const screen = (): string => {
    const route = router.route.getState();
    return route.kind === 'list' ? 'list' : `${route.taskId} ${route.mode}`;
  };
  const open = (task: string, mode: CaseMode = 'read'): void => openFromList(cases, router, task as TaskId, mode);
  const answer = async (at: number): Promise<void> => {
    const one = asked[at];
    if (one === undefined) throw new Error('nothing was asked');
    one.answer(ok({ context: { taskId: one.taskId, epoch: one.epoch } } as unknown as CaseDetail));
    await vi.advanceTimersByTimeAsync(1);
  };
  return { asked, cases, router, screen, open, answer };
}

describe('opening a case from the list', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks at once, and the list stands until the case is open', async () => {
    const { asked, screen, open, answer } = house();
    open('task-a');
    expect([asked.length, screen()]).toEqual([1, 'list']);
    await answer(0);
    expect(screen()).toBe('task-a read');
    await vi.advanceTimersByTimeAsync(listStays);
    expect(asked.length).toBe(1);
  });

  it('says that it is opening where that takes long, and a refusal on its own screen', async () => {
    const slow = house();
    slow.open('task-a', 'look');
    await vi.advanceTimersByTimeAsync(listStays);
    expect([slow.screen(), slow.cases.state.getState().kind]).toEqual(['task-a look', 'opening']);
    const refused = house();
    refused.open('task-a');
    refused.asked[0]?.answer(err({ code: 'forbidden', message: 'not hers' }));
    await vi.advanceTimersByTimeAsync(1);
    expect([refused.screen(), refused.cases.state.getState().kind]).toEqual(['task-a read', 'failed']);
  });

  it('goes to the last one pressed, and nowhere when another way was taken meanwhile', async () => {
    const { screen, open, answer, router, cases } = house();
    open('task-a');
    open('task-b');
    await answer(0);
    expect(screen()).toBe('list');
    await answer(1);
    expect(screen()).toBe('task-b read');
    router.openList();
    open('task-c');
    cases.close();
    await vi.advanceTimersByTimeAsync(listStays);
    expect(screen()).toBe('list');
    open('task-d');
    router.openCase('task-e' as TaskId, 'look');
    await answer(3);
    expect(screen()).toBe('task-e look');
  });
});

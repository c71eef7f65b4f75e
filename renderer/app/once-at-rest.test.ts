import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { onceAtRest } from './once-at-rest.ts';

describe('what is done once while nobody waits', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('requestIdleCallback', (work: () => void) => setTimeout(work, 10));
    vi.stubGlobal('cancelIdleCallback', (idle: number) => clearTimeout(idle));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  test('waits for rest, and is done once however often it is planned', () => {
    const done = vi.fn();
    const rest = onceAtRest();
    rest.plan(done);
    rest.plan(done);
    vi.advanceTimersByTime(1_000);
    expect(done).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10_000);
    expect(done).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['before it is planned', 0],
    ['while it waits for rest', 1_000],
    ['while it waits for a gap', 1_505],
  ])('is never done where a case was opened %s', (_when, after) => {
    const done = vi.fn();
    const rest = onceAtRest();
    if (after > 0) rest.plan(done);
    vi.advanceTimersByTime(after);
    rest.drop();
    rest.plan(done);
    vi.advanceTimersByTime(10_000);
    expect(done).not.toHaveBeenCalled();
  });
});

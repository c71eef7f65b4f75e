import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCalm } from './calm.ts';

describe('the moment before the first image of a case', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('holds back only what tells of things around the images', async () => {
    const calm = createCalm();
    expect(calm.before('status')).toBeUndefined();
    calm.begin(1_000);
    for (const name of [
      'openCase',
      'sign',
      'saveDraft',
      'casePriors',
      'hangingRules',
      'lockSession',
      'touchSession',
    ] as const)
      expect(calm.before(name)).toBeUndefined();
    const made: string[] = [];
    for (const name of ['status', 'codes', 'timeline'] as const) void calm.before(name)?.then(() => made.push(name));
    await vi.advanceTimersByTimeAsync(500);
    expect(made).toEqual([]);
    calm.end();
    await vi.advanceTimersByTimeAsync(0);
    expect(made).toEqual(['status', 'codes', 'timeline']);
    expect(calm.before('status')).toBeUndefined();
  });

  it('is over in time where no image comes, counted from the last case that was opened', async () => {
    const calm = createCalm();
    calm.begin(1_000);
    let made = 0;
    void calm.before('status')?.then(() => (made += 1));
    await vi.advanceTimersByTimeAsync(900);
    calm.begin(1_000);
    await vi.advanceTimersByTimeAsync(900);
    expect(made).toBe(0);
    await vi.advanceTimersByTimeAsync(100);
    expect(made).toBe(1);
  });
});

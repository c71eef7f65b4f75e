import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Troubles } from './watch-troubles.ts';
import { troublesLine, watchTroubles } from './watch-troubles.ts';

const refused = { kind: 'refused' } as Troubles[number];
const late = { kind: 'late' } as Troubles[number];

describe('deliveries that need a person, to the lead', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('a refusal is seen within a minute, even where one question of the page was lost', async () => {
    let atTheHost: Troubles = [];
    let lost = false;
    const told: number[] = [];
    const call = async () =>
      lost ? { ok: false, error: { code: 'offline', message: '' } } : { ok: true, value: { troubles: atTheHost } };
    const stop = watchTroubles({ call } as never, (troubles) => told.push(troubles.length));
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toEqual([0]);
    atTheHost = [refused];
    lost = true;
    await vi.advanceTimersByTimeAsync(20_000);
    lost = false;
    await vi.advanceTimersByTimeAsync(39_999);
    expect(told.at(-1)).toBe(1);
    stop();
    const before = told.length;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(told).toHaveLength(before);
  });

  it('are said in one line, what was refused first', () => {
    expect(troublesLine([])).toBeNull();
    expect(troublesLine([refused])).toBe('1 delivery refused');
    expect(troublesLine([refused, refused, late])).toBe('2 deliveries refused, 1 delivery does not get through');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figure, leastTime, median, ratios, spread } from './figures.ts';

describe('a figure of the bench', () => {
  it('is the middle of what the rounds brought, whatever their order', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }), (values) => {
        const middle = median(values) ?? Number.NaN;
        expect(values.filter((one) => one < middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((one) => one > middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(median(values.toReversed())).toBe(middle);
      }),
    );
  });

  it('counts no round that brought nothing', () => {
    expect(median([null, 5, Number.NaN, 7])).toBe(6);
    expect(spread([null, 5, 7])).toEqual([5, 7]);
    expect(median([null])).toBeNull();
    expect(spread([])).toBeNull();
  });

  it('compares within a round, so that a machine that slows down half way changes nothing', () => {
    expect(ratios([1, 10, 100], [2, 20, 200])).toEqual([0.5, 0.5, 0.5]);
    expect(figure([1, 10, 100], [2, 20, 200], 3)).toBe(0.5);
    expect(ratios([1, null, 3], [2, 2, null])).toEqual([0.5]);
    expect(ratios([1, 2], [0, 4])).toEqual([0.5]);
  });

  it('is none where fewer than half of the rounds brought both sides', () => {
    expect(figure([1, null, null, null, null], [2, 2, 2, 2, 2], 5)).toBeNull();
    expect(figure([1, 1, 1, null, null], [2, 2, 2, 2, 2], 5)).toBe(0.5);
    expect(figure([1, 1], [2], 5)).toBeNull();
    expect(figure([], [], 0)).toBeNull();
  });

  it('takes the slower of stream and decoders as the least that a series can take', () => {
    expect(leastTime(500, 300, 8, 1)).toBe(2_400);
    expect(leastTime(500, 300, 8, 4)).toBe(600);
    expect(leastTime(700, 300, 8, 4)).toBe(700);
    expect(leastTime(100, 300, 1, 0)).toBe(300);
  });
});

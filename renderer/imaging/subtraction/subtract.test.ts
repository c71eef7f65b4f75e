import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DecodedFrame, FrameReference } from '../types.ts';
import { difference, meanOf, moved } from './subtract.ts';

const rows = 5;
const columns = 7;
const source = (values: readonly number[], slope = 1, intercept = 0) => ({
  frame: {
    rows,
    columns,
    colour: false,
    pixels: Uint16Array.from(values),
    min: Math.min(...values),
    max: Math.max(...values),
    slope: 1,
    intercept: 0,
    modalityApplied: false,
    lossy: false,
    voiTables: [],
  } satisfies DecodedFrame,
  reference: { slope, intercept } as FrameReference,
});
const frame = fc.array(fc.nat(4095), { minLength: rows * columns, maxLength: rows * columns });

describe('a mask subtracted', () => {
  test('a frame less itself is nothing, and the values measured are those acquired', () => {
    fc.assert(
      fc.property(frame, fc.boolean(), (values, isLinear) => {
        const one = source(values, 0.5, 3);
        const answer = difference(meanOf([one], isLinear), meanOf([one], isLinear), one.frame);
        expect([answer.min, answer.max, new Set(answer.pixels)]).toEqual([0, 0, new Set([0])]);
        expect(answer.acquired).toBe(one.frame);
      }),
    );
  });

  test('the difference is that of modality values, rounded', () => {
    fc.assert(
      fc.property(frame, frame, frame, (contrast, one, other) => {
        const mask = meanOf([source(one, 2, -5), source(other, 2, -5)], false);
        const answer = difference(meanOf([source(contrast, 2, -5)], false), mask, source(contrast).frame);
        contrast.forEach((value, at) => {
          const expected = 2 * value - ((one[at] ?? 0) + (other[at] ?? 0));
          expect(Math.abs((answer.pixels[at] ?? 0) - expected)).toBeLessThanOrEqual(0.51);
        });
      }),
    );
  });

  test('of values proportional to the beam logarithms are subtracted: a tenth less is a tenth less everywhere', () => {
    const bright = source(Array.from({ length: rows * columns }, (_, at) => 1000 + at * 80));
    const dimmed = source([...bright.frame.pixels].map((value) => Math.round(value * 0.9)));
    const answer = difference(meanOf([dimmed], true), meanOf([bright], true), dimmed.frame);
    for (const value of answer.pixels) expect(Math.abs(value - 1000 * Math.log(0.9))).toBeLessThanOrEqual(1.5);
  });

  test('a mask moved by whole pixels is the mask, as much further down and right', () => {
    fc.assert(
      fc.property(frame, fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }), (values, down, right) => {
        const out = moved(Float32Array.from(values), rows, columns, [down, right]);
        for (let row = 0; row < rows; row += 1)
          for (let column = 0; column < columns; column += 1) {
            const from = [row - down, column - right] as const;
            if (from[0] < 0 || from[0] >= rows || from[1] < 0 || from[1] >= columns) continue;
            expect(out[row * columns + column]).toBe(values[from[0] * columns + from[1]]);
          }
      }),
    );
  });

  test('half a pixel is the mean of two neighbours', () => {
    const values = Float32Array.from({ length: rows * columns }, (_, at) => at * at);
    const right = moved(values, rows, columns, [0, 0.5]);
    expect(right[10]).toBe((100 + 81) / 2);
    const up = moved(values, rows, columns, [-0.5, 0]);
    expect(up[10]).toBe((100 + 17 * 17) / 2);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asAcquired } from './hung.ts';
import { type Box, homeOf, zoomOf } from './placing.ts';

const patient = (row: number, column = row) => ({ kind: 'patient', row, column }) as const;
const positive = fc.integer({ min: 50, max: 4_000 });
const spacing = fc.integer({ min: 5, max: 200 }).map((hundredths) => hundredths / 100);
const box = fc.record({
  screen: fc.tuple(positive, positive),
  columns: positive,
  rows: positive,
  pixel: spacing.map((one) => patient(one)),
  size: fc.constant('same' as const),
});

describe('the size of what a rule hangs', () => {
  test('is one scale for all boxes of the same size, at which each is seen whole', () => {
    fc.assert(
      fc.property(fc.array(box, { minLength: 1, maxLength: 16 }), (boxes: readonly Box[]) => {
        const scales = boxes.map(
          (one) => zoomOf(one, boxes, null) / (one.pixel.kind === 'unknown' ? 1 : one.pixel.column),
        );
        for (const [at, one] of boxes.entries()) {
          expect(scales[at]).toBeCloseTo(scales[0] ?? 0, 8);
          const zoom = zoomOf(one, boxes, null);
          expect(one.columns * zoom).toBeLessThanOrEqual(one.screen[0] + 1e-6);
          expect(one.rows * zoom).toBeLessThanOrEqual(one.screen[1] + 1e-6);
        }
      }),
    );
  });

  test('fits what has no size in the patient, and all that asks for its true size while no screen is measured', () => {
    const plain: Box = { screen: [400, 300], columns: 800, rows: 300, pixel: { kind: 'unknown' }, size: 'same' };
    expect(zoomOf(plain, [plain], null)).toBe(0.5);
    const real: Box = { screen: [400, 300], columns: 100, rows: 100, pixel: patient(2), size: 'true' };
    expect(zoomOf(real, [real], null)).toBe(3);
    expect(zoomOf(real, [real], 4)).toBe(8);
  });

  test('puts a right breast at the right edge and a left one at the left, until it is turned on its side', () => {
    const one: Box = { screen: [400, 300], columns: 100, rows: 100, pixel: patient(1), size: 'same' };
    const right = { ...asAcquired, size: 'same' as const, justification: 'right' as const };
    expect(homeOf(one, [one, null], right, 0)).toEqual({ zoom: 3, edge: 'right' });
    expect(homeOf(one, [one], { ...right, justification: 'left' }, 180)?.edge).toBe('left');
    expect(homeOf(one, [one], right, 90)).toBeNull();
    expect(homeOf(one, [one], asAcquired, 0)).toBeNull();
    expect(homeOf(null, [], right, 0)).toBeNull();
  });
});

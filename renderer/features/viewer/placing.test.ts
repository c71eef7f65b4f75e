import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ViewportHandle } from '../../imaging/index.ts';
import { asAcquired } from './hung.ts';
import { type Box, place, zoomOf } from './placing.ts';

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

  test('brings a right breast to the right edge and a left one to the left', () => {
    // 100 pixels wide in 400: at zoom 2 it stands from 100 to 300.
    const shown = { zoom: 1, left: 150 };
    const handle = {
      state: () => ({ zoom: shown.zoom }),
      zoomBy: (factor: number) => {
        shown.zoom *= factor;
        shown.left = 200 - 50 * shown.zoom;
      },
      toScreen: ([x]: readonly [number, number]) => [shown.left + x * shown.zoom, 0],
      panBy: ([x]: readonly [number, number]) => {
        shown.left += x;
      },
    } as unknown as ViewportHandle;
    const one: Box = { screen: [400, 300], columns: 100, rows: 100, pixel: patient(1), size: 'same' };
    place(handle, one, 2, { ...asAcquired, justification: 'right' });
    expect(shown).toEqual({ zoom: 2, left: 200 });
    place(handle, one, 2, { ...asAcquired, justification: 'left' });
    expect(shown.left).toBe(0);
    place(handle, one, 2, asAcquired);
    expect(shown.left).toBe(100);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Plane, placeOnPlane } from '../../../shared/domain/volume/index.ts';
import type { DecodedFrame, SeriesImages, StudyImages } from '../../imaging/index.ts';
import { coarser, fusionFor, fusionLevels, fusionPixels, fusionScale, hotMetal } from './fusion.ts';

const series = (modality: string, frameOfReferenceUid: string | null, uptake: number | null = null): SeriesImages =>
  ({
    modality,
    frameOfReferenceUid,
    frames: Array.from({ length: 5 }, () => ({ uptake, rescaleUnit: 'Bq/ml' })),
  }) as unknown as SeriesImages;
const study = (...all: readonly SeriesImages[]): StudyImages => ({ series: all }) as unknown as StudyImages;

describe('which PET lies over a series', () => {
  const ct = series('CT', '1.2');
  test('that of its own frame of reference, the one with SUV first', () => {
    const [plain, corrected] = [series('PT', '1.2'), series('PT', '1.2', 0.0005)];
    expect(fusionFor(ct, study(ct, plain, corrected))).toEqual({ ok: true, series: corrected });
  });
  test.each([
    ['holds no PET', ct, study(ct, series('MR', '1.2'))],
    ['another frame of reference', ct, study(ct, series('PT', '1.3', 1))],
    ['name no frame of reference', series('CT', null), study(ct, series('PT', null, 1))],
    ['choose the CT or MR', series('PT', '1.2'), study(ct, series('PT', '1.2'))],
  ])('none else: %s', (words, base, of) => {
    expect(fusionFor(base, of)).toMatchObject({ ok: false, words: expect.stringContaining(words) });
  });
  test('a plane through the CT takes the PET of the CT', () => {
    const pet = series('PT', '1.2', 1);
    const plane = { ...series('CT', '1.2'), computed: { source: ct } } as unknown as SeriesImages;
    expect(fusionFor(plane, study(ct, pet))).toEqual({ ok: true, series: pet });
  });
});

describe('the picture of the PET', () => {
  test('covers exactly the rectangle of the image that it lies over, and is never finer than asked', () => {
    const size = fc.double({ min: 0.2, max: 5, noNaN: true });
    const count = fc.integer({ min: 1, max: 700 });
    fc.assert(
      fc.property(count, count, size, size, size, (rows, columns, row, column, step) => {
        const plane: Plane = {
          origin: [3, -7, 11],
          row: [0, 1, 0],
          column: [0, 0, -1],
          spacing: { row, column },
          rows,
          columns,
        };
        const few = coarser(plane, step);
        for (const [one, other] of [
          [placeOnPlane(plane, [0, 0]), placeOnPlane(few, [0, 0])],
          [placeOnPlane(plane, [columns, rows]), placeOnPlane(few, [few.columns, few.rows])],
        ] as const) {
          for (const axis of [0, 1, 2] as const) expect(other[axis]).toBeCloseTo(one[axis], 6);
        }
        expect(few.columns <= columns && few.rows <= rows).toBe(true);
      }),
    );
  });
  const frame = (...pixels: readonly number[]): DecodedFrame =>
    ({ rows: 1, columns: pixels.length, pixels: Int16Array.from(pixels) }) as unknown as DecodedFrame;
  const rescale = { slope: 2, intercept: 0 };
  test('its colours are those of SUV: value x factor over the top of the scale', () => {
    const scale = { factor: 0.5, unit: 'SUVbw', top: 10 };
    const out = fusionPixels(frame(0, 5, 10, 20, -32_768), -32_768, rescale, scale, 1);
    const rgb = (at: number) => [...out.subarray(at * 4, at * 4 + 3)];
    expect(rgb(1)).toEqual([...hotMetal(128 / 255)]);
    expect(rgb(2)).toEqual([255, 255, 255]);
    expect(rgb(3)).toEqual([255, 255, 255]);
    // What was not acquired, and what takes up nothing, lets the image through.
    expect([out[3], out[19]]).toEqual([0, 0]);
    expect(out[11]).toBe(255);
  });
  test('without SUV the colours go up to a share of the highest value, and say so by their unit', () => {
    expect(fusionScale(series('PT', '1.2'), 4, 1_000)).toEqual({ factor: 1, unit: 'Bq/ml', top: 500 });
    expect(fusionScale(series('PT', '1.2', 0.0005), 4, 1_000)).toEqual({ factor: 0.0005, unit: 'SUVbw', top: 10 });
    for (let level = 1; level < fusionLevels; level += 1)
      expect(fusionScale(series('PT', '1.2', 1), level, 1).top).toBeGreaterThan(
        fusionScale(series('PT', '1.2', 1), level - 1, 1).top,
      );
  });
});

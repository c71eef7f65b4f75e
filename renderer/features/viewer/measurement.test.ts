import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { DecodedFrame, FrameReference, Point } from '../../imaging/index.ts';

// The measures need two rules of imaging, not the drawing engine, which only a browser has.
vi.mock('../../imaging/index.ts', () => import('../../imaging/frame-values.ts'));
const { measure, regionFigures } = await import('./measurement.ts');

const reference: FrameReference = {
  imageId: 'overread:a/1/1.2/1.2.3/1',
  instanceUid: '1.2.3',
  frame: 1,
  instanceNumber: 1,
  description: {
    rows: 100,
    columns: 100,
    samplesPerPixel: 1,
    photometric: 'MONOCHROME2',
    planar: 0,
    bitsAllocated: 16,
    bitsStored: 16,
    highBit: 15,
    signed: false,
    frames: 1,
  },
  orientation: { kind: 'none' },
  position: null,
  pixelSize: { kind: 'patient', row: 0.5, column: 0.25 },
  aspect: [1, 1],
  slope: 2,
  intercept: -1000,
  rescaleUnit: 'HU',
  window: null,
  padding: null,
  needsInstance: false,
  windowFunction: 'linear',
  marks: [],
  inverse: false,
};
const frame: DecodedFrame = {
  rows: 100,
  columns: 100,
  colour: false,
  pixels: Uint16Array.from({ length: 10_000 }, (_, at) => 500 + (at % 100)),
  min: 500,
  max: 599,
  slope: 1,
  intercept: 0,
  modalityApplied: false,
  voiTables: [],
  lossy: false,
};
const of = (tool: Parameters<typeof measure>[0], points: readonly Point[], change: Partial<FrameReference> = {}) =>
  measure(tool, points, { ...reference, ...change }, frame);

describe('measures', () => {
  test('a length uses the size of rows and of columns', () => {
    expect(
      of('length', [
        [0, 0],
        [40, 0],
      ]),
    ).toEqual({ value: 10, unit: 'mm', text: '10.0 mm' });
    expect(
      of('length', [
        [0, 0],
        [0, 40],
      ])?.text,
    ).toBe('20.0 mm');
  });
  test('at the detector it says so; without a size it is told in pixels, and that is said', () => {
    expect(
      of(
        'length',
        [
          [0, 0],
          [40, 0],
        ],
        { pixelSize: { kind: 'detector', row: 0.1, column: 0.1 } },
      )?.text,
    ).toBe('4.0 mm at the detector');
    expect(
      of(
        'length',
        [
          [0, 0],
          [30, 40],
        ],
        { pixelSize: { kind: 'unknown' } },
      ),
    ).toEqual({ value: 50, unit: '1', text: '50 pixels (the image gives no size)' });
  });
  test('an angle is measured in the body, not in pixels that are not square', () => {
    expect(
      of('angle', [
        [20, 0],
        [0, 0],
        [0, 20],
      ])?.value,
    ).toBeCloseTo(90);
    expect(
      of('angle', [
        [20, 0],
        [0, 0],
        [20, 10],
      ])?.value,
    ).toBeCloseTo(45);
    expect(
      of('angle', [
        [5, 5],
        [5, 5],
        [9, 9],
      ]),
    ).toBeNull();
  });
  test('a rectangle tells HU of the pixels inside', () => {
    const rectangle = of('rectangle', [
      [10, 10],
      [20, 20],
    ]);
    expect(rectangle).toMatchObject({ value: 514.5 * 2 - 1000, unit: "[hnsf'U]" });
    expect(rectangle?.text).toBe('mean 29 HU (SD 5.77, 20 to 38), 0.13 cm²');
  });
  test('figures of an ellipse are those of the pixels whose centres lie in it', () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(99), (x1, y1, x2, y2) => {
        fc.pre(Math.abs(x1 - x2) > 1 && Math.abs(y1 - y2) > 1);
        const figures = regionFigures('ellipse', [x1, y1], [x2, y2], reference, frame);
        const inside: number[] = [];
        for (let y = 0; y < 100; y += 1) {
          for (let x = 0; x < 100; x += 1) {
            const across = (x + 0.5 - (x1 + x2) / 2) / ((x2 - x1) / 2);
            const down = (y + 0.5 - (y1 + y2) / 2) / ((y2 - y1) / 2);
            if (across ** 2 + down ** 2 <= 1) inside.push((500 + x) * 2 - 1000);
          }
        }
        expect(figures?.count ?? 0).toBe(inside.length);
        if (figures === null) return;
        expect(figures.mean).toBeCloseTo(inside.reduce((sum, value) => sum + value, 0) / inside.length, 6);
        expect([figures.min, figures.max]).toEqual([Math.min(...inside), Math.max(...inside)]);
      }),
      { numRuns: 60 },
    );
  });
  test('padding is not part of the image', () => {
    const padded: DecodedFrame = {
      ...frame,
      pixels: Uint16Array.from({ length: 10_000 }, (_, at) => (at % 2 === 0 ? 0 : 700)),
    };
    expect(regionFigures('rectangle', [0, 0], [50, 50], { ...reference, padding: 0 }, padded)?.mean).toBe(400);
  });
  test('a point tells its value, outside the image nothing', () => {
    expect(of('probe', [[10.4, 3]])).toEqual({ value: 20, unit: "[hnsf'U]", text: '20 HU' });
    expect(of('probe', [[-1, 3]])).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boxOf,
  crossesItself,
  isInside,
  type MeasurementKind,
  measure,
  measurementText,
  outlineOf,
  type PixelValues,
  type Point,
  pixelArea,
  type QuantityName,
  quantityText,
  regionStatistics,
  type Spacing,
  spacingWords,
  thinned,
} from './index.ts';

const square: Spacing = { source: 'patient', row: 1, column: 1 };
const flat: Spacing = { source: 'patient', row: 0.5, column: 0.25 };
const value = (kind: MeasurementKind, points: readonly Point[], spacing: Spacing, name: QuantityName): number =>
  measure(kind, points, spacing, null).find((one) => one.name === name)?.value ?? Number.NaN;

const image = (rows: number, columns: number, at: (column: number, row: number) => number | null): PixelValues => ({
  rows,
  columns,
  unit: "[hnsf'U]",
  valueAt: at,
});

/** Eighths of a pixel, so that turning them is exact. */
const place = fc.integer({ min: -400, max: 1200 }).map((eighths) => eighths / 8);
const anyPoint = fc.tuple(place, place);
const step = fc.double({ min: 0.05, max: 5, noNaN: true });
const anySpacing = fc.record({ source: fc.constant('patient' as const), row: step, column: step });

test('SUV is told with the activity that the image holds', () => {
  const pet: PixelValues = {
    rows: 8,
    columns: 8,
    unit: '{SUVbw}g/ml',
    before: { unit: 'Bq/ml', factor: 0.0005 },
    valueAt: (column) => column,
  };
  const of = (kind: MeasurementKind, points: readonly Point[]): string =>
    measurementText({ kind, quantities: measure(kind, points, square, pet), spacing: square, label: '' });
  expect(of('probe', [[3, 3]])).toBe('3 SUVbw, 6000 Bq/ml');
  const region: readonly Point[] = [
    [1, 1],
    [4, 4],
  ];
  expect(of('rectangle', region)).toBe('mean 2 SUVbw (SD 0.87, 1 to 3), 4000 Bq/ml, 9.0 mm²');
});

describe('lengths and angles', () => {
  test('a length uses the size of rows and of columns', () => {
    const across: readonly Point[] = [
      [0, 0],
      [40, 0],
    ];
    const down: readonly Point[] = [
      [0, 0],
      [0, 40],
    ];
    expect(measure('length', across, flat, null)).toEqual([{ name: 'length', value: 10, unit: 'mm' }]);
    expect(measure('length', down, flat, null)).toEqual([{ name: 'length', value: 20, unit: 'mm' }]);
  });
  test('without a size a length is in pixels, never in millimetres', () => {
    const points: readonly Point[] = [
      [0, 0],
      [30, 40],
    ];
    const spacing: Spacing = { source: 'none', aspect: 1 };
    const quantities = measure('length', points, spacing, null);
    expect(quantities).toEqual([{ name: 'length', value: 50, unit: '{pixels}' }]);
    expect(measurementText({ kind: 'length', quantities, spacing, label: '' })).toBe(
      '50 pixels (the image gives no size)',
    );
  });
  test('turning and flipping an image changes no length, angle or area', () => {
    const turns: readonly ((point: Point) => Point)[] = [
      ([x, y]) => [100 - x, y],
      ([x, y]) => [x, 100 - y],
      ([x, y]) => [100 - x, 100 - y],
      ([x, y]) => [100 - y, x],
    ];
    fc.assert(
      fc.property(
        fc.constantFrom<MeasurementKind>(
          'length',
          'bidirectional',
          'angle',
          'cobb',
          'ellipse',
          'rectangle',
          'freehand',
        ),
        fc.array(anyPoint, { minLength: 4, maxLength: 4 }),
        anySpacing,
        fc.nat(3),
        (kind, four, spacing, turn) => {
          const points = four.slice(
            0,
            kind === 'angle' || kind === 'freehand' ? 3 : kind === 'bidirectional' || kind === 'cobb' ? 4 : 2,
          );
          const quarter = turn === 3;
          const turned = points.map((point) => turns[turn]?.(point) ?? point);
          const other = quarter ? { ...spacing, row: spacing.column, column: spacing.row } : spacing;
          const before = measure(kind, points, spacing, null);
          const after = measure(kind, turned, other, null);
          expect(after.map((one) => one.name)).toEqual(before.map((one) => one.name));
          for (const [at, one] of before.entries()) expect(after[at]?.value).toBeCloseTo(one.value, 6);
        },
      ),
    );
  });
  test('unequal pixels: an angle is that of the body, not of the screen', () => {
    const points: readonly Point[] = [
      [4, 0],
      [0, 0],
      [4, 2],
    ];
    // 4 columns of 0.25 mm across and 2 rows of 0.5 mm down: 45 degrees.
    expect(value('angle', points, flat, 'angle')).toBeCloseTo(45, 9);
    expect(value('angle', points, square, 'angle')).toBeCloseTo(26.565, 3);
  });
  test('a Cobb angle is the smaller one, whichever way its lines were drawn', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 90, noNaN: true }), fc.boolean(), fc.boolean(), (degrees, one, other) => {
        const radians = (degrees * Math.PI) / 180;
        const first: readonly Point[] = [
          [0, 0],
          [10, 0],
        ];
        const second: readonly Point[] = [
          [50, 50],
          [50 + 10 * Math.cos(radians), 50 + 10 * Math.sin(radians)],
        ];
        const points = [...(one ? first : [...first].reverse()), ...(other ? second : [...second].reverse())];
        expect(value('cobb', points, square, 'angle')).toBeCloseTo(degrees, 6);
      }),
    );
  });
  test('of two diameters the longer is the long axis', () => {
    const points: readonly Point[] = [
      [0, 0],
      [0, 10],
      [0, 0],
      [30, 0],
    ];
    const quantities = measure('bidirectional', points, square, null);
    expect(quantities.map((one) => [one.name, one.value])).toEqual([
      ['long-axis', 30],
      ['short-axis', 10],
    ]);
    expect(measurementText({ kind: 'bidirectional', quantities, spacing: square, label: '' })).toBe('30.0 × 10.0 mm');
  });
  test('heart over thorax', () => {
    const points: readonly Point[] = [
      [30, 50],
      [75, 50],
      [5, 60],
      [95, 60],
    ];
    const spacing: Spacing = { source: 'detector', row: 2, column: 2 };
    const quantities = measure('heart-thorax', points, spacing, null);
    expect(measurementText({ kind: 'heart-thorax', quantities, spacing, label: '' })).toBe(
      '0.50 (90.0 mm of 180.0 mm)',
    );
  });
  test('a line of no length has no angle, and half a drawing measures nothing', () => {
    const still: readonly Point[] = [
      [1, 1],
      [1, 1],
      [4, 2],
    ];
    expect(measure('angle', still, square, null)).toEqual([]);
    expect(measure('cobb', still, square, null)).toEqual([]);
    expect(measure('length', [[1, 1]], square, null)).toEqual([]);
  });
});

describe('regions', () => {
  test('the area of an ellipse is pi a b, of a rectangle its sides', () => {
    fc.assert(
      fc.property(anyPoint, anyPoint, anySpacing, (one, other, spacing) => {
        const width = Math.abs(one[0] - other[0]) * spacing.column;
        const height = Math.abs(one[1] - other[1]) * spacing.row;
        expect(value('ellipse', [one, other], spacing, 'area')).toBeCloseTo((Math.PI * width * height) / 4, 5);
        expect(value('rectangle', [one, other], spacing, 'area')).toBeCloseTo(width * height, 5);
      }),
    );
  });
  test('a drawn outline around an ellipse has nearly its area', () => {
    const corners: readonly Point[] = [
      [10, 10],
      [90, 50],
    ];
    const drawn = pixelArea('freehand', outlineOf('ellipse', corners));
    expect((drawn ?? 0) / (pixelArea('ellipse', corners) ?? 1)).toBeCloseTo(1, 2);
  });
  test('an outline that crosses itself has no area, and says so', () => {
    const eight: readonly Point[] = [
      [0, 0],
      [10, 10],
      [10, 0],
      [0, 10],
    ];
    expect(crossesItself(eight)).toBe(true);
    const quantities = measure(
      'freehand',
      eight,
      square,
      image(20, 20, () => 7),
    );
    expect(quantities.some((one) => one.name === 'area')).toBe(false);
    expect(measurementText({ kind: 'freehand', quantities, spacing: square, label: '' })).toContain('no area');
  });
  test('statistics are those of every pixel whose centre is inside, padding left out', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ellipse' as const, 'rectangle' as const, 'freehand' as const),
        fc.array(anyPoint, { minLength: 3, maxLength: 8 }),
        fc.integer(),
        (kind, points, seed) => {
          const at = (column: number, row: number): number | null => {
            const mixed = Math.imul(column * 31 + row * 17 + seed, 2654435761) >>> 20;
            return mixed % 7 === 0 ? null : mixed - 2048;
          };
          const values: number[] = [];
          for (let row = 0; row < 60; row += 1) {
            for (let column = 0; column < 40; column += 1) {
              const one = at(column, row);
              if (isInside(kind, points, [column + 0.5, row + 0.5]) && one !== null) values.push(one);
            }
          }
          const found = regionStatistics(kind, points, image(60, 40, at));
          expect(found?.count ?? 0).toBe(values.length);
          if (found === null) return;
          const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
          const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0);
          expect(found.mean).toBeCloseTo(mean, 6);
          expect(found.deviation).toBeCloseTo(values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)), 6);
          expect(found.minimum).toBe(Math.min(...values));
          expect(found.maximum).toBe(Math.max(...values));
        },
      ),
    );
  });
  test('a small spread on large values is not lost', () => {
    const found = regionStatistics(
      'rectangle',
      [
        [0, 0],
        [2, 1],
      ],
      image(1, 2, (column) => 1e9 + column),
    );
    expect(found).toMatchObject({ count: 2, mean: 1e9 + 0.5 });
    expect(found?.deviation).toBeCloseTo(Math.SQRT1_2, 9);
  });
  test('a colour image has an area and no statistics; outside the image there is nothing', () => {
    const corners: readonly Point[] = [
      [200, 200],
      [220, 210],
    ];
    expect(measure('rectangle', corners, square, null).map((one) => one.name)).toEqual(['area']);
    expect(
      measure(
        'rectangle',
        corners,
        square,
        image(100, 100, () => 1),
      ).map((one) => one.name),
    ).toEqual(['area']);
    expect(
      measure(
        'probe',
        [[-0.5, 3]],
        square,
        image(100, 100, () => 1),
      ),
    ).toEqual([]);
  });
  test('a point tells the pixel under it', () => {
    expect(
      measure(
        'probe',
        [[3.99, 2.01]],
        square,
        image(9, 9, (column, row) => column * 10 + row),
      ),
    ).toEqual([{ name: 'value', value: 32, unit: "[hnsf'U]" }]);
    expect(
      measure(
        'probe',
        [[3, 2]],
        square,
        image(9, 9, () => null),
      ),
    ).toEqual([]);
  });
  test('thinning keeps the outline within its box and below its budget', () => {
    fc.assert(
      fc.property(fc.array(anyPoint, { minLength: 1, maxLength: 400 }), (points) => {
        const kept = thinned(points, 1, 64);
        expect(kept.length).toBeLessThanOrEqual(64);
        const [whole, less] = [boxOf(points), boxOf(kept)];
        expect(less.left).toBeGreaterThanOrEqual(whole.left);
        expect(less.bottom).toBeLessThanOrEqual(whole.bottom);
        expect(kept[0]).toEqual(points[0]);
      }),
    );
  });
});

describe('words', () => {
  test.each([
    [{ name: 'length', value: 48, unit: 'mm' }, '48.0 mm'],
    [{ name: 'area', value: 51.2, unit: 'mm2' }, '51.2 mm²'],
    [{ name: 'area', value: 237, unit: 'mm2' }, '2.37 cm²'],
    [{ name: 'mean', value: -0.001, unit: "[hnsf'U]" }, '0.00 HU'],
    [{ name: 'mean', value: 2.345, unit: '{SUVbw}g/ml' }, '2.35 SUVbw'],
    [{ name: 'value', value: -1024, unit: '1' }, '-1024'],
    [{ name: 'ratio', value: 0.481, unit: '1' }, '0.48'],
    [{ name: 'mean', value: 17.26, unit: 'mL/min' }, '17.3 mL/min'],
  ] as const)('%j is read as %s', (quantity, text) => {
    expect(quantityText(quantity)).toBe(text);
  });
  test.each([
    [{ source: 'patient', row: 1, column: 1 }, ''],
    [{ source: 'detector', row: 1, column: 1 }, 'at the detector'],
    [{ source: 'calibrated', row: 1, column: 1, by: 'FIDUCIAL' }, 'calibrated by a fiducial'],
    [{ source: 'calibrated', row: 1, column: 1, by: null }, 'calibrated'],
    [{ source: 'none', aspect: 1 }, 'the image gives no size'],
  ] as const)('the source of the size, %j, is named', (spacing, words) => {
    expect(spacingWords(spacing)).toBe(words);
  });
});

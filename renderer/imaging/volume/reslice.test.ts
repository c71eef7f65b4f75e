import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  along,
  cross,
  directionsOf,
  leaned,
  type PlaneKind,
  pixelOnPlane,
  placeOnPlane,
  planeAt,
  planeStack,
  planeThrough,
  type Slab,
  type SliceFacts,
  thinSlab,
  type Vector,
  type VolumeGrid,
  volumeGrid,
  voxelAt,
  voxelPlace,
} from '../../../shared/domain/volume/index.ts';
import { vectorLetters } from '../orientation.ts';
import { reslice, type VolumeData } from './reslice.ts';

const outside = -32_768;

/** Slices of a series as an archive would give them, in any direction, any order, with any lean. */
type Shape = {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  readonly spacing: { readonly row: number; readonly column: number };
  readonly apart: number;
  readonly directions: { readonly row: Vector; readonly column: Vector };
  readonly reversed: boolean;
  readonly lean: number;
  /** Rows run the other way, from their other end: the same voxels at the same places. */
  readonly mirrored?: boolean;
};

function slicesOf(shape: Shape): readonly SliceFacts[] {
  const { row, column } = shape.directions;
  const normal = cross(row, column);
  const made = Array.from({ length: shape.slices }, (_, at) => ({
    rows: shape.rows,
    columns: shape.columns,
    spacing: shape.spacing,
    directions: shape.directions,
    position: along([-31, 12, 205], [at * shape.apart, normal], [at * shape.lean, column]),
  }));
  const across = (shape.columns - 1) * shape.spacing.column;
  const written = made.map((one) =>
    shape.mirrored !== true
      ? one
      : {
          ...one,
          position: along(one.position, [across, row]),
          directions: { row: along([0, 0, 0], [-1, row]), column },
        },
  );
  return shape.reversed ? written.reverse() : written;
}

function gridOf(shape: Shape): VolumeGrid {
  const grid = volumeGrid(slicesOf(shape));
  if (!grid.ok) throw new Error(grid.error.words);
  return grid.value;
}

function volumeOf(grid: VolumeGrid, value: (place: Vector) => number): VolumeData {
  const voxels = new Int16Array(grid.columns * grid.rows * grid.slices);
  let at = 0;
  for (let slice = 0; slice < grid.slices; slice += 1)
    for (let row = 0; row < grid.rows; row += 1)
      for (let column = 0; column < grid.columns; column += 1)
        voxels[at++] = Math.round(value(voxelPlace(grid, [column, row, slice])));
  return { grid, voxels, outside, padded: false };
}

/** Half of them along the patient's axes, as most series are: those are computed on a path of their own. */
const turns = fc.oneof(
  fc.record({
    turn: fc.double({ min: -180, max: 180, noNaN: true }),
    tilt: fc.double({ min: -60, max: 60, noNaN: true }),
  }),
  fc.record({ turn: fc.constantFrom(0, 90, 180, -90), tilt: fc.constantFrom(0, 90, -90) }),
);
const directions = turns.map(({ turn, tilt }) => leaned(leaned(directionsOf('axial'), 'column', turn), 'row', tilt));
const shapes: fc.Arbitrary<Shape> = fc.record({
  columns: fc.integer({ min: 4, max: 14 }),
  rows: fc.integer({ min: 4, max: 14 }),
  slices: fc.integer({ min: 3, max: 12 }),
  spacing: fc.oneof(
    fc.record({
      row: fc.double({ min: 0.4, max: 2, noNaN: true }),
      column: fc.double({ min: 0.4, max: 2, noNaN: true }),
    }),
    fc.constantFrom(0.4, 0.5).map((size) => ({ row: size, column: size })),
  ),
  apart: fc.double({ min: 0.5, max: 5, noNaN: true }),
  directions,
  reversed: fc.boolean(),
  lean: fc.constantFrom(0, 0, 0.3),
});
const kinds: fc.Arbitrary<Exclude<PlaneKind, 'oblique'>> = fc.constantFrom('axial', 'coronal', 'sagittal');

describe('a volume is resliced exactly', () => {
  test('a value that grows evenly through the patient is right at every pixel of every plane, however it was acquired', () => {
    fc.assert(
      fc.property(
        shapes,
        kinds,
        fc.double({ min: -40, max: 40, noNaN: true }),
        fc.tuple(
          fc.integer({ min: -20, max: 20 }),
          fc.integer({ min: -20, max: 20 }),
          fc.integer({ min: -20, max: 20 }),
        ),
        (shape, kind, tilt, [a, b, c]) => {
          const grid = gridOf(shape);
          const value = ([x, y, z]: Vector): number => a * x + b * y + c * z;
          const volume = volumeOf(grid, value);
          for (const [name, way] of [
            [kind, directionsOf(kind)],
            ['oblique', leaned(directionsOf(kind), 'row', tilt)],
          ] as const) {
            const stack = planeStack(grid, name, way);
            const plane = planeAt(stack, Math.floor(stack.count / 2));
            const { pixels } = reslice(volume, plane, thinSlab);
            for (let row = 0; row < plane.rows; row += 1) {
              for (let column = 0; column < plane.columns; column += 1) {
                const place = placeOnPlane(plane, [column + 0.5, row + 0.5]);
                const voxel = voxelAt(grid, place);
                const sizes = [grid.columns, grid.rows, grid.slices];
                const found = pixels[row * plane.columns + column] ?? Number.NaN;
                // Half a stored value from the voxels' rounding, half from the picture's own.
                if (voxel.every((one, axis) => one >= 0 && one <= (sizes[axis] ?? 0) - 1))
                  expect(Math.abs(found - value(place))).toBeLessThanOrEqual(1.001);
                if (voxel.some((one, axis) => one < -0.51 || one > (sizes[axis] ?? 0) - 0.49))
                  expect(found).toBe(outside);
              }
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('the planes of an axial series are its own slices, pixel by pixel', () => {
    const shape: Shape = {
      columns: 6,
      rows: 8,
      slices: 4,
      spacing: { row: 0.7, column: 0.7 },
      apart: 2.5,
      directions: directionsOf('axial'),
      reversed: false,
      lean: 0,
    };
    const grid = gridOf(shape);
    const volume = volumeOf(grid, ([x, y, z]) => 17 * x * y + 3 * z * x);
    const stack = planeStack(grid, 'axial', directionsOf('axial'));
    expect([stack.count, stack.first.columns, stack.first.rows]).toEqual([4, 6, 8]);
    for (let slice = 0; slice < 4; slice += 1) {
      const { pixels } = reslice(volume, planeAt(stack, 3 - slice), thinSlab);
      expect([...pixels]).toEqual([...volume.voxels.subarray(slice * 48, slice * 48 + 48)]);
    }
  });

  test('slices in the other order, or rows mirrored in the header with their pixels, give the same picture', () => {
    fc.assert(
      fc.property(shapes, kinds, (shape, kind) => {
        const value = ([x, y, z]: Vector): number => 5 * x + 7 * y - 3 * z + 20 * Math.sin((x * y) / 50);
        const picture = (one: Shape) => {
          const grid = gridOf(one);
          const stack = planeStack(grid, kind, directionsOf(kind), [-31, 12, 205]);
          return [
            ...reslice(volumeOf(grid, value), planeAt(stack, planeThrough(stack, [-31, 12, 205])), thinSlab).pixels,
          ];
        };
        const pixels = picture(shape);
        for (const other of [
          { ...shape, reversed: !shape.reversed },
          { ...shape, mirrored: true },
        ]) {
          // What lies exactly between two whole values may be rounded either way, in a voxel and in the picture.
          const differs = picture(other).filter((one, at) => !(Math.abs(one - (pixels[at] ?? Number.NaN)) <= 2));
          expect(differs).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('a slab', () => {
  test('the highest is never below any plane within it, the lowest never above, the mean between', () => {
    fc.assert(
      fc.property(shapes, kinds, fc.constantFrom(3, 5, 10), fc.integer(), (shape, kind, thickness, seed) => {
        const grid = gridOf(shape);
        const volume = volumeOf(grid, ([x, y, z]) => 900 * Math.sin(seed + 3 * x + 5 * y * z));
        const stack = planeStack(grid, kind, directionsOf(kind));
        const plane = planeAt(stack, Math.floor(stack.count / 2));
        const of = (slab: Slab) => reslice(volume, plane, slab).pixels;
        const [thin, max, min, mean] = [
          of(thinSlab),
          of({ mode: 'max', thickness }),
          of({ mode: 'min', thickness }),
          of({ mode: 'mean', thickness }),
        ];
        for (let at = 0; at < thin.length; at += 1) {
          if (thin[at] === outside) continue;
          const [low, between, high] = [min[at], mean[at], max[at]].map((one) => one ?? Number.NaN);
          // Equal ones may be rounded either way where they lie exactly between two whole values.
          expect((low ?? 0) <= (between ?? 0) + 1 && (between ?? 0) <= (high ?? 0) + 1).toBe(true);
          expect((low ?? 0) <= (thin[at] ?? 0) + 1 && (thin[at] ?? 0) <= (high ?? 0) + 1).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });
  test('a bright voxel anywhere in the slab is in its MIP, and beyond it is not', () => {
    const shape: Shape = {
      columns: 9,
      rows: 9,
      slices: 21,
      spacing: { row: 1, column: 1 },
      apart: 1,
      directions: directionsOf('axial'),
      reversed: false,
      lean: 0,
    };
    const grid = gridOf(shape);
    const stack = planeStack(grid, 'axial', directionsOf('axial'));
    const middle = planeAt(stack, 10);
    for (const slice of [0, 4, 5, 10, 15, 16]) {
      const volume = volumeOf(grid, () => 0);
      volume.voxels[slice * 81 + 4 * 9 + 4] = 1_000;
      const { max } = reslice(volume, middle, { mode: 'max', thickness: 10 });
      expect(max, `slice ${slice}`).toBe(slice >= 5 && slice <= 15 ? 1_000 : 0);
    }
  });
  test('padding is never mixed into what is beside it', () => {
    const shape: Shape = {
      columns: 6,
      rows: 6,
      slices: 4,
      spacing: { row: 1, column: 1 },
      apart: 2.5,
      directions: directionsOf('axial'),
      reversed: false,
      lean: 0,
    };
    const grid = gridOf(shape);
    const made = volumeOf(grid, () => 40);
    made.voxels.subarray(0, 72).fill(outside);
    const volume: VolumeData = { ...made, padded: true };
    const stack = planeStack(grid, 'coronal', directionsOf('coronal'));
    for (const slab of [thinSlab, { mode: 'mean', thickness: 3 }, { mode: 'min', thickness: 3 }] as const) {
      const { pixels } = reslice(volume, planeAt(stack, 3), slab);
      expect([...new Set(pixels)].sort()).toEqual([outside, 40]);
    }
  });
});

describe('letters and places', () => {
  test('each plane stands as it is looked at', () => {
    const letters = (kind: Exclude<PlaneKind, 'oblique'>) => {
      const { row, column } = directionsOf(kind);
      return [vectorLetters(row), vectorLetters(column)];
    };
    expect(letters('axial')).toEqual(['L', 'P']);
    expect(letters('coronal')).toEqual(['L', 'F']);
    expect(letters('sagittal')).toEqual(['P', 'F']);
  });
  test('a point of the patient goes to a pixel and back, and its plane goes through it', () => {
    fc.assert(
      fc.property(shapes, kinds, fc.double({ min: 0, max: 1, noNaN: true }), (shape, kind, share) => {
        const grid = gridOf(shape);
        const point = voxelPlace(grid, [
          share * (grid.columns - 1),
          share * (grid.rows - 1),
          share * (grid.slices - 1),
        ]);
        const stack = planeStack(grid, kind, directionsOf(kind), point);
        const plane = planeAt(stack, planeThrough(stack, point));
        const { pixel, away } = pixelOnPlane(plane, point);
        expect(Math.abs(away)).toBeLessThan(1e-6);
        const back = placeOnPlane(plane, pixel);
        for (const axis of [0, 1, 2] as const) expect(back[axis]).toBeCloseTo(point[axis], 6);
        expect(pixel[0]).toBeGreaterThan(-0.01);
        expect(pixel[0]).toBeLessThan(plane.columns + 0.01);
      }),
    );
  });
});

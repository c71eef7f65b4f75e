import { assertNever } from '../../lib/assert-never.ts';
import { cornersOf, finestStep, middleOf, type VolumeGrid } from './grid.ts';
import { along, between, cross, dot, lengthOf, turned, unit, type Vector } from './vector.ts';

export const planeKinds = ['axial', 'coronal', 'sagittal', 'oblique'] as const;
export type PlaneKind = (typeof planeKinds)[number];

/** A flat picture in the patient: `origin` is the centre of its first pixel. */
export type Plane = {
  readonly origin: Vector;
  /** The way along a row and down a column, of length 1 and at right angles. */
  readonly row: Vector;
  readonly column: Vector;
  /** Millimetres between rows, and between columns. */
  readonly spacing: { readonly row: number; readonly column: number };
  readonly rows: number;
  readonly columns: number;
};

export type PlaneDirections = { readonly row: Vector; readonly column: Vector };

/** Parallel computed planes: the first, and the step to the next in millimetres along their normal. */
export type PlaneStack = {
  readonly kind: PlaneKind;
  readonly first: Plane;
  readonly normal: Vector;
  readonly step: number;
  readonly count: number;
};

/** Most pixels of a computed plane along a side: beyond it a plane is computed coarser, and its pixel size says so. */
const mostPixels = 1024;
const mostPlanes = 2000;

/** As planes are looked at: from the feet (axial), from the front (coronal), from the patient's left (sagittal). */
export function directionsOf(kind: Exclude<PlaneKind, 'oblique'>): PlaneDirections {
  switch (kind) {
    case 'axial':
      return { row: [1, 0, 0], column: [0, 1, 0] };
    case 'coronal':
      return { row: [1, 0, 0], column: [0, 0, -1] };
    case 'sagittal':
      return { row: [0, 1, 0], column: [0, 0, -1] };
    default:
      return assertNever(kind);
  }
}

/** A plane leaning by so many degrees about its own row ("tilt") or its own column ("turn"). */
export function leaned(directions: PlaneDirections, about: 'row' | 'column', degrees: number): PlaneDirections {
  const axis = directions[about];
  const row = unit(about === 'row' ? directions.row : turned(directions.row, axis, degrees));
  const column = about === 'column' ? directions.column : turned(directions.column, axis, degrees);
  // At right angles again after many turns.
  return { row, column: unit(along(column, [-dot(column, row), row])) };
}

/**
 * All planes of these directions through a volume, with square pixels of the volume's finest step. One of them goes through `through`
 * (patient coordinates), so that turning an oblique plane turns it about that point.
 */
export function planeStack(
  grid: VolumeGrid,
  kind: PlaneKind,
  directions: PlaneDirections,
  through: Vector = middleOf(grid),
): PlaneStack {
  const { row, column } = directions;
  // Looked through from the first to the last: downwards, to the back, to the left.
  const crossed = cross(row, column);
  const normal: Vector =
    kind === 'axial'
      ? along([0, 0, 0], [-1, crossed])
      : kind === 'sagittal'
        ? along([0, 0, 0], [-1, crossed])
        : crossed;
  const corners = cornersOf(grid).map((corner) => between(through, corner));
  const range = (axis: Vector): readonly [number, number] => {
    const shares = corners.map((corner) => dot(corner, axis));
    return [Math.min(...shares), Math.max(...shares)];
  };
  const [left, right] = range(row);
  const [top, bottom] = range(column);
  const [near, far] = range(normal);
  const spacing = Math.max(finestStep(grid), (right - left) / mostPixels, (bottom - top) / mostPixels);
  const step = Math.max(stepAlong(grid, normal), (far - near) / mostPlanes);
  // Half a step at each end is the outer half of a voxel; a whole number of steps from the point that a plane has to go through.
  const before = Math.max(0, Math.floor((-near - step / 2) / step + 1e-6));
  const after = Math.max(0, Math.floor((far - step / 2) / step + 1e-6));
  const columns = Math.max(1, Math.ceil((right - left) / spacing - 1e-3));
  const rows = Math.max(1, Math.ceil((bottom - top) / spacing - 1e-3));
  const origin = along(
    through,
    [(left + right) / 2 - ((columns - 1) / 2) * spacing, row],
    [(top + bottom) / 2 - ((rows - 1) / 2) * spacing, column],
    [-before * step, normal],
  );
  return {
    kind,
    first: { origin, row, column, spacing: { row: spacing, column: spacing }, rows, columns },
    normal,
    step,
    count: before + after + 1,
  };
}

/** How far apart planes of this normal lie: the voxels' own step where one runs that way, else the finest. */
function stepAlong(grid: VolumeGrid, normal: Vector): number {
  for (const step of [grid.columnStep, grid.rowStep, grid.sliceStep]) {
    if (Math.abs(dot(unit(step), normal)) > 0.9999) return lengthOf(step);
  }
  return finestStep(grid);
}

/** 0-based; beyond the stack as far as asked. */
export function planeAt(stack: PlaneStack, index: number): Plane {
  return { ...stack.first, origin: along(stack.first.origin, [index * stack.step, stack.normal]) };
}

/** The plane nearest to a point, brought into the stack. */
export function planeThrough(stack: PlaneStack, point: Vector): number {
  const index = Math.round(dot(between(stack.first.origin, point), stack.normal) / stack.step);
  return Math.min(stack.count - 1, Math.max(0, index));
}

/** Image pixels (column, row; whole numbers are corners of pixels) to patient coordinates. */
export function placeOnPlane(plane: Plane, [column, row]: readonly [number, number]): Vector {
  return along(
    plane.origin,
    [(column - 0.5) * plane.spacing.column, plane.row],
    [(row - 0.5) * plane.spacing.row, plane.column],
  );
}

/** Patient coordinates to image pixels of the plane, seen along its normal; `away` is how far from it in millimetres. */
export function pixelOnPlane(
  plane: Plane,
  place: Vector,
): { readonly pixel: readonly [number, number]; readonly away: number } {
  const from = between(plane.origin, place);
  return {
    pixel: [dot(from, plane.row) / plane.spacing.column + 0.5, dot(from, plane.column) / plane.spacing.row + 0.5],
    away: dot(from, unit(cross(plane.row, plane.column))),
  };
}

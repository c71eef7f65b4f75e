import { err, ok, type Result } from '../../lib/result.ts';
import { along, between, cross, dot, lengthOf, unit, type Vector } from './vector.ts';

/** What a slice says of where it lies; null where it does not. */
export type SliceFacts = {
  readonly rows: number;
  readonly columns: number;
  /** Centre of the first pixel (0020,0032). */
  readonly position: Vector | null;
  /** Direction cosines (0020,0037): the way along a row, and down a column. */
  readonly directions: { readonly row: Vector; readonly column: Vector } | null;
  /** Millimetres between rows, and between columns (0028,0030). */
  readonly spacing: { readonly row: number; readonly column: number } | null;
};

/** Voxels in the patient: the centre of voxel (column, row, slice) is origin + column x columnStep + row x rowStep + slice x sliceStep. */
export type VolumeGrid = {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  readonly origin: Vector;
  readonly columnStep: Vector;
  readonly rowStep: Vector;
  /** Not across the slices where the gantry was tilted: the volume is then a leaning one, and planes through it are still true. */
  readonly sliceStep: Vector;
  /** Which of the given slices is the first, the second … of the volume. */
  readonly order: readonly number[];
  /** Degrees between the way from slice to slice and the slices' normal. */
  readonly lean: number;
};

export type VolumeRefusal = {
  readonly code:
    | 'too-few'
    | 'no-place'
    | 'no-size'
    | 'different-shapes'
    | 'different-directions'
    | 'same-place'
    | 'uneven'
    | 'leaning';
  /** Goes on from "No planes can be computed: ". */
  readonly words: string;
};

const refuse = (code: VolumeRefusal['code'], words: string): Result<never, VolumeRefusal> => err({ code, words });

/**
 * The volume that slices make together, or why they make none. They must be parallel, of one shape and evenly apart: what is computed
 * between slices would otherwise lie at the wrong place in the patient. Their order does not matter.
 */
export function volumeGrid(slices: readonly SliceFacts[]): Result<VolumeGrid, VolumeRefusal> {
  const [first] = slices;
  if (first === undefined || slices.length < 3)
    return refuse(
      'too-few',
      `the series has ${slices.length === 1 ? 'one image' : `${slices.length} images`}, and a volume needs three.`,
    );
  const { directions, spacing } = first;
  if (directions === null || slices.some((one) => one.position === null || one.directions === null))
    return refuse('no-place', 'not all images say where in the patient they lie.');
  if (spacing === null || slices.some((one) => one.spacing === null))
    return refuse('no-size', 'not all images say what a pixel measures in the patient.');
  const odd = slices.some(
    (one) =>
      one.rows !== first.rows ||
      one.columns !== first.columns ||
      !near(one.spacing?.row ?? 0, spacing.row) ||
      !near(one.spacing?.column ?? 0, spacing.column),
  );
  if (odd) return refuse('different-shapes', 'its images differ in size.');
  const row = unit(directions.row);
  const column = unit(directions.column);
  const normal = unit(cross(row, column));
  // Half a degree: over half a metre that is some four millimetres, and writers' rounding is far below.
  const aslant = slices.some(
    (one) =>
      dot(unit(one.directions?.row ?? row), row) < 0.99996 ||
      dot(unit(one.directions?.column ?? column), column) < 0.99996,
  );
  if (aslant) return refuse('different-directions', 'its images are not parallel.');
  const places = slices.flatMap((one, index) =>
    one.position === null ? [] : [{ index, position: one.position, depth: dot(one.position, normal) }],
  );
  places.sort((one, other) => one.depth - other.depth);
  const start = places[0];
  const end = places.at(-1);
  if (start === undefined || end === undefined)
    return refuse('no-place', 'not all images say where in the patient they lie.');
  const gaps = places.slice(1).map((place, at) => place.depth - (places[at]?.depth ?? 0));
  if (gaps.some((gap) => gap < 0.01))
    return refuse('same-place', 'several of its images lie at one place (phases, echoes or directions of one slice).');
  const whole = between(start.position, end.position);
  const count = places.length;
  const sliceStep = along([0, 0, 0], [1 / (count - 1), whole]);
  const thickness = dot(sliceStep, normal);
  const lean = (Math.acos(Math.min(1, thickness / lengthOf(sliceStep))) * 180) / Math.PI;
  const tolerance = Math.max(0.05, thickness * 0.08);
  const strays = places.some(
    (place, at) => lengthOf(between(along(start.position, [at, sliceStep]), place.position)) > tolerance,
  );
  if (strays) {
    const sorted = [...gaps].sort((one, other) => one - other);
    const least = sorted[0] ?? 0;
    const most = sorted.at(-1) ?? 0;
    return refuse(
      'uneven',
      most - least > 0.05
        ? `its images lie ${least.toFixed(1)} to ${most.toFixed(1)} mm apart: some are missing, or they were made unevenly.`
        : 'its images do not lie in one straight row.',
    );
  }
  if (lean > 45) return refuse('leaning', `its images lean by ${lean.toFixed(0)}°.`);
  return ok({
    columns: first.columns,
    rows: first.rows,
    slices: count,
    origin: start.position,
    columnStep: along([0, 0, 0], [spacing.column, row]),
    rowStep: along([0, 0, 0], [spacing.row, column]),
    sliceStep,
    order: places.map((place) => place.index),
    lean: lean < 0.1 ? 0 : lean,
  });
}

function near(one: number, other: number): boolean {
  return Math.abs(one - other) <= Math.max(1e-4, Math.abs(other) * 1e-3);
}

/** The centre of a voxel, also between and beyond voxels, in patient coordinates. */
export function voxelPlace(grid: VolumeGrid, [column, row, slice]: Vector): Vector {
  return along(grid.origin, [column, grid.columnStep], [row, grid.rowStep], [slice, grid.sliceStep]);
}

/** Rows of the matrix that turns a step in the patient into voxels: column, row, slice. */
export function voxelsOf(grid: VolumeGrid): readonly [Vector, Vector, Vector] {
  const { columnStep: a, rowStep: b, sliceStep: c } = grid;
  const determinant = dot(a, cross(b, c));
  const over = (vector: Vector): Vector => along([0, 0, 0], [1 / determinant, vector]);
  return [over(cross(b, c)), over(cross(c, a)), over(cross(a, b))];
}

/** A place in the patient as voxels: column, row, slice; whole numbers are centres. */
export function voxelAt(grid: VolumeGrid, place: Vector): Vector {
  const from = between(grid.origin, place);
  const [column, row, slice] = voxelsOf(grid);
  return [dot(column, from), dot(row, from), dot(slice, from)];
}

/** The eight outermost corners of the voxels (not of their centres). */
export function cornersOf(grid: VolumeGrid): readonly Vector[] {
  const ends = (count: number): readonly number[] => [-0.5, count - 0.5];
  return ends(grid.columns).flatMap((column) =>
    ends(grid.rows).flatMap((row) => ends(grid.slices).map((slice) => voxelPlace(grid, [column, row, slice]))),
  );
}

/** The centre of the middle voxel: planes through it go through voxels and not between them. */
export function middleOf(grid: VolumeGrid): Vector {
  const middle = (count: number): number => Math.floor((count - 1) / 2);
  return voxelPlace(grid, [middle(grid.columns), middle(grid.rows), middle(grid.slices)]);
}

/** Millimetres between voxels: the smallest of the three. */
export function finestStep(grid: VolumeGrid): number {
  return Math.min(lengthOf(grid.columnStep), lengthOf(grid.rowStep), lengthOf(grid.sliceStep));
}

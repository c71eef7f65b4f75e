import {
  along,
  cross,
  dot,
  finestStep,
  type Plane,
  type Slab,
  type SlabMode,
  slabOffsets,
  unit,
  type Vector,
  type VolumeGrid,
  voxelAt,
  voxelsOf,
} from '../../../shared/domain/volume/index.ts';

export type Voxels = Int16Array | Uint16Array;

export type VolumeData = {
  readonly grid: VolumeGrid;
  /** Column fastest, then row, then slice. */
  readonly voxels: Voxels;
  /** Stands where nothing was acquired: beyond the volume, and where its own images hold padding. */
  readonly outside: number;
  /** True when voxels hold `outside`: it is then kept out of what is computed between voxels. */
  readonly padded: boolean;
};

export type Resliced = { readonly pixels: Voxels; readonly min: number; readonly max: number };

/**
 * The picture of a plane through a volume: between voxels by trilinear interpolation, rounded to whole stored values; in a slab the
 * highest, the lowest or the mean of planes at most one voxel apart. A place beyond the outer half of the outermost voxels is `outside`
 * and takes no part in a slab.
 */
export function reslice(volume: VolumeData, plane: Plane, slab: Slab): Resliced {
  const count = plane.rows * plane.columns;
  const normal = unit(cross(plane.row, plane.column));
  const offsets = sheetsOf(volume.grid, plane, normal, slab);
  const sheet = new Float32Array(count);
  const whole = offsets.length === 1 ? sheet : new Float32Array(count).fill(Number.NaN);
  const counts = offsets.length > 1 && slab.mode === 'mean' ? new Uint16Array(count) : null;
  for (const offset of offsets) {
    sampleSheet(volume, plane, along(plane.origin, [offset, normal]), sheet);
    if (whole !== sheet) gather(whole, sheet, slab.mode, counts);
  }
  const pixels = volume.voxels instanceof Int16Array ? new Int16Array(count) : new Uint16Array(count);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < count; at += 1) {
    const sum = whole[at] as number;
    const exact = counts === null ? sum : sum / (counts[at] as number);
    const value = Number.isNaN(exact) ? volume.outside : Math.round(exact);
    pixels[at] = value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { pixels, min, max };
}

/**
 * Where a slab is sampled. Between voxels values run straight, so along an axis of the volume the highest and the lowest lie on the
 * voxels themselves or at the slab's ends: there no other sheet is needed.
 */
function sheetsOf(grid: VolumeGrid, plane: Plane, normal: Vector, slab: Slab): readonly number[] {
  const perMillimetre = voxelsOf(grid).map((axis) => dot(axis, normal));
  const axis = perMillimetre.findIndex((one) => Math.abs(one) > 1e-6);
  const across = voxelsOf(grid)[axis as 0] ?? normal;
  // In a leaning volume a plane may go along one axis and still stand elsewhere between voxels in each of its rows.
  const isAlongAxis =
    perMillimetre.filter((one) => Math.abs(one) > 1e-6).length === 1 &&
    Math.abs(dot(across, plane.row)) < 1e-6 &&
    Math.abs(dot(across, plane.column)) < 1e-6;
  const speed = perMillimetre[axis] ?? 0;
  if (!isAlongAxis || slab.thickness <= 0) return slabOffsets(slab, finestStep(grid));
  if (slab.mode === 'mean') return slabOffsets(slab, 1 / Math.abs(speed));
  const start = voxelAt(grid, plane.origin)[axis as 0] ?? 0;
  const ends = [
    start - (slab.thickness / 2) * Math.abs(speed),
    start + (slab.thickness / 2) * Math.abs(speed),
  ] as const;
  const nodes = Array.from(
    { length: Math.max(0, Math.floor(ends[1]) - Math.ceil(ends[0]) + 1) },
    (_, at) => Math.ceil(ends[0]) + at,
  );
  return [...new Set([ends[0], ...nodes, ends[1]])].map((voxel) => (voxel - start) / speed);
}

/** Takes one sheet into the slab; what is not a number was not acquired. */
function gather(whole: Float32Array, sheet: Float32Array, mode: SlabMode, counts: Uint16Array | null): void {
  for (let at = 0; at < whole.length; at += 1) {
    const value = sheet[at] as number;
    if (Number.isNaN(value)) continue;
    const before = whole[at] as number;
    if (counts !== null) counts[at] = (counts[at] as number) + 1;
    if (Number.isNaN(before)) whole[at] = value;
    else if (mode === 'max') whole[at] = Math.max(value, before);
    else if (mode === 'min') whole[at] = Math.min(value, before);
    else whole[at] = before + value;
  }
}

/** Steps of a pixel along a row that keep an index within the outer half of its outermost voxels, as a half-open range. */
function stepsWithin(start: number, step: number, size: number, columns: number): readonly [number, number] {
  const least = -0.5 - 1e-6;
  const most = size - 0.5 + 1e-6;
  if (Math.abs(step) < 1e-12) return start >= least && start <= most ? [0, columns] : [0, 0];
  const one = (least - start) / step;
  const other = (most - start) / step;
  const from = Math.max(0, Math.ceil(Math.min(one, other)));
  const to = Math.min(columns, Math.floor(Math.max(one, other)) + 1);
  return from < to ? [from, to] : [0, 0];
}

function sampleSheet(volume: VolumeData, plane: Plane, origin: Vector, sheet: Float32Array): void {
  if (!sampleAlongAxis(volume, plane, origin, sheet)) sampleAnywhere(volume, plane, origin, sheet);
}

/** A weight this small is what rounding leaves of none. */
const noWeight = 1e-4;

/**
 * Where each row of the picture runs from voxel centre to voxel centre (axial, coronal and sagittal planes of most series), a pixel is a
 * mix of at most four voxels with the same weights all along the row. Answers false where rows run otherwise.
 */
function sampleAlongAxis(volume: VolumeData, plane: Plane, origin: Vector, sheet: Float32Array): boolean {
  const { grid, voxels, padded, outside } = volume;
  const matrix = voxelsOf(grid);
  const step = matrix.map((axis) => dot(axis, plane.row) * plane.spacing.column);
  const axis = step.findIndex((one) => Math.abs(Math.abs(one) - 1) < 1e-6);
  if (axis === -1 || step.some((one, at) => at !== axis && Math.abs(one) > 1e-7)) return false;
  const start = voxelAt(grid, origin);
  const down = matrix.map((row) => dot(row, plane.column) * plane.spacing.row);
  // Rows that wander along their own axis from row to row are not from centre to centre.
  const first = start[axis as 0] ?? 0;
  if (Math.abs(first - Math.round(first)) > 1e-3 || Math.abs(down[axis] ?? 0) * plane.rows > 1e-3) return false;
  const sizes = [grid.columns, grid.rows, grid.slices];
  const strides = [1, grid.columns, grid.columns * grid.rows];
  const forward = (step[axis] ?? 0) > 0 ? 1 : -1;
  const begin = Math.round(first);
  const [from, to] = stepsWithin(begin, forward, sizes[axis] ?? 0, plane.columns);
  const stride = forward * (strides[axis] ?? 0);
  const others = [0, 1, 2].filter((one) => one !== axis);
  sheet.fill(Number.NaN);
  for (let row = 0; row < plane.rows; row += 1) {
    let base = begin * (strides[axis] ?? 0) + from * stride;
    let inside = from < to;
    const shares: [weight: number, offset: number][] = [[1, 0]];
    let nearest = 0;
    for (const other of others) {
      const size = sizes[other] ?? 0;
      const at = (start[other as 0] ?? 0) + row * (down[other] ?? 0);
      if (at < -0.5 - 1e-6 || at > size - 0.5 + 1e-6) inside = false;
      const held = Math.min(size - 1, Math.max(0, at));
      let low = Math.floor(held);
      let share = held - low;
      if (share > 1 - noWeight) low += 1;
      if (share > 1 - noWeight || share < noWeight) share = 0;
      base += low * (strides[other] ?? 0);
      if (share === 0) continue;
      if (share >= 0.5) nearest += strides[other] ?? 0;
      for (const [weight, offset] of [...shares]) shares.push([weight * share, offset + (strides[other] ?? 0)]);
      for (const one of shares.slice(0, shares.length / 2)) one[0] *= 1 - share;
    }
    if (!inside) continue;
    const out = row * plane.columns;
    const [
      [weight1, offset1] = [0, 0],
      [weight2, offset2] = [0, 0],
      [weight3, offset3] = [0, 0],
      [weight4, offset4] = [0, 0],
    ] = shares;
    if (shares.length === 1) {
      for (let column = from, at = base; column < to; column += 1, at += stride) {
        const value = voxels[at] as number;
        if (!padded || value !== outside) sheet[out + column] = value;
      }
      continue;
    }
    for (let column = from, at = base; column < to; column += 1, at += stride) {
      const one = voxels[at + offset1] as number;
      const two = voxels[at + offset2] as number;
      let value = weight1 * one + weight2 * two;
      let isPadded = one === outside || two === outside;
      if (weight3 !== 0) {
        const three = voxels[at + offset3] as number;
        const four = voxels[at + offset4] as number;
        value += weight3 * three + weight4 * four;
        isPadded = isPadded || three === outside || four === outside;
      }
      if (padded && isPadded) {
        // Padding is no value to mix with: the nearest voxel stands for itself.
        value = voxels[at + nearest] as number;
        if (value === outside) continue;
      }
      sheet[out + column] = value;
    }
  }
  return true;
}

function sampleAnywhere(volume: VolumeData, plane: Plane, origin: Vector, sheet: Float32Array): void {
  const { grid, voxels, padded, outside } = volume;
  const matrix = voxelsOf(grid);
  const step = matrix.map((row) => dot(row, plane.row) * plane.spacing.column);
  const down = matrix.map((row) => dot(row, plane.column) * plane.spacing.row);
  const start = voxelAt(grid, origin);
  const [stepX = 0, stepY = 0, stepZ = 0] = step;
  const [lastX, lastY, lastZ] = [grid.columns - 1, grid.rows - 1, grid.slices - 1];
  const strideY = grid.columns;
  const strideZ = grid.columns * grid.rows;
  const { rows, columns } = plane;
  sheet.fill(Number.NaN);
  for (let row = 0; row < rows; row += 1) {
    const rowX = start[0] + row * (down[0] ?? 0);
    const rowY = start[1] + row * (down[1] ?? 0);
    const rowZ = start[2] + row * (down[2] ?? 0);
    const ranges = [
      stepsWithin(rowX, stepX, grid.columns, columns),
      stepsWithin(rowY, stepY, grid.rows, columns),
      stepsWithin(rowZ, stepZ, grid.slices, columns),
    ] as const;
    const from = Math.max(ranges[0][0], ranges[1][0], ranges[2][0]);
    const to = Math.min(ranges[0][1], ranges[1][1], ranges[2][1]);
    let at = row * columns + from;
    for (let column = from; column < to; column += 1, at += 1) {
      let x = rowX + column * stepX;
      let y = rowY + column * stepY;
      let z = rowZ + column * stepZ;
      // The outer half of the outermost voxels has their value.
      if (x < 0) x = 0;
      else if (x > lastX) x = lastX;
      if (y < 0) y = 0;
      else if (y > lastY) y = lastY;
      if (z < 0) z = 0;
      else if (z > lastZ) z = lastZ;
      const x0 = x | 0;
      const y0 = y | 0;
      const z0 = z | 0;
      const fx = x - x0;
      const fy = y - y0;
      const fz = z - z0;
      const dx = x0 < lastX ? 1 : 0;
      const dy = y0 < lastY ? strideY : 0;
      const dz = z0 < lastZ ? strideZ : 0;
      const base = z0 * strideZ + y0 * strideY + x0;
      const v000 = voxels[base] as number;
      const v100 = voxels[base + dx] as number;
      const v010 = voxels[base + dy] as number;
      const v110 = voxels[base + dy + dx] as number;
      const v001 = voxels[base + dz] as number;
      const v101 = voxels[base + dz + dx] as number;
      const v011 = voxels[base + dz + dy] as number;
      const v111 = voxels[base + dz + dy + dx] as number;
      if (
        padded &&
        (v000 === outside ||
          v100 === outside ||
          v010 === outside ||
          v110 === outside ||
          v001 === outside ||
          v101 === outside ||
          v011 === outside ||
          v111 === outside)
      ) {
        // Padding is no value to mix with: the nearest voxel stands for itself.
        const nearest = (fz < 0.5 ? 0 : dz) + (fy < 0.5 ? 0 : dy) + (fx < 0.5 ? 0 : dx) + base;
        const value = voxels[nearest] as number;
        if (value !== outside) sheet[at] = value;
        continue;
      }
      const near = (v000 + (v100 - v000) * fx) * (1 - fy) + (v010 + (v110 - v010) * fx) * fy;
      const far = (v001 + (v101 - v001) * fx) * (1 - fy) + (v011 + (v111 - v011) * fx) * fy;
      sheet[at] = near + (far - near) * fz;
    }
  }
}

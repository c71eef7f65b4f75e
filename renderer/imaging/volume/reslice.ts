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
  const offsets = slabOffsets(slab, finestStep(volume.grid));
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

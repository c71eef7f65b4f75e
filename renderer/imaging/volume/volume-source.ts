import {
  type SliceFacts,
  type VolumeGrid,
  type VolumeRefusal,
  volumeGrid,
} from '../../../shared/domain/volume/index.ts';
import { err, type Result } from '../../../shared/lib/result.ts';
import { rescaleOf } from '../frame-values.ts';
import type { DecodedFrame, FrameReference, SeriesImages } from '../types.ts';
import { outsideVoxel } from './plane-frames.ts';

export type VolumeFailure = {
  readonly code: VolumeRefusal['code'] | 'colour' | 'over-budget' | 'computed' | 'undecodable' | 'cancelled';
  readonly words: string;
};

function factsOf(reference: FrameReference): SliceFacts {
  const { orientation, position, pixelSize, description } = reference;
  return {
    rows: description.rows,
    columns: description.columns,
    position,
    directions: orientation.kind === 'cosines' ? { row: orientation.row, column: orientation.column } : null,
    spacing: pixelSize.kind === 'patient' ? { row: pixelSize.row, column: pixelSize.column } : null,
  };
}

/** The grid of a series' slices, or why its planes cannot be computed, in words that stand by themselves. */
export function gridOfSeries(series: SeriesImages): Result<VolumeGrid, VolumeFailure> {
  const no = (code: VolumeFailure['code'], why: string): Result<never, VolumeFailure> =>
    err({ code, words: `No planes can be computed from this series: ${why}` });
  if (series.computed !== undefined) return no('computed', 'it is computed itself.');
  if (
    series.frames.some(
      (one) => one.description.samplesPerPixel !== 1 || one.description.photometric === 'PALETTE COLOR',
    )
  )
    return no('colour', 'its images are in colour.');
  const grid = volumeGrid(series.frames.map(factsOf));
  return grid.ok ? grid : no(grid.error.code, grid.error.words);
}

/** How stored pixels of each slice become voxels of one scale. */
export type VoxelScale = {
  readonly signed: boolean;
  readonly outside: number;
  /** Voxel to modality value. */
  readonly slope: number;
  readonly intercept: number;
  /** Voxel = pixel x scale + shift, for each frame in the series' order. */
  readonly slices: readonly { readonly scale: number; readonly shift: number }[];
};

/**
 * Stored values are kept as they are where all slices have one rescale. PET has one for each slice (PS3.3 C.8.9.4): then voxels are in
 * steps of the coarsest slice's slope, which is as fine as the series itself says its values are.
 */
export function voxelScale(series: SeriesImages, frames: readonly DecodedFrame[]): VoxelScale {
  const rescales = frames.map((frame, at) => {
    const reference = series.frames[at];
    return reference === undefined ? { slope: 1, intercept: 0 } : rescaleOf(reference, frame);
  });
  const first = rescales[0] ?? { slope: 1, intercept: 0 };
  const highest = Math.max(...frames.map((frame) => frame.max));
  if (rescales.every((one) => one.slope === first.slope && one.intercept === first.intercept)) {
    const signed = highest <= 32_767;
    return {
      signed,
      outside: signed ? outsideVoxel : 0,
      ...first,
      slices: frames.map(() => ({ scale: 1, shift: 0 })),
    };
  }
  const ends = frames.flatMap((frame, at) => {
    const { slope, intercept } = rescales[at] ?? first;
    return [frame.min * slope + intercept, frame.max * slope + intercept];
  });
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  const coarsest = Math.max(...rescales.map((one) => Math.abs(one.slope)));
  const slope = Math.max(coarsest, (high - low) / 65_000) || 1;
  const fits = low / slope > -32_768 && high / slope <= 32_767;
  const intercept = fits ? 0 : (low + high) / 2;
  return {
    signed: true,
    outside: outsideVoxel,
    slope,
    intercept,
    slices: rescales.map((one) => ({ scale: one.slope / slope, shift: (one.intercept - intercept) / slope })),
  };
}

/** Bytes of the voxels. */
export function bytesOf(grid: VolumeGrid): number {
  return grid.columns * grid.rows * grid.slices * 2;
}

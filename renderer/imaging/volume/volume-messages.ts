import type { Plane, Slab, VolumeGrid } from '../../../shared/domain/volume/index.ts';
import type { StoredPixels } from '../types.ts';
import type { Voxels } from './reslice.ts';

export type ToVolumeWorker =
  | {
      readonly type: 'begin';
      readonly grid: VolumeGrid;
      readonly signed: boolean;
      readonly outside: number;
    }
  | {
      readonly type: 'slice';
      readonly slice: number;
      readonly pixels: StoredPixels;
      /** Voxel = pixel x scale + shift, rounded. */
      readonly scale: number;
      readonly shift: number;
      /** Pixel Padding Value (0028,0120): such pixels become `outside`. */
      readonly padding: number | null;
    }
  | { readonly type: 'plane'; readonly request: number; readonly plane: Plane; readonly slab: Slab };

export type FromVolumeWorker =
  | {
      readonly type: 'plane';
      readonly request: number;
      readonly pixels: Voxels;
      readonly min: number;
      readonly max: number;
      /** Of all voxels but padding, lowest and highest. */
      readonly range: readonly [number, number];
    }
  | { readonly type: 'no-room' };

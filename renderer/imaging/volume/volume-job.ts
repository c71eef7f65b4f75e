import { reslice, type VolumeData } from './reslice.ts';
import type { FromVolumeWorker, ToVolumeWorker } from './volume-messages.ts';

type Send = (message: FromVolumeWorker, transfer: Transferable[]) => void;

/** The work of a volume's worker, apart from the thread it runs in: holds the voxels of one series and answers with planes of it. */
export function volumeJob(send: Send): (message: ToVolumeWorker) => void {
  let volume: (VolumeData & { padded: boolean }) | null = null;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;

  function takeSlice(
    into: VolumeData & { padded: boolean },
    message: Extract<ToVolumeWorker, { type: 'slice' }>,
  ): void {
    const { pixels, scale, shift, padding, slice } = message;
    const { voxels, outside, grid } = into;
    const from = slice * grid.rows * grid.columns;
    const plain = scale === 1 && shift === 0 && padding === null;
    for (let at = 0; at < pixels.length; at += 1) {
      const stored = pixels[at] as number;
      if (stored === padding) {
        voxels[from + at] = outside;
        into.padded = true;
        continue;
      }
      const value = plain ? stored : Math.round(stored * scale + shift);
      voxels[from + at] = value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }

  return (message) => {
    switch (message.type) {
      case 'begin': {
        const { grid, signed, outside } = message;
        const count = grid.columns * grid.rows * grid.slices;
        try {
          volume = { grid, voxels: signed ? new Int16Array(count) : new Uint16Array(count), outside, padded: false };
        } catch {
          // What a machine has left is known only when it is asked for.
          send({ type: 'no-room' }, []);
        }
        return;
      }
      case 'slice':
        if (volume !== null) takeSlice(volume, message);
        return;
      case 'plane': {
        if (volume === null) return;
        const { pixels, min, max } = reslice(volume, message.plane, message.slab);
        send({ type: 'plane', request: message.request, pixels, min, max, range: low <= high ? [low, high] : [0, 0] }, [
          pixels.buffer as ArrayBuffer,
        ]);
      }
    }
  };
}

import { type DataSet, items, number, numbers, text } from '../dicom-json.ts';
import type { Point } from '../types.ts';

/** One item of a Mask Subtraction Sequence (0028,6100). Frames are counted from 1. */
export type MaskOperation = {
  readonly kind: 'AVG_SUB' | 'TID' | 'REV_TID';
  /** First and last frames for which it is meant; empty: all for which its frames are there. */
  readonly ranges: readonly (readonly [first: number, last: number])[];
  readonly maskFrames: readonly number[];
  /** Contrast frames that are averaged, beginning with the one that is seen. */
  readonly averaging: number;
  /** By how many pixels the mask goes down and to the right before it is subtracted. */
  readonly shift: Point;
  /** Frames from the mask to the contrast frame (TID Offset). */
  readonly offset: number;
};

/** What is subtracted from what for one frame; frames are counted from 1. */
export type FrameMask = {
  readonly contrast: readonly number[];
  readonly mask: readonly number[];
  readonly shift: Point;
};

const mostFrames = 10_000;

/** Mask operations of an image (PS3.3 C.7.6.10); empty without them, for NONE and for what is not understood. */
export function maskOperations(data: DataSet): readonly MaskOperation[] {
  return items(data, '00286100').flatMap((item): readonly MaskOperation[] => {
    const kind = text(item, '00286101');
    if (kind !== 'AVG_SUB' && kind !== 'TID' && kind !== 'REV_TID') return [];
    const ends = numbers(item, '00286102').slice(0, mostFrames);
    const ranges = Array.from(
      { length: Math.floor(ends.length / 2) },
      (_, at) => [ends[at * 2] ?? 0, ends[at * 2 + 1] ?? 0] as const,
    );
    const maskFrames = numbers(item, '00286110')
      .filter((frame) => frame >= 1)
      .slice(0, mostFrames);
    const [down = 0, right = 0] = numbers(item, '00286114');
    if (kind === 'AVG_SUB' && maskFrames.length === 0) return [];
    // Required for reversed differences: they count from its beginning.
    if (kind === 'REV_TID' && ranges.length === 0) return [];
    return [
      {
        kind,
        ranges,
        maskFrames,
        averaging: Math.max(1, Math.min(64, Math.round(number(item, '00286112') ?? 1))),
        shift: [down, right],
        // Empty means 1.
        offset: number(item, '00286120') ?? 1,
      },
    ];
  });
}

/** The operation for one frame of an image of `count` frames, by PS3.3 C.7.6.10.1.1; null for a frame that is shown as it was acquired. */
export function maskOf(operations: readonly MaskOperation[], frame: number, count: number): FrameMask | null {
  for (const operation of operations) {
    const { kind, ranges, averaging, offset, shift } = operation;
    if (ranges.length > 0 && !ranges.some(([first, last]) => frame >= first && frame <= last)) continue;
    if (kind === 'AVG_SUB') {
      const mask = operation.maskFrames.filter((one) => one <= count);
      if (mask.length === 0 || frame + averaging - 1 > count) continue;
      return { contrast: Array.from({ length: averaging }, (_, at) => frame + at), mask, shift };
    }
    const start = ranges[0]?.[0] ?? 1;
    const mask = kind === 'TID' ? frame - offset : start - offset - (frame - start);
    if (mask < 1 || mask > count || mask === frame) continue;
    return { contrast: [frame], mask: [mask], shift };
  }
  return null;
}

/** "frame 12 less the mean of frames 1, 2, mask 0.5 up, 1 right": what a reader must know of a subtracted picture. */
export function maskWords({ contrast, mask, shift }: FrameMask): string {
  const name = (frames: readonly number[]): string => {
    if (frames.length === 1) return `frame ${frames[0]}`;
    const shown = frames.length > 4 ? `${frames.slice(0, 3).join(', ')} … ${frames.at(-1)}` : frames.join(', ');
    return `the mean of frames ${shown}`;
  };
  const [down, right] = shift;
  const moved = [
    down === 0 ? '' : `${Math.abs(down)} ${down > 0 ? 'down' : 'up'}`,
    right === 0 ? '' : `${Math.abs(right)} ${right > 0 ? 'right' : 'left'}`,
  ].filter((word) => word !== '');
  return `COMPUTED: ${name(contrast)} less ${name(mask)}${moved.length === 0 ? '' : `, mask moved by pixels: ${moved.join(', ')}`}`;
}

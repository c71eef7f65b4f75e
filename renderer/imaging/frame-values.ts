import type { DecodedFrame, FrameReference, PlainValues, SeriesImages, Window } from './types.ts';
import { fullWindow } from './window.ts';

/** Stored value to modality value for this frame. */
export function rescaleOf(
  reference: FrameReference,
  frame: DecodedFrame,
): { readonly slope: number; readonly intercept: number } {
  if (frame.colour || frame.modalityApplied) return { slope: 1, intercept: 0 };
  return {
    slope: reference.slope * frame.slope,
    intercept: reference.slope * frame.intercept + reference.intercept,
  };
}

/** The window that the image itself asks for, else one that suits it. */
export function defaultWindow(reference: FrameReference, series: SeriesImages, frame: DecodedFrame): Window {
  if (frame.colour) return { center: 128, width: 256 };
  if (reference.window !== null) return reference.window;
  const [table] = frame.voiTables;
  if (table !== undefined) return fullWindow(table.firstMapped, table.firstMapped + table.entries.length - 1);
  if (series.modality === 'CT') return { center: 40, width: 400 };
  const { slope, intercept } = rescaleOf(reference, frame);
  const { min, max } =
    frame.volumeRange !== undefined
      ? { min: frame.volumeRange[0], max: frame.volumeRange[1] }
      : reference.padding === null
        ? frame
        : extremesWithout(frame, reference.padding);
  const one = min * slope + intercept;
  const other = max * slope + intercept;
  return fullWindow(Math.min(one, other), Math.max(one, other));
}

/**
 * What the frame is shown by: the reader's own window, else the first table that the image brings, else the window that it asks for.
 * Tables come first: PS3.3 C.11.2.1.1 leaves the choice, and whoever sends a table means its very curve.
 */
export function valuesOfInterest(
  reference: FrameReference,
  series: SeriesImages,
  frame: DecodedFrame,
  own: Window | null,
): PlainValues {
  const [table] = frame.voiTables;
  if (own === null && table !== undefined) return { kind: 'table', table };
  // The function is the image's (0028,1056) and stays when the reader moves its window: the picture changes without a jump.
  const by = frame.colour || (own === null && reference.window === null) ? 'linear' : reference.windowFunction;
  return { kind: 'window', window: own ?? defaultWindow(reference, series, frame), function: by };
}

function extremesWithout(frame: DecodedFrame, padding: number): { readonly min: number; readonly max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of frame.pixels) {
    if (value === padding) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : frame;
}

import type { DecodedFrame, FrameReference, SeriesImages, Window } from './types.ts';
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
  if (series.modality === 'CT') return { center: 40, width: 400 };
  const { slope, intercept } = rescaleOf(reference, frame);
  const { min, max } = reference.padding === null ? frame : extremesWithout(frame, reference.padding);
  const one = min * slope + intercept;
  const other = max * slope + intercept;
  return fullWindow(Math.min(one, other), Math.max(one, other));
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

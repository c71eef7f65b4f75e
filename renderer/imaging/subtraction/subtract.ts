import { rescaleOf } from '../frame-values.ts';
import type { DecodedFrame, FrameReference, Point } from '../types.ts';

/** A decoded grey frame with what turns its stored values into modality values. */
export type SourceFrame = { readonly frame: DecodedFrame; readonly reference: FrameReference };

/** Differences of logarithms are told in thousandths: -105 is a tenth of the beam gone. */
const thousandths = 1_000;

/**
 * Modality values, or thousandths of their natural logarithm where they are proportional to the beam (Pixel Intensity Relationship LIN,
 * 0028,1040): vessels are then equally dark over bone and beside it.
 */
function valuesOf({ frame, reference }: SourceFrame, isLinear: boolean): Float32Array {
  const { slope, intercept } = rescaleOf(reference, frame);
  const table = Float32Array.from({ length: frame.max - frame.min + 1 }, (_, at) => {
    const value = (frame.min + at) * slope + intercept;
    return isLinear ? thousandths * Math.log(Math.max(0, value) + 1) : value;
  });
  const out = new Float32Array(frame.rows * frame.columns);
  for (let at = 0; at < out.length; at += 1) out[at] = table[(frame.pixels[at] ?? 0) - frame.min] ?? 0;
  return out;
}

/** The mean of frames of one size. */
export function meanOf(frames: readonly SourceFrame[], isLinear: boolean): Float32Array {
  const [first, ...rest] = frames;
  if (first === undefined) return new Float32Array(0);
  const sum = valuesOf(first, isLinear);
  for (const one of rest) {
    const values = valuesOf(one, isLinear);
    for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + (values[at] ?? 0);
  }
  if (frames.length > 1) for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) / frames.length;
  return sum;
}

/** The picture moved down and right by parts of pixels, straight between neighbours; what comes from outside is its edge. */
export function moved(values: Float32Array, rows: number, columns: number, [down, right]: Point): Float32Array {
  if (down === 0 && right === 0) return values;
  const out = new Float32Array(values.length);
  const [wholeRows, wholeColumns] = [Math.floor(-down), Math.floor(-right)];
  const [partOfRow, partOfColumn] = [-down - wholeRows, -right - wholeColumns];
  const inside = (at: number, count: number): number => Math.min(count - 1, Math.max(0, at));
  for (let row = 0; row < rows; row += 1) {
    const above = inside(row + wholeRows, rows) * columns;
    const below = inside(row + wholeRows + 1, rows) * columns;
    for (let column = 0; column < columns; column += 1) {
      const left = inside(column + wholeColumns, columns);
      const next = inside(column + wholeColumns + 1, columns);
      const upper = (values[above + left] ?? 0) * (1 - partOfColumn) + (values[above + next] ?? 0) * partOfColumn;
      const lower = (values[below + left] ?? 0) * (1 - partOfColumn) + (values[below + next] ?? 0) * partOfColumn;
      out[row * columns + column] = upper * (1 - partOfRow) + lower * partOfRow;
    }
  }
  return out;
}

/** Contrast less mask, in whole numbers. `acquired` is the frame that is seen: measurements are made on its values. */
export function difference(contrast: Float32Array, mask: Float32Array, acquired: DecodedFrame): DecodedFrame {
  const pixels = new Int16Array(contrast.length);
  let min = 0;
  let max = 0;
  for (let at = 0; at < pixels.length; at += 1) {
    const value = Math.round(Math.min(32_767, Math.max(-32_768, (contrast[at] ?? 0) - (mask[at] ?? 0))));
    pixels[at] = value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const { rows, columns, lossy } = acquired;
  const how = { slope: 1, intercept: 0, modalityApplied: true, voiTables: [], colour: false };
  return { rows, columns, pixels, min, max, lossy, ...how, acquired };
}

/** The window in which differences are first seen: none of them is the middle grey. */
export function differenceWindow({ description }: FrameReference, isLinear: boolean) {
  return { center: 0, width: isLinear ? 600 : Math.max(16, 2 ** description.bitsStored / 4) };
}

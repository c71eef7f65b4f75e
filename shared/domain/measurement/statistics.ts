import type { Point } from './measurement.ts';
import { boxOf, isInside } from './outline.ts';

/** The decoded values of one frame after the modality transformation (PS3.3 C.11.1), never what a window makes of them. */
export type PixelValues = {
  readonly rows: number;
  readonly columns: number;
  /** UCUM; `1` where the images name no unit. */
  readonly unit: string;
  /** What values are in before they are told in `unit`: SUV is told with the Bq/ml that it comes from. */
  readonly before?: { readonly unit: string; readonly factor: number };
  /** Null for padding (0028,0120), which is not part of the image. Only asked for pixels that the frame has. */
  valueAt(column: number, row: number): number | null;
};

export type RegionStatistics = {
  readonly count: number;
  readonly mean: number;
  /** Of the sample (n - 1); 0 for a single pixel. */
  readonly deviation: number;
  readonly minimum: number;
  readonly maximum: number;
};

/** Figures over the pixels whose centre lies in the region; null when there is none. */
export function regionStatistics(
  kind: 'ellipse' | 'rectangle' | 'freehand',
  points: readonly Point[],
  pixels: PixelValues,
): RegionStatistics | null {
  const box = boxOf(points);
  let count = 0;
  let mean = 0;
  let spread = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let row = Math.max(0, Math.floor(box.top)); row < Math.min(pixels.rows, Math.ceil(box.bottom)); row += 1) {
    const lastColumn = Math.min(pixels.columns, Math.ceil(box.right));
    for (let column = Math.max(0, Math.floor(box.left)); column < lastColumn; column += 1) {
      if (!isInside(kind, points, [column + 0.5, row + 0.5])) continue;
      const value = pixels.valueAt(column, row);
      if (value === null) continue;
      // Welford: no loss where values are large and their spread is small.
      count += 1;
      const before = value - mean;
      mean += before / count;
      spread += before * (value - mean);
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
    }
  }
  if (count === 0) return null;
  return { count, mean, deviation: count < 2 ? 0 : Math.sqrt(spread / (count - 1)), minimum, maximum };
}

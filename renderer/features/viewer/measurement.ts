import type { DecodedFrame, FrameReference, PixelSize, Point } from '../../imaging/index.ts';
import { rescaleOf } from '../../imaging/index.ts';

export type MeasureTool = 'length' | 'angle' | 'ellipse' | 'rectangle' | 'probe';

/** Points in image pixels (column, row); whole numbers are corners of pixels. Ellipse and rectangle by two opposite corners. */
export type Measured = {
  readonly value: number;
  /** UCUM; `1` where there is no unit (pixels, uncalibrated values). */
  readonly unit: string;
  readonly text: string;
};

/** Points that a tool needs before it measures. */
export const pointsNeeded: { readonly [Tool in MeasureTool]: number } = {
  length: 2,
  angle: 3,
  ellipse: 2,
  rectangle: 2,
  probe: 1,
};

/** Millimetres of a step by image pixels, or null where the image gives no size: then lengths are told in pixels, and that is said. */
function stepLength(size: PixelSize, aspect: readonly [number, number], from: Point, to: Point): number {
  const row = size.kind === 'unknown' ? aspect[0] / aspect[1] : size.row;
  const column = size.kind === 'unknown' ? 1 : size.column;
  return Math.hypot((to[0] - from[0]) * column, (to[1] - from[1]) * row);
}

export function measure(
  tool: MeasureTool,
  points: readonly Point[],
  reference: FrameReference,
  frame: DecodedFrame,
): Measured | null {
  const [first, second, third] = points;
  if (first === undefined) return null;
  switch (tool) {
    case 'length':
      return second === undefined ? null : lengthOf(first, second, reference);
    case 'angle':
      return second === undefined || third === undefined ? null : angleOf(first, second, third, reference);
    case 'ellipse':
    case 'rectangle':
      return second === undefined ? null : regionOf(tool, first, second, reference, frame);
    case 'probe':
      return probeOf(first, reference, frame);
  }
}

function lengthOf(from: Point, to: Point, reference: FrameReference): Measured {
  const { pixelSize } = reference;
  const value = stepLength(pixelSize, reference.aspect, from, to);
  if (pixelSize.kind === 'unknown') {
    return { value, unit: '1', text: `${value.toFixed(0)} pixels (the image gives no size)` };
  }
  // Projections are magnified: the size at the detector is not the size in the body (PS3.3 10.7.1.3).
  return {
    value,
    unit: 'mm',
    text: `${value.toFixed(1)} mm${pixelSize.kind === 'detector' ? ' at the detector' : ''}`,
  };
}

/** The angle at the middle point. */
function angleOf(one: Point, vertex: Point, other: Point, reference: FrameReference): Measured | null {
  const scale =
    stepLength(reference.pixelSize, reference.aspect, [0, 0], [0, 1]) /
    stepLength(reference.pixelSize, reference.aspect, [0, 0], [1, 0]);
  const a = [one[0] - vertex[0], (one[1] - vertex[1]) * scale] as const;
  const b = [other[0] - vertex[0], (other[1] - vertex[1]) * scale] as const;
  const lengths = Math.hypot(...a) * Math.hypot(...b);
  if (lengths === 0) return null;
  const value = (Math.acos(Math.min(1, Math.max(-1, (a[0] * b[0] + a[1] * b[1]) / lengths))) * 180) / Math.PI;
  return { value, unit: 'deg', text: `${value.toFixed(1)}°` };
}

export type RegionFigures = {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
};

/** Figures over the pixels whose centre lies inside; padding is not part of the image. Null when there is none. */
export function regionFigures(
  tool: 'ellipse' | 'rectangle',
  one: Point,
  other: Point,
  reference: FrameReference,
  frame: DecodedFrame,
): RegionFigures | null {
  const left = Math.min(one[0], other[0]);
  const right = Math.max(one[0], other[0]);
  const top = Math.min(one[1], other[1]);
  const bottom = Math.max(one[1], other[1]);
  const { slope, intercept } = rescaleOf(reference, frame);
  let count = 0;
  let mean = 0;
  let spread = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(frame.rows, Math.ceil(bottom)); y += 1) {
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(frame.columns, Math.ceil(right)); x += 1) {
      const across = (x + 0.5 - (left + right) / 2) / ((right - left) / 2);
      const down = (y + 0.5 - (top + bottom) / 2) / ((bottom - top) / 2);
      const inside =
        tool === 'ellipse' ? across * across + down * down <= 1 : Math.abs(across) <= 1 && Math.abs(down) <= 1;
      const stored = frame.pixels[y * frame.columns + x];
      if (!inside || stored === undefined || stored === reference.padding) continue;
      const value = stored * slope + intercept;
      // Welford: no loss where values are large and their spread is small.
      count += 1;
      const before = value - mean;
      mean += before / count;
      spread += before * (value - mean);
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return count === 0 ? null : { count, mean, deviation: count < 2 ? 0 : Math.sqrt(spread / (count - 1)), min, max };
}

function regionOf(
  tool: 'ellipse' | 'rectangle',
  one: Point,
  other: Point,
  reference: FrameReference,
  frame: DecodedFrame,
): Measured | null {
  const { pixelSize } = reference;
  const share = tool === 'ellipse' ? Math.PI / 4 : 1;
  const pixels = Math.abs(one[0] - other[0]) * Math.abs(one[1] - other[1]) * share;
  const area =
    pixelSize.kind === 'unknown'
      ? `${pixels.toFixed(0)} pixels, the image gives no size`
      : `${((pixels * pixelSize.row * pixelSize.column) / 100).toFixed(2)} cm²${pixelSize.kind === 'detector' ? ' at the detector' : ''}`;
  if (frame.colour) {
    const value = pixelSize.kind === 'unknown' ? pixels : pixels * pixelSize.row * pixelSize.column;
    return { value, unit: pixelSize.kind === 'unknown' ? '1' : 'mm2', text: `area ${area}` };
  }
  const figures = regionFigures(tool, one, other, reference, frame);
  if (figures === null) return null;
  const unit = reference.rescaleUnit;
  const said = unit === null ? '' : ` ${unit}`;
  return {
    value: figures.mean,
    unit: unit === 'HU' ? "[hnsf'U]" : '1',
    text: `mean ${shown(figures.mean)}${said} (SD ${shown(figures.deviation)}, ${shown(figures.min)} to ${shown(figures.max)}), ${area}`,
  };
}

function probeOf(at: Point, reference: FrameReference, frame: DecodedFrame): Measured | null {
  const x = Math.floor(at[0]);
  const y = Math.floor(at[1]);
  if (frame.colour || x < 0 || y < 0 || x >= frame.columns || y >= frame.rows) return null;
  const { slope, intercept } = rescaleOf(reference, frame);
  const value = (frame.pixels[y * frame.columns + x] ?? 0) * slope + intercept;
  const unit = reference.rescaleUnit;
  return { value, unit: unit === 'HU' ? "[hnsf'U]" : '1', text: `${shown(value)}${unit === null ? '' : ` ${unit}`}` };
}

/** Whole numbers where values are large, two digits where they are small (a PET's uptake). */
function shown(value: number): string {
  return Math.abs(value) >= 100 || Number.isInteger(value)
    ? value.toFixed(0)
    : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

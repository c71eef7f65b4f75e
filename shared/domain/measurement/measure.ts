import type { MeasurementKind, Point, Quantity, QuantityName, Spacing } from './measurement.ts';
import { pointsOf } from './measurement.ts';
import { pixelArea } from './outline.ts';
import { type PixelValues, regionStatistics } from './statistics.ts';

/** Millimetres of a pixel down and across; in pixels (one across) where nothing gives a size. */
export function pixelSteps(spacing: Spacing): {
  readonly row: number;
  readonly column: number;
  readonly unit: 'mm' | '{pixels}';
} {
  return spacing.source === 'none'
    ? { row: spacing.aspect, column: 1, unit: '{pixels}' }
    : { row: spacing.row, column: spacing.column, unit: 'mm' };
}

export function distance(from: Point, to: Point, spacing: Spacing): number {
  const { row, column } = pixelSteps(spacing);
  return Math.hypot((to[0] - from[0]) * column, (to[1] - from[1]) * row);
}

type Line = readonly [Point, Point];

/** Degrees between two directions, 0 to 180; null where one has no length. */
function between([one, oneEnd]: Line, [other, otherEnd]: Line, spacing: Spacing): number | null {
  const { row, column } = pixelSteps(spacing);
  const a = [(oneEnd[0] - one[0]) * column, (oneEnd[1] - one[1]) * row] as const;
  const b = [(otherEnd[0] - other[0]) * column, (otherEnd[1] - other[1]) * row] as const;
  const dot = a[0] * b[0] + a[1] * b[1];
  const cross = a[0] * b[1] - a[1] * b[0];
  if (Math.hypot(...a) === 0 || Math.hypot(...b) === 0) return null;
  return (Math.atan2(Math.abs(cross), dot) * 180) / Math.PI;
}

/**
 * What a drawing measures, in the units of its spacing. Empty while points are missing and for kinds that are words alone; regions of
 * colour images (`pixels` null) have an area and no statistics.
 */
export function measure(
  kind: MeasurementKind,
  points: readonly Point[],
  spacing: Spacing,
  pixels: PixelValues | null,
): readonly Quantity[] {
  if (points.length < pointsOf[kind]) return [];
  const [a, b, c, d] = points;
  const { unit } = pixelSteps(spacing);
  const line = (name: QuantityName, from: Point | undefined, to: Point | undefined): readonly Quantity[] =>
    from === undefined || to === undefined ? [] : [{ name, value: distance(from, to, spacing), unit }];
  const angle = (degrees: number | null): readonly Quantity[] =>
    degrees === null ? [] : [{ name: 'angle', value: degrees, unit: 'deg' }];
  switch (kind) {
    case 'length':
      return line('length', a, b);
    case 'bidirectional': {
      // The longer of the two is the long axis, whichever was drawn first (RECIST).
      const [one, other] = [...line('long-axis', a, b), ...line('short-axis', c, d)];
      if (one === undefined || other === undefined) return [];
      const [long, short] = one.value >= other.value ? [one, other] : [other, one];
      return [
        { ...long, name: 'long-axis' },
        { ...short, name: 'short-axis' },
      ];
    }
    case 'angle':
      return a === undefined || b === undefined || c === undefined ? [] : angle(between([b, a], [b, c], spacing));
    case 'cobb': {
      if (a === undefined || b === undefined || c === undefined || d === undefined) return [];
      // Lines have no direction: of the two angles between them the smaller is told.
      const degrees = between([a, b], [c, d], spacing);
      return angle(degrees === null ? null : Math.min(degrees, 180 - degrees));
    }
    case 'heart-thorax': {
      const widths = [...line('heart-width', a, b), ...line('thorax-width', c, d)];
      const [heart, thorax] = widths;
      if (heart === undefined || thorax === undefined || thorax.value === 0) return [];
      return [...widths, { name: 'ratio', value: heart.value / thorax.value, unit: '1' }];
    }
    case 'ellipse':
    case 'rectangle':
    case 'freehand':
      return regionOf(kind, points, spacing, pixels);
    case 'probe':
      return a === undefined ? [] : probeOf(a, pixels);
    case 'arrow':
    case 'text':
    case 'spine':
      return [];
  }
}

function regionOf(
  kind: 'ellipse' | 'rectangle' | 'freehand',
  points: readonly Point[],
  spacing: Spacing,
  pixels: PixelValues | null,
): readonly Quantity[] {
  const { row, column, unit } = pixelSteps(spacing);
  const square = pixelArea(kind, points);
  // Without a size an area is told in whole pixels, whatever their form.
  const scale = unit === 'mm' ? row * column : 1;
  const area: readonly Quantity[] =
    square === null ? [] : [{ name: 'area', value: square * scale, unit: unit === 'mm' ? 'mm2' : '{pixels}' }];
  const statistics = pixels === null ? null : regionStatistics(kind, points, pixels);
  if (pixels === null || statistics === null) return area;
  const of = (name: QuantityName, value: number): Quantity => ({ name, value, unit: pixels.unit });
  return [
    of('mean', statistics.mean),
    of('deviation', statistics.deviation),
    of('minimum', statistics.minimum),
    of('maximum', statistics.maximum),
    ...beforeOf('mean', statistics.mean, pixels),
    { name: 'count', value: statistics.count, unit: '{pixels}' },
    ...area,
  ];
}

function probeOf(at: Point, pixels: PixelValues | null): readonly Quantity[] {
  const column = Math.floor(at[0]);
  const row = Math.floor(at[1]);
  if (pixels === null || column < 0 || row < 0 || column >= pixels.columns || row >= pixels.rows) return [];
  const value = pixels.valueAt(column, row);
  return value === null ? [] : [{ name: 'value', value, unit: pixels.unit }, ...beforeOf('value', value, pixels)];
}

/** The same figure in the unit that its image holds, where it is told in another. */
function beforeOf(name: QuantityName, value: number, { before }: PixelValues): readonly Quantity[] {
  return before === undefined ? [] : [{ name, value: value / before.factor, unit: before.unit }];
}

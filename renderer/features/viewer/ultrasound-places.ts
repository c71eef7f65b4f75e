import {
  isAnnotation,
  type MeasurementKind,
  type Point,
  type Spacing,
} from '../../../shared/domain/measurement/index.ts';
import { type FrameReference, isInCentimetres, type UltrasoundRegion } from '../../imaging/index.ts';
import { spacingOf } from './frame-pixels.ts';

/** By what points are measured; `refused` says why they are not, with what can be read off all the same. */
export type SpacingAt = { readonly spacing: Spacing } | { readonly refused: string };

/**
 * The scale at these points. An ultrasound image has one for each of its regions (PS3.3 C.8.5.5): a line from one into another, or out of
 * one, has none, and a region in seconds or cm/s has no lengths.
 */
export function spacingAt(
  reference: Pick<FrameReference, 'pixelSize' | 'aspect' | 'regions'>,
  kind: MeasurementKind,
  points: readonly Point[],
): SpacingAt {
  const { regions } = reference;
  if (regions.length === 0 || isAnnotation(kind)) return { spacing: spacingOf(reference) };
  const holding = regions.filter((region) => points.every((point) => isIn(region, point)));
  const [region] = [...holding].sort((one, other) => area(one) - area(other));
  if (region === undefined) {
    const touched = regions.some((one) => points.some((point) => isIn(one, point)));
    // Outside all regions nothing says what a pixel measures.
    return touched
      ? { refused: 'not measured: it leaves its region' }
      : { spacing: { source: 'none', aspect: reference.aspect[0] / reference.aspect[1] } };
  }
  if (isInCentimetres(region))
    return { spacing: { source: 'region', row: region.y.perPixel * 10, column: region.x.perPixel * 10 } };
  return { refused: `${readOff(region, points)} (${region.name}, read off and not kept)` };
}

/** Whether what is measured by the one is measured alike by the other. */
export function sameSpacing(one: Spacing, other: Spacing): boolean {
  const of = (spacing: Spacing): readonly [number, number] =>
    spacing.source === 'none' ? [spacing.aspect, 1] : [spacing.row, spacing.column];
  const [row, column] = of(one);
  const [otherRow, otherColumn] = of(other);
  return one.source === other.source && Math.abs(row - otherRow) < 1e-6 && Math.abs(column - otherColumn) < 1e-6;
}

function isIn(region: UltrasoundRegion, [x, y]: Point): boolean {
  return x >= region.left && x <= region.right && y >= region.top && y <= region.bottom;
}

function area({ left, top, right, bottom }: UltrasoundRegion): number {
  return (right - left) * (bottom - top);
}

/** "0.42 s · 63.0 cm/s" between the first and the last point. */
function readOff(region: UltrasoundRegion, points: readonly Point[]): string {
  const [from, to] = [points[0], points.at(-1)];
  if (from === undefined || to === undefined) return '';
  const along =
    region.x === null ? '' : `${(Math.abs(to[0] - from[0]) * region.x.perPixel).toPrecision(3)} ${region.x.unit}`;
  const down =
    region.y === null ? '' : `${(Math.abs(to[1] - from[1]) * region.y.perPixel).toPrecision(3)} ${region.y.unit}`;
  const said = [along, down].filter((words) => words !== '').join(' · ');
  return said === '' ? 'not measured' : said;
}

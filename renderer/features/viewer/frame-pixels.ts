import type { ImagePlace, PixelValues, Spacing } from '../../../shared/domain/measurement/index.ts';
import type { DecodedFrame, FrameReference, Point, SeriesImages } from '../../imaging/index.ts';
import { rescaleOf } from '../../imaging/index.ts';

/** What the image says of the size of its pixels, as measurements keep it. */
export function spacingOf({ pixelSize, aspect }: Pick<FrameReference, 'pixelSize' | 'aspect'>): Spacing {
  switch (pixelSize.kind) {
    case 'unknown':
      return { source: 'none', aspect: aspect[0] / aspect[1] };
    case 'calibrated':
      return { source: 'calibrated', row: pixelSize.row, column: pixelSize.column, by: pixelSize.by };
    default:
      return { source: pixelSize.kind, row: pixelSize.row, column: pixelSize.column };
  }
}

/** UCUM for what the images name (PS3.3 C.11.1.1.2). */
const ucum: { readonly [unit: string]: string | undefined } = { HU: "[hnsf'U]" };

/**
 * The stored values of a frame through its modality transformation; null for colour, whose values mean nothing by themselves. Where a mask
 * was subtracted, those of the frame as acquired: differences are no measurement.
 */
export function pixelValuesOf(reference: FrameReference, frame: DecodedFrame): PixelValues | null {
  if (frame.colour) return null;
  const acquired = frame.acquired ?? frame;
  const { slope, intercept } = rescaleOf(reference, acquired);
  const { pixels, rows, columns } = acquired;
  const { padding, rescaleUnit, uptake } = reference;
  const factor = uptake ?? 1;
  return {
    rows,
    columns,
    ...(uptake !== null && rescaleUnit === 'Bq/ml' ? { before: { unit: rescaleUnit, factor: uptake } } : {}),
    unit: uptake !== null ? '{SUVbw}g/ml' : rescaleUnit === null ? '1' : (ucum[rescaleUnit] ?? rescaleUnit),
    valueAt: (column, row) => {
      const stored = pixels[row * columns + column];
      return stored === undefined || stored === padding ? null : (stored * slope + intercept) * factor;
    },
  };
}

/** Within the image: graphic data of an SR may not lie outside it (PS3.3 C.18.6.1.2). */
export function within([x, y]: Point, frame: Pick<DecodedFrame, 'rows' | 'columns'>): Point {
  return [Math.min(frame.columns, Math.max(0, x)), Math.min(frame.rows, Math.max(0, y))];
}

/** The frame as the place of a mark. */
export function placeOfFrame(series: SeriesImages, reference: FrameReference): ImagePlace {
  const { studyUid, seriesUid, frameOfReferenceUid, computed } = series;
  const { instanceUid, frame, orientation, position, marks } = reference;
  const place: ImagePlace = { studyUid, seriesUid, instanceUid, frame, frameOfReferenceUid };
  if (computed === undefined || orientation.kind !== 'cosines' || position === null) return place;
  const { row, column } = orientation;
  const sourceSeriesUid = computed.source.seriesUid;
  return { ...place, computed: { words: marks[0] ?? 'computed', sourceSeriesUid, origin: position, row, column } };
}

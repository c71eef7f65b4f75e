import { type DataSet, numbers, text } from './dicom-json.ts';
import { isInCentimetres, ultrasoundRegions } from './objects/ultrasound-regions.ts';
import type { PixelSize } from './types.ts';

/** Modalities whose Pixel Spacing is at the detector unless calibrated (PS3.3 10.7.1.3). */
const projections = new Set(['CR', 'DX', 'MG', 'XA', 'RF', 'RG', 'IO', 'PX', 'XC']);

/**
 * What a pixel measures, or `unknown`: then lengths are told in pixels. `measures` is the functional group (PS3.3 C.7.6.16.2.1) of an
 * enhanced frame, null for others.
 */
export function pixelSize(data: DataSet, measures: DataSet | null, modality: string): PixelSize {
  const enhanced = measures === null ? [] : numbers(measures, '00280030');
  if (positive(enhanced)) return { kind: 'patient', row: enhanced[0], column: enhanced[1] };
  const spacing = numbers(data, '00280030');
  const imager = numbers(data, '00181164');
  if (projections.has(modality)) {
    const type = text(data, '00280A02');
    const by = type === 'GEOMETRY' || type === 'FIDUCIAL' ? type : null;
    // Calibrated where it says so, or where Pixel Spacing differs from the size at the imager (PS3.3 10.7.1.3).
    if (positive(spacing) && (by !== null || (positive(imager) && !same(spacing, imager)))) {
      return { kind: 'calibrated', row: spacing[0], column: spacing[1], by };
    }
    if (positive(imager)) return { kind: 'detector', row: imager[0], column: imager[1] };
    if (positive(spacing)) return { kind: 'detector', row: spacing[0], column: spacing[1] };
    return { kind: 'unknown' };
  }
  if (positive(spacing)) return { kind: 'patient', row: spacing[0], column: spacing[1] };
  return ultrasoundRegion(data) ?? { kind: 'unknown' };
}

function positive(pair: readonly number[]): pair is readonly [number, number] {
  const [row, column] = pair;
  return row !== undefined && column !== undefined && row > 0 && column > 0;
}

function same(one: readonly [number, number], other: readonly [number, number]): boolean {
  return Math.abs(one[0] - other[0]) < 1e-6 && Math.abs(one[1] - other[1]) < 1e-6;
}

/** Sequence of Ultrasound Regions (PS3.3 C.8.5.5): used when every two-dimensional region in cm has the same scale. */
function ultrasoundRegion(data: DataSet): PixelSize | null {
  const scales = ultrasoundRegions(data).regions.flatMap((region) =>
    region.name === '2D' && isInCentimetres(region) ? [[region.y.perPixel * 10, region.x.perPixel * 10] as const] : [],
  );
  const [first] = scales;
  if (first === undefined || scales.some((scale) => !same(scale, first))) return null;
  return { kind: 'region', row: first[0], column: first[1] };
}

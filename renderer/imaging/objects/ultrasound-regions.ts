import { type DataSet, items, number } from '../dicom-json.ts';

/** Physical units of a direction (PS3.3 C.8.5.5.1.15), as far as they are measured in. */
const units: Readonly<Record<number, string>> = {
  1: '%',
  2: 'dB',
  3: 'cm',
  4: 's',
  5: 'Hz',
  6: 'dB/s',
  7: 'cm/s',
  8: 'cm2',
  9: 'cm2/s',
  10: 'cm3',
  11: 'cm3/s',
  12: 'deg',
};

const formats: Readonly<Record<number, string>> = {
  1: '2D',
  2: 'M-mode',
  3: 'spectral',
  4: 'wave form',
  5: 'graphics',
};

export type RegionAxis = { readonly unit: string; readonly perPixel: number };

/** A calibrated part of an ultrasound image (PS3.3 C.8.5.5), in pixels: its edges lie on corners of pixels. */
export type UltrasoundRegion = {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Null where the direction is not measured in. */
  readonly x: RegionAxis | null;
  readonly y: RegionAxis | null;
};

const most = 64;

/**
 * The regions of an image. `fits` is false when one lies outside the image: then it was made for another size of it, and no scale of it
 * can be believed.
 */
export function ultrasoundRegions(data: DataSet): {
  readonly regions: readonly UltrasoundRegion[];
  readonly fits: boolean;
} {
  const rows = number(data, '00280010') ?? 0;
  const columns = number(data, '00280011') ?? 0;
  const regions = items(data, '00186011')
    .slice(0, most)
    .flatMap((item): readonly UltrasoundRegion[] => {
      const [left, top, right, bottom] = ['00186018', '0018601A', '0018601C', '0018601E'].map((tag) =>
        number(item, tag),
      );
      if (left == null || top == null || right == null || bottom == null || right < left || bottom < top) return [];
      return [
        {
          name: formats[number(item, '00186012') ?? 0] ?? 'region',
          left,
          top,
          right: right + 1,
          bottom: bottom + 1,
          x: axisOf(item, '00186024', '0018602C'),
          y: axisOf(item, '00186026', '0018602E'),
        },
      ];
    });
  // Writers count the last pixel as one more now and then.
  const fits = regions.every(
    (one) => one.left >= 0 && one.top >= 0 && one.right <= columns + 1 && one.bottom <= rows + 1,
  );
  return { regions: fits ? regions : [], fits };
}

function axisOf(item: DataSet, unitTag: string, deltaTag: string): RegionAxis | null {
  const unit = units[number(item, unitTag) ?? 0];
  const perPixel = Math.abs(number(item, deltaTag) ?? 0);
  return unit === undefined || !(perPixel > 0) ? null : { unit, perPixel };
}

/** Whether lengths can be measured in a region: centimetres both ways. */
export function isInCentimetres(region: UltrasoundRegion): region is UltrasoundRegion & {
  readonly x: RegionAxis;
  readonly y: RegionAxis;
} {
  return region.x?.unit === 'cm' && region.y?.unit === 'cm';
}

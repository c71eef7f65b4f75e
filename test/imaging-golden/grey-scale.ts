import type { DataSet } from 'dicom-parser';

/** `modality` are the values behind a modality table, null where there is none: then stored values are what is drawn. */
export type ExpectedGreys = {
  readonly lowest: number;
  readonly levels: readonly number[];
  readonly modality: Int32Array | null;
};

/**
 * The greys that an image asks for, straight from PS3.3 C.11.1 (modality) and C.11.2 (values of interest), written here a second time and
 * apart from the product. Null for colour.
 */
export function greyScale(data: DataSet): ((values: Int32Array, frame: number) => ExpectedGreys) | null {
  const photometric = (data.string('x00280004') ?? '').trim();
  if (!photometric.startsWith('MONOCHROME')) return null;
  return (stored, frame) => {
    const lookup = data.elements.x00283000?.items?.[0]?.dataSet;
    const modality = lookup === undefined ? null : stored.map((value) => entry(lookup, value));
    const values = modality ?? stored;
    let lowest = Number.POSITIVE_INFINITY;
    let highest = Number.NEGATIVE_INFINITY;
    for (const value of values) {
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
    const rescale = group(data, frame, 'x00289145') ?? data;
    const voi = group(data, frame, 'x00289132') ?? data;
    const slope = rescale.floatString('x00281053') ?? 1;
    const intercept = rescale.floatString('x00281052') ?? 0;
    const grey = curve(data, voi, values, slope, intercept);
    const shape = data.string('x20500020');
    const inverse = shape === undefined ? photometric === 'MONOCHROME1' : shape === 'INVERSE';
    return {
      modality,
      lowest,
      levels: Array.from({ length: highest - lowest + 1 }, (_, at) => {
        const level = 255 * grey((lowest + at) * slope + intercept);
        return Math.round(inverse ? 255 - level : level);
      }),
    };
  };
}

function curve(
  data: DataSet,
  voi: DataSet,
  values: Int32Array,
  slope: number,
  intercept: number,
): (value: number) => number {
  const table = data.elements.x00283010?.items?.[0]?.dataSet;
  if (table !== undefined) {
    const most = 2 ** (table.uint16('x00283002', 2) ?? 16) - 1;
    return (value) => entry(table, value) / most;
  }
  let c = voi.floatString('x00281050', 0);
  let w = voi.floatString('x00281051', 0);
  if (c === undefined || w === undefined) {
    if (data.string('x00080060') === 'CT') [c, w] = [40, 400];
    else {
      // All values, without the padding (0028,0120).
      const padding = data.elements.x00280120 === undefined ? null : data.uint16('x00280120');
      let from = Number.POSITIVE_INFINITY;
      let to = Number.NEGATIVE_INFINITY;
      for (const stored of values) {
        if (stored === padding) continue;
        from = Math.min(from, stored * slope + intercept);
        to = Math.max(to, stored * slope + intercept);
      }
      c = (from + to + 1) / 2;
      w = to - from + 1;
    }
  }
  const [center, width] = [c, w];
  switch (voi.string('x00281056')) {
    case 'SIGMOID':
      return (x) => 1 / (1 + Math.exp((-4 * (x - center)) / width));
    case 'LINEAR_EXACT':
      return (x) => (x <= center - width / 2 ? 0 : x > center + width / 2 ? 1 : (x - center) / width + 0.5);
    default:
      return (x) => {
        if (x <= center - 0.5 - (width - 1) / 2) return 0;
        if (x > center - 0.5 + (width - 1) / 2) return 1;
        return (x - (center - 0.5)) / (width - 1) + 0.5;
      };
  }
}

/** The entry of a table for a value. Its first value is taken as signed: none of those checked begins above 32767. */
function entry(table: DataSet, value: number): number {
  const count = table.uint16('x00283002', 0) || 65_536;
  const first = table.int16('x00283002', 1) ?? 0;
  const at = value < first ? 0 : value > first + count - 1 ? count - 1 : value - first;
  return table.uint16('x00283006', at) ?? 0;
}

/** The functional group item that holds for a frame (PS3.3 C.7.6.16): its own, else the shared one. */
function group(data: DataSet, frame: number, tag: string): DataSet | null {
  return (
    data.elements.x52009230?.items?.[frame - 1]?.dataSet?.elements[tag]?.items?.[0]?.dataSet ??
    data.elements.x52009229?.items?.[0]?.dataSet?.elements[tag]?.items?.[0]?.dataSet ??
    null
  );
}

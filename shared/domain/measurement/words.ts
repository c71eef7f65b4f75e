import { assertNever } from '../../lib/assert-never.ts';
import type { ImageMeasurement, MeasurementKind, Quantity, QuantityName, Spacing } from './measurement.ts';

export const kindWords: { readonly [Kind in MeasurementKind]: string } = {
  length: 'Length',
  bidirectional: 'Two diameters',
  angle: 'Angle',
  cobb: 'Cobb angle',
  ellipse: 'Ellipse',
  rectangle: 'Rectangle',
  freehand: 'Drawn region',
  arrow: 'Arrow',
  text: 'Text',
  probe: 'Point',
  spine: 'Vertebra',
  'heart-thorax': 'Heart-thorax ratio',
};

/** What of a spacing has to be said beside a number; empty where pixels are sized in the patient. */
export function spacingWords(spacing: Spacing): string {
  switch (spacing.source) {
    case 'patient':
      return '';
    case 'detector':
      return 'at the detector';
    case 'calibrated':
      return spacing.by === 'FIDUCIAL'
        ? 'calibrated by a fiducial'
        : spacing.by === 'GEOMETRY'
          ? 'calibrated by geometry'
          : 'calibrated';
    case 'region':
      return '';
    case 'none':
      return 'the image gives no size';
    default:
      return assertNever(spacing);
  }
}

/** Whole numbers where values are large, two digits where they are small (a PET's uptake). */
function figure(value: number): string {
  const text =
    Math.abs(value) >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
  // No value is "-0": that would read as a negative one.
  return Number(text) === 0 ? text.replace('-', '') : text;
}

const units: { readonly [ucum: string]: string | undefined } = {
  "[hnsf'U]": ' HU',
  '1': '',
  deg: '°',
  '{pixels}': ' pixels',
  '{SUVbw}g/ml': ' SUVbw',
  'Bq/ml': ' Bq/ml',
};

/** A value with its unit as it is read: `48.0 mm`, `45.3°`, `2.37 cm²`, `0.48`. */
export function quantityText({ name, value, unit }: Quantity): string {
  if (unit === 'mm2') return value >= 100 ? `${(value / 100).toFixed(2)} cm²` : `${value.toFixed(1)} mm²`;
  if (unit === 'mm') return `${value.toFixed(1)} mm`;
  if (unit === 'deg') return `${value.toFixed(1)}°`;
  if (unit === '{pixels}') return `${value.toFixed(0)} pixels`;
  if (name === 'ratio') return value.toFixed(2);
  return `${figure(value)}${units[unit] ?? ` ${unit}`}`;
}

/** The one value that stands for a measurement: what growth is computed from and what the report's list keeps. */
const leading: { readonly [Kind in MeasurementKind]: QuantityName | null } = {
  length: 'length',
  bidirectional: 'long-axis',
  angle: 'angle',
  cobb: 'angle',
  ellipse: 'mean',
  rectangle: 'mean',
  freehand: 'mean',
  arrow: null,
  text: null,
  probe: 'value',
  spine: null,
  'heart-thorax': 'ratio',
};

export function leadingQuantity({ kind, quantities }: Pick<ImageMeasurement, 'kind' | 'quantities'>): Quantity | null {
  const name = leading[kind];
  // A region of a colour image has only its area.
  return quantities.find((one) => one.name === name) ?? quantities[0] ?? null;
}

/** What was measured, in the words of the image and of the report: `48.0 mm`, `48.0 × 31.2 mm`, `mean 40 HU (SD 12, 3 to 88), 2.37 cm²`. */
export function measurementText(of: Pick<ImageMeasurement, 'kind' | 'quantities' | 'spacing' | 'label'>): string {
  const { kind, quantities, spacing, label } = of;
  const find = (name: QuantityName): Quantity | undefined => quantities.find((one) => one.name === name);
  const said = spacingWords(spacing);
  const qualified = (text: string): string =>
    said === '' ? text : spacing.source === 'none' ? `${text} (${said})` : `${text} ${said}`;
  switch (kind) {
    case 'arrow':
    case 'text':
    case 'spine':
      return label;
    case 'bidirectional': {
      const long = find('long-axis');
      const short = find('short-axis');
      if (long === undefined || short === undefined) return '';
      return qualified(`${quantityText(long).replace(/ (mm|pixels)$/, '')} × ${quantityText(short)}`);
    }
    case 'heart-thorax': {
      const [ratio, heart, thorax] = [find('ratio'), find('heart-width'), find('thorax-width')];
      if (ratio === undefined || heart === undefined || thorax === undefined) return '';
      return `${quantityText(ratio)} (${quantityText(heart)} of ${quantityText(thorax)})`;
    }
    case 'ellipse':
    case 'rectangle':
    case 'freehand': {
      const area = find('area');
      const size = area === undefined ? 'the outline crosses itself: no area' : qualified(quantityText(area));
      const [mean, deviation, minimum, maximum] = [find('mean'), find('deviation'), find('minimum'), find('maximum')];
      if (mean === undefined || deviation === undefined || minimum === undefined || maximum === undefined)
        return `area ${size}`;
      const spread = `SD ${figure(deviation.value)}, ${figure(minimum.value)} to ${figure(maximum.value)}`;
      return `mean ${quantityText(mean)} (${spread})${beforeText(quantities, mean)}, ${size}`;
    }
    case 'length': {
      const length = find('length');
      return length === undefined ? '' : qualified(quantityText(length));
    }
    case 'angle':
    case 'cobb':
    case 'probe': {
      const [value] = quantities;
      return value === undefined ? '' : `${quantityText(value)}${beforeText(quantities, value)}`;
    }
    default:
      return assertNever(kind);
  }
}

/** ", 12400 Bq/ml": the same figure as the image holds it, beside the one that it is told in. */
function beforeText(quantities: readonly Quantity[], told: Quantity): string {
  const other = quantities.find((one) => one.name === told.name && one.unit !== told.unit);
  return other === undefined ? '' : `, ${quantityText(other)}`;
}

/** For the report: the words with what they are of, where the reader said it: `Segment VI: 48.0 mm`. */
export function reportText(of: ImageMeasurement): string {
  const text = measurementText(of);
  // Whoever reads the report finds no image of the archive with these pixels.
  const where =
    of.place.computed === undefined || text === '' ? '' : ` (on a computed picture: ${of.place.computed.words})`;
  if (of.label === '' || text === of.label) return `${text}${where}`;
  return `${of.label}: ${text}${where}`;
}

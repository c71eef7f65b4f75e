import type { MeasurementKind, QuantityName } from '../../domain/measurement/index.ts';
import { kindWords } from '../../domain/measurement/index.ts';
import type { CodedConcept } from './element.ts';

/** Our own words where no context group has one. */
export const ownScheme = '99OVERREAD';

const own = (value: string, meaning: string): CodedConcept => ({ value, scheme: ownScheme, meaning });
const sct = (value: string, meaning: string): CodedConcept => ({ value, scheme: 'SCT', meaning });

/** Concepts of NUM items: CID 7470 and 7550 for lines and angles, CID 7461 for areas, CID 7464 for statistics (as derivations). */
export const quantityConcepts: { readonly [Name in QuantityName]: CodedConcept } = {
  length: sct('410668003', 'Length'),
  'long-axis': sct('103339001', 'Long Axis'),
  'short-axis': sct('103340004', 'Short Axis'),
  angle: sct('1483009', 'Angle'),
  area: sct('42798000', 'Area'),
  mean: sct('373098007', 'Mean'),
  deviation: sct('386136009', 'Standard Deviation'),
  minimum: sct('255605001', 'Minimum'),
  maximum: sct('56851009', 'Maximum'),
  count: own('PIXEL-COUNT', 'Pixels inside'),
  value: own('PIXEL-VALUE', 'Value of the pixel'),
  'heart-width': own('HEART-WIDTH', 'Width of the heart'),
  'thorax-width': own('THORAX-WIDTH', 'Width of the thorax'),
  ratio: own('HEART-THORAX', 'Heart-thorax ratio'),
};

export const cobbConcept = sct('285285000', 'Cobb angle');

/** What pixels of a unit are values of (CID 7180, 7181); statistics are derivations of it (TID 1419). */
export function pixelConcept(unit: string): CodedConcept {
  if (unit === "[hnsf'U]") return { value: '112031', scheme: 'DCM', meaning: 'Attenuation Coefficient' };
  if (unit === '{SUVbw}g/ml') return { value: '126401', scheme: 'DCM', meaning: 'SUVbw' };
  return own('PIXEL-VALUES', 'Values of the pixels');
}

/** The names that others write, SRT among them, which DICOM gave up for SCT (PS3.16 annex O). Keys are `scheme:value`. */
const known: { readonly [code: string]: QuantityName | undefined } = {
  'SCT:410668003': 'length',
  'SRT:G-D7FE': 'length',
  'DCM:121206': 'length',
  'SCT:103339001': 'long-axis',
  'SRT:G-A185': 'long-axis',
  'SCT:103340004': 'short-axis',
  'SRT:G-A186': 'short-axis',
  'SCT:1483009': 'angle',
  'SRT:M-02550': 'angle',
  'SCT:285285000': 'angle',
  'SCT:42798000': 'area',
  'SRT:G-D705': 'area',
  'SCT:131184002': 'area',
  'SRT:G-A16A': 'area',
  'SCT:373098007': 'mean',
  'SRT:R-00317': 'mean',
  'SCT:386136009': 'deviation',
  'SRT:R-10047': 'deviation',
  'SCT:255605001': 'minimum',
  'SRT:R-404FB': 'minimum',
  'SCT:56851009': 'maximum',
  'SRT:G-A437': 'maximum',
};
const ours = new Map<string, QuantityName>(
  (Object.keys(quantityConcepts) as QuantityName[]).map((name) => {
    const { scheme, value } = quantityConcepts[name];
    return [`${scheme}:${value}`, name] as const;
  }),
);

export function quantityNameOf(code: string): QuantityName | null {
  return (Object.hasOwn(known, code) ? known[code] : undefined) ?? ours.get(code) ?? null;
}

export function kindConcept(kind: MeasurementKind): CodedConcept {
  return own(kind.toUpperCase(), kindWords[kind]);
}

/** Units as a code (PS3.16 CID 82): UCUM, whatever it is. */
export function unitConcept(unit: string): CodedConcept {
  return { value: unit, scheme: 'UCUM', meaning: unit === '1' ? 'no units' : unit };
}

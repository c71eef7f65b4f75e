import {
  boxOf,
  type ImageMeasurement,
  isRegion,
  kindWords,
  type Point,
  type Quantity,
  spacingWords,
} from '../../domain/measurement/index.ts';
import type { Code } from '../../domain/order/index.ts';
import { type DicomJson, tags } from '../dicom-json/index.ts';
import {
  codedItem,
  codeItem,
  container,
  dcm,
  personItem,
  type Relationship,
  textItem,
  uidItem,
} from './content-item.ts';
import { type CodedConcept, line, sequence, strings } from './element.ts';
import { documentHead, type MarksDocument } from './marks-document.ts';
import {
  cobbConcept,
  kindConcept,
  ownScheme,
  pixelConcept,
  quantityConcepts,
  unitConcept,
} from './measurement-codes.ts';
import { procedureCode } from './report-to-sr.ts';

/** Comprehensive SR Storage: coordinates by value (PS3.3 A.35.3). */
export const comprehensiveSrClass = '1.2.840.10008.5.1.4.1.1.88.33';

/** DS is at most 16 characters (PS3.5 table 6.2-1). */
function decimal(value: number): number {
  for (let digits = 15; digits > 5; digits -= 1) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return Number(text);
  }
  return Number(value.toPrecision(5));
}

function item(relationship: Relationship | 'INFERRED FROM' | 'SELECTED FROM', valueType: string): DicomJson {
  return { [tags.RelationshipType]: strings('CS', relationship), [tags.ValueType]: strings('CS', valueType) };
}

function imageItem(one: ImageMeasurement, sopClassUid: string, frames: number): DicomJson {
  return {
    ...item('SELECTED FROM', 'IMAGE'),
    [tags.ReferencedSOPSequence]: sequence({
      [tags.ReferencedSOPClassUID]: strings('UI', sopClassUid),
      [tags.ReferencedSOPInstanceUID]: strings('UI', one.place.instanceUid),
      // Only of multi-frame images (PS3.3 C.17.5.1).
      ...(frames > 1 ? { [tags.ReferencedFrameNumber]: { vr: 'IS', Value: [one.place.frame] } } : {}),
    }),
  };
}

/** SCOORD (PS3.3 C.18.6): FL values, column then row, 0\0 at the upper left corner of the first pixel. */
function coordinates(
  relationship: 'CONTAINS' | 'INFERRED FROM',
  graphic: 'POINT' | 'POLYLINE' | 'ELLIPSE',
  points: readonly Point[],
  image: DicomJson,
): DicomJson {
  return {
    ...item(relationship, 'SCOORD'),
    ...(relationship === 'CONTAINS'
      ? { [tags.ConceptNameCodeSequence]: sequence(codeItem(dcm('111030', 'Image Region'))) }
      : {}),
    [tags.GraphicData]: { vr: 'FL', Value: points.flatMap(([x, y]) => [Math.fround(x), Math.fround(y)]) },
    [tags.GraphicType]: strings('CS', graphic),
    [tags.ContentSequence]: sequence(image),
  };
}

/** The outline of a region: an ellipse by the ends of its longer and its shorter axis, others as a line that ends where it began. */
function regionCoordinates(one: ImageMeasurement, image: DicomJson): DicomJson {
  const { left, top, right, bottom } = boxOf(one.points);
  if (one.kind === 'ellipse') {
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const across: readonly Point[] = [
      [left, y],
      [right, y],
    ];
    const down: readonly Point[] = [
      [x, top],
      [x, bottom],
    ];
    return coordinates(
      'CONTAINS',
      'ELLIPSE',
      right - left >= bottom - top ? [...across, ...down] : [...down, ...across],
      image,
    );
  }
  const corners: readonly Point[] =
    one.kind === 'rectangle'
      ? [
          [left, top],
          [right, top],
          [right, bottom],
          [left, bottom],
        ]
      : one.points;
  return coordinates('CONTAINS', 'POLYLINE', [...corners, ...corners.slice(0, 1)], image);
}

function numberItem(one: ImageMeasurement, quantity: Quantity, children: readonly DicomJson[]): DicomJson {
  const isPixel = ['mean', 'deviation', 'minimum', 'maximum'].includes(quantity.name);
  const concept: CodedConcept = isPixel
    ? pixelConcept(quantity.unit)
    : one.kind === 'cobb' && quantity.name === 'angle'
      ? cobbConcept
      : quantityConcepts[quantity.name];
  const modifier = isPixel
    ? [codedItem('HAS CONCEPT MOD', dcm('121401', 'Derivation'), quantityConcepts[quantity.name])]
    : [];
  const below = [...modifier, ...children];
  return {
    ...item('CONTAINS', 'NUM'),
    [tags.ConceptNameCodeSequence]: sequence(codeItem(concept)),
    [tags.MeasuredValueSequence]: sequence({
      [tags.MeasurementUnitsCodeSequence]: sequence(codeItem(unitConcept(quantity.unit))),
      [tags.NumericValue]: { vr: 'DS', Value: [decimal(quantity.value)] },
    }),
    ...(below.length === 0 ? {} : { [tags.ContentSequence]: sequence(...below) }),
  };
}

/** The points that a number is inferred from: of two lines each number has its own. */
function pointsFor(one: ImageMeasurement, { name }: Quantity): readonly Point[] {
  const [first, second] = [one.points.slice(0, 2), one.points.slice(2, 4)];
  if (one.kind === 'heart-thorax') return name === 'heart-width' ? first : name === 'thorax-width' ? second : [];
  if (one.kind !== 'bidirectional') return one.points;
  const length = (points: readonly Point[]): number => {
    const [from, to] = points;
    const { row, column } = one.spacing.source === 'none' ? { row: one.spacing.aspect, column: 1 } : one.spacing;
    return from === undefined || to === undefined ? 0 : Math.hypot((to[0] - from[0]) * column, (to[1] - from[1]) * row);
  };
  const firstIsLong = length(first) >= length(second);
  return (name === 'long-axis') === firstIsLong ? first : second;
}

/** TID 1501 for lines, angles and points, TID 1410 for regions. */
function group(one: ImageMeasurement, facts: MarksDocument): DicomJson {
  const evidence = facts.evidence.find(({ instanceUid }) => instanceUid === one.place.instanceUid);
  const image = imageItem(one, evidence?.sopClassUid ?? '', evidence?.frames ?? 1);
  const graphic = one.points.length === 1 ? 'POINT' : 'POLYLINE';
  const name = one.label === '' ? `${kindWords[one.kind]} ${one.number}` : one.label;
  const said = spacingWords(one.spacing);
  const inferred = (quantity: Quantity): readonly DicomJson[] => {
    const points = pointsFor(one, quantity);
    return isRegion(one.kind) || points.length === 0 ? [] : [coordinates('INFERRED FROM', graphic, points, image)];
  };
  return container(dcm('125007', 'Measurement Group'), [
    textItem('HAS OBS CONTEXT', dcm('112039', 'Tracking Identifier'), line(name, 64)),
    uidItem('HAS OBS CONTEXT', dcm('112040', 'Tracking Unique Identifier'), one.trackingUid),
    codedItem(
      'HAS CONCEPT MOD',
      { value: 'KIND', scheme: ownScheme, meaning: 'Kind of drawing' },
      kindConcept(one.kind),
    ),
    ...(one.label === '' ? [] : [textItem('HAS CONCEPT MOD', dcm('125309', 'Short label'), one.label)]),
    ...(isRegion(one.kind) ? [regionCoordinates(one, image)] : []),
    ...(one.quantities.length === 0 && !isRegion(one.kind)
      ? [coordinates('CONTAINS', graphic, one.points, image)]
      : []),
    ...one.quantities.map((quantity) => numberItem(one, quantity, inferred(quantity))),
    // Said in words as well, because a number at the detector is not one in the body (PS3.3 10.7.1.3).
    ...(said === '' ? [] : [textItem('CONTAINS', dcm('121106', 'Comment'), `Size of pixels: ${said}.`)]),
  ]);
}

/** Measurements as Comprehensive SR by TID 1500, as DICOM JSON. All are on images of `facts.studyUid` that `facts.evidence` names. */
export function measurementsToSr(
  measurements: readonly ImageMeasurement[],
  facts: MarksDocument & { readonly procedure: Code | null },
): DicomJson {
  return {
    ...documentHead(facts, {
      sopClassUid: comprehensiveSrClass,
      modality: 'SR',
      description: 'Measurements',
      number: 9001,
      title: dcm('126000', 'Imaging Measurement Report'),
      template: '1500',
    }),
    [tags.PerformedProcedureCodeSequence]: sequence(),
    [tags.CompletionFlag]: strings('CS', 'PARTIAL'),
    [tags.VerificationFlag]: strings('CS', 'UNVERIFIED'),
    [tags.ContentSequence]: sequence(
      codedItem('HAS CONCEPT MOD', dcm('121049', 'Language of Content Item and Descendants'), {
        value: 'en-US',
        scheme: 'RFC5646',
        meaning: 'English (United States)',
      }),
      codedItem('HAS OBS CONTEXT', dcm('121005', 'Observer Type'), dcm('121006', 'Person')),
      personItem('HAS OBS CONTEXT', dcm('121008', 'Person Observer Name'), facts.observer),
      codedItem('HAS CONCEPT MOD', dcm('121058', 'Procedure reported'), procedureCode(facts.procedure)),
      container(
        dcm('126010', 'Imaging Measurements'),
        measurements.map((one) => group(one, facts)),
      ),
    ),
  };
}

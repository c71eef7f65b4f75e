import {
  type MeasurementKind,
  measurementKinds,
  mostMarks,
  mostPoints,
  type Point,
  type Quantity,
} from '../../domain/measurement/index.ts';
import { type DicomJson, items, number, personName, tags, text, texts, wholeText } from '../dicom-json/index.ts';
import { ownScheme, quantityNameOf } from './measurement-codes.ts';

/** A measurement as an SR tells it. `image` is null where it names none, or a place in space alone. */
export type ReadMeasurement = {
  readonly trackingUid: string;
  readonly kind: MeasurementKind;
  readonly label: string;
  readonly quantities: readonly Quantity[];
  readonly image: { readonly instanceUid: string; readonly frame: number } | null;
  readonly points: readonly Point[];
  /** Where it lies in the patient, where it names that instead of an image (SCOORD3D, PS3.3 C.18.9); null otherwise. */
  readonly space: SpatialGraphics | null;
  /** What it says of the size of its pixels; empty where it says nothing. */
  readonly comment: string;
};

export type ReadMeasurements = {
  readonly studyUid: string;
  readonly instanceUid: string;
  /** Who wrote it, and with what. */
  readonly observer: string;
  readonly manufacturer: string;
  /** YYYYMMDD. */
  readonly contentDate: string;
  /** Content Date and Time, to tell the newer of two. */
  readonly writtenAt: string;
  readonly measurements: readonly ReadMeasurement[];
};

export type SpacePoint = readonly [x: number, y: number, z: number];

/** Graphics in millimetres of one frame of reference. */
export type SpatialGraphics = {
  readonly frameOfReferenceUid: string;
  readonly graphics: readonly { readonly type: string; readonly points: readonly SpacePoint[] }[];
};

type Code = { readonly key: string; readonly meaning: string };

function codeOf(item: DicomJson, tag: string): Code {
  const code = items(item, tag)[0] ?? {};
  const value = text(code, tags.CodeValue) ?? text(code, tags.LongCodeValue) ?? '';
  return {
    key: `${text(code, tags.CodingSchemeDesignator) ?? ''}:${value}`,
    meaning: text(code, tags.CodeMeaning) ?? '',
  };
}

const conceptOf = (item: DicomJson): string => codeOf(item, tags.ConceptNameCodeSequence).key;
const children = (item: DicomJson): readonly DicomJson[] => items(item, tags.ContentSequence);
const isType = (item: DicomJson, type: string): boolean => text(item, tags.ValueType) === type;

/** Deeper than any writer nests; a document made to exhaust the stack stops here. */
const mostDepth = 24;

function groupsBelow(item: DicomJson, depth: number): readonly DicomJson[] {
  if (depth > mostDepth) return [];
  return children(item).flatMap((child) =>
    conceptOf(child) === 'DCM:125007' ? [child] : groupsBelow(child, depth + 1),
  );
}

/** What a kind is told from: the same of a picture and of the patient. */
type Drawn = { readonly type: string; readonly points: readonly (Point | SpacePoint)[] };
type Graphic = { readonly type: string; readonly points: readonly Point[]; readonly image: ReadMeasurement['image'] };

function graphicOf(item: DicomJson): Graphic | null {
  if (!isType(item, 'SCOORD')) return null;
  const values = texts(item, tags.GraphicData).map(Number);
  const points: Point[] = [];
  for (let at = 0; at + 1 < values.length && points.length < mostPoints; at += 2) {
    const [x, y] = [values[at] ?? Number.NaN, values[at + 1] ?? Number.NaN];
    if (Number.isFinite(x) && Number.isFinite(y)) points.push([x, y]);
  }
  const image = children(item).find((one) => isType(one, 'IMAGE'));
  const sop = image === undefined ? undefined : items(image, tags.ReferencedSOPSequence)[0];
  const instanceUid = sop === undefined ? null : text(sop, tags.ReferencedSOPInstanceUID);
  const frame = sop === undefined ? null : number(sop, tags.ReferencedFrameNumber);
  return {
    type: text(item, tags.GraphicType) ?? '',
    points,
    image: instanceUid === null ? null : { instanceUid, frame: frame !== null && frame >= 1 ? Math.floor(frame) : 1 },
  };
}

function spatialGraphic(
  item: DicomJson,
): { readonly frame: string; readonly type: string; readonly points: readonly SpacePoint[] } | null {
  if (!isType(item, 'SCOORD3D')) return null;
  const frame = text(item, tags.ReferencedFrameOfReferenceUID) ?? '';
  const values = texts(item, tags.GraphicData).map(Number);
  const points: SpacePoint[] = [];
  for (let at = 0; at + 2 < values.length && points.length < mostPoints; at += 3) {
    const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = values.slice(at, at + 3);
    // A point that is none would join two others that have nothing to do with each other.
    if (![x, y, z].every(Number.isFinite)) return null;
    points.push([x, y, z]);
  }
  return frame === '' || points.length === 0 ? null : { frame, type: text(item, tags.GraphicType) ?? '', points };
}

/** Null where there are none, or in more than one frame of reference: no picture holds them together. */
function spaceOf(items: readonly DicomJson[]): SpatialGraphics | null {
  const found = items.map(spatialGraphic).filter((one) => one !== null);
  const [first] = found;
  if (first === undefined || found.some((one) => one.frame !== first.frame)) return null;
  return { frameOfReferenceUid: first.frame, graphics: found.map(({ type, points }) => ({ type, points })) };
}

/** The points that our tools draw of it on a plane, each point of the patient brought there by `toImage`. */
export function pointsInPlane(
  kind: MeasurementKind,
  space: SpatialGraphics,
  toImage: (point: SpacePoint) => Point,
): readonly Point[] {
  return pointsOfGraphics(
    kind,
    space.graphics.map(({ type, points }) => ({ type, points: points.map(toImage), image: null })),
  );
}

/** To the units that we compare in. */
const factors: { readonly [unit: string]: { readonly unit: string; readonly factor: number } | undefined } = {
  cm: { unit: 'mm', factor: 10 },
  cm2: { unit: 'mm2', factor: 100 },
  HU: { unit: "[hnsf'U]", factor: 1 },
  "[hnsf'U]": { unit: "[hnsf'U]", factor: 1 },
};

function quantityOf(item: DicomJson): Quantity | null {
  if (!isType(item, 'NUM')) return null;
  const measured = items(item, tags.MeasuredValueSequence)[0] ?? {};
  const value = number(measured, tags.NumericValue);
  const derivation = children(item).find((one) => conceptOf(one) === 'DCM:121401');
  const name =
    (derivation === undefined ? null : quantityNameOf(codeOf(derivation, tags.ConceptCodeSequence).key)) ??
    quantityNameOf(conceptOf(item));
  if (value === null || name === null) return null;
  const unit = codeOf(measured, tags.MeasurementUnitsCodeSequence)
    .key.replace(/^[^:]*:/, '')
    .slice(0, 64);
  const to = Object.hasOwn(factors, unit) ? factors[unit] : undefined;
  return to === undefined ? { name, value, unit } : { name, value: value * to.factor, unit: to.unit };
}

function ownKind(group: DicomJson): MeasurementKind | null {
  const item = children(group).find((one) => conceptOf(one) === `${ownScheme}:KIND`);
  const key = item === undefined ? '' : codeOf(item, tags.ConceptCodeSequence).key;
  return measurementKinds.find((kind) => key === `${ownScheme}:${kind.toUpperCase()}`) ?? null;
}

function isClosed(points: readonly (Point | SpacePoint)[]): boolean {
  const [first, last] = [points[0], points.at(-1)];
  return (
    points.length > 3 &&
    first !== undefined &&
    last !== undefined &&
    first.every((value, axis) => Math.abs(value - (last[axis] ?? Number.NaN)) < 1e-4)
  );
}

/** The kind that others' graphics and numbers speak of; a `probe` where nothing else fits. */
function kindOf(
  graphics: readonly Drawn[],
  quantities: readonly Quantity[],
  concepts: readonly string[],
): MeasurementKind {
  const has = (name: Quantity['name']): boolean => quantities.some((one) => one.name === name);
  const [first] = graphics;
  if (has('long-axis') && has('short-axis')) return 'bidirectional';
  if (has('angle')) return concepts.includes('SCT:285285000') || first?.points.length === 4 ? 'cobb' : 'angle';
  if (first?.type === 'ELLIPSE' || first?.type === 'CIRCLE') return 'ellipse';
  if (first !== undefined && isClosed(first.points)) return 'freehand';
  if (has('length') || has('long-axis')) return 'length';
  if (has('area') || has('mean')) return 'freehand';
  return 'probe';
}

function pointsOfGraphics(kind: MeasurementKind, graphics: readonly Graphic[]): readonly Point[] {
  const [first] = graphics;
  if (first === undefined) return [];
  switch (kind) {
    case 'bidirectional':
    case 'heart-thorax':
      return graphics.slice(0, 2).flatMap((one) => one.points.slice(0, 2));
    case 'ellipse':
      return ellipseCorners(first);
    case 'rectangle': {
      const [one, , other] = first.points;
      return one === undefined || other === undefined ? [] : [one, other];
    }
    case 'freehand':
      return isClosed(first.points) ? first.points.slice(0, -1) : first.points;
    default:
      return first.points;
  }
}

/** Two opposite corners of the box; empty for an ellipse that is turned, which our tools do not draw. */
function ellipseCorners({ type, points }: Graphic): readonly Point[] {
  const [a, b, c, d] = points;
  if (a === undefined || b === undefined) return [];
  if (type === 'CIRCLE') {
    const radius = Math.hypot(b[0] - a[0], b[1] - a[1]);
    return [
      [a[0] - radius, a[1] - radius],
      [a[0] + radius, a[1] + radius],
    ];
  }
  if (c === undefined || d === undefined) return [];
  const straight = (one: Point, other: Point): boolean =>
    Math.abs(one[0] - other[0]) < 0.01 || Math.abs(one[1] - other[1]) < 0.01;
  if (!straight(a, b) || !straight(c, d)) return [];
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [
    [Math.min(...xs), Math.min(...ys)],
    [Math.max(...xs), Math.max(...ys)],
  ];
}

function readGroup(group: DicomJson): ReadMeasurement | null {
  const own = children(group);
  const trackingUid = own.filter((one) => conceptOf(one) === 'DCM:112040').map((one) => text(one, tags.UID))[0] ?? null;
  if (trackingUid === null) return null;
  const numbers = own.filter((one) => isType(one, 'NUM'));
  const quantities = numbers
    .map(quantityOf)
    .filter((one) => one !== null)
    .slice(0, 16);
  const drawn = [...own, ...numbers.flatMap(children)];
  const graphics = drawn.map(graphicOf).filter((one) => one !== null);
  // What names an image is taken from there, even where it names a place in space too.
  const space = graphics.length > 0 ? null : spaceOf(drawn);
  const kind = ownKind(group) ?? kindOf(space?.graphics ?? graphics, quantities, numbers.map(conceptOf));
  const textOf = (concept: string): string =>
    own.filter((one) => conceptOf(one) === concept).map((one) => wholeText(one, tags.TextValue) ?? '')[0] ?? '';
  const meaningOf = (concepts: readonly string[]): string =>
    own
      .filter((one) => concepts.includes(conceptOf(one)))
      .map((one) => codeOf(one, tags.ConceptCodeSequence).meaning)[0] ?? '';
  const short = textOf('DCM:125309');
  // `{length}` is another program's pattern for a text, not a name.
  const named = /^\{.*\}$/.test(short) ? '' : short;
  const finding = [meaningOf(['DCM:121071']), meaningOf(['SCT:363698007', 'SRT:G-C0E3'])].filter((one) => one !== '');
  const label = (named || (ownKind(group) === null ? finding.join(', ') || textOf('DCM:112039') : '')).slice(0, 200);
  return {
    trackingUid,
    kind,
    label,
    quantities,
    image: graphics.find((one) => one.image !== null)?.image ?? null,
    points: pointsOfGraphics(kind, graphics),
    space,
    comment: textOf('DCM:121106').slice(0, 200),
  };
}

/**
 * Measurement groups of an SR (TID 1500 and what others nest in it), ours or another's, from cleaned WADO-RS metadata. Null for what is
 * no SR or holds none. What cannot be understood is left out; nothing is guessed into a number.
 */
export function readMeasurements(document: DicomJson): ReadMeasurements | null {
  if (!(text(document, tags.SOPClassUID) ?? '').startsWith('1.2.840.10008.5.1.4.1.1.88.')) return null;
  const groups = groupsBelow(document, 0).slice(0, mostMarks);
  const measurements = groups.map(readGroup).filter((one) => one !== null);
  if (measurements.length === 0) return null;
  const observer = children(document).find((one) => conceptOf(one) === 'DCM:121008');
  return {
    studyUid: text(document, tags.StudyInstanceUID) ?? '',
    instanceUid: text(document, tags.SOPInstanceUID) ?? '',
    observer:
      observer === undefined ? '' : personName(observer, tags.PersonName) || (text(observer, tags.TextValue) ?? ''),
    manufacturer: text(document, tags.Manufacturer) ?? '',
    contentDate: text(document, tags.ContentDate) ?? '',
    writtenAt: `${text(document, tags.ContentDate) ?? ''}${text(document, tags.ContentTime) ?? ''}`,
    measurements,
  };
}

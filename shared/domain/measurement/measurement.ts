/** Image pixels, column then row. Whole numbers are corners of pixels: 0,0 is the upper left corner of the first (PS3.3 C.18.6.1.1). */
export type Point = readonly [column: number, row: number];

export const measurementKinds = [
  'length',
  /** Long axis, then the short axis across it. */
  'bidirectional',
  /** At the middle one of three points. */
  'angle',
  /** Between two lines. */
  'cobb',
  /** Two opposite corners of the box around it. */
  'ellipse',
  'rectangle',
  'freehand',
  /** Head, then tail. */
  'arrow',
  'text',
  'probe',
  /** A vertebra's name. */
  'spine',
  /** Width of the heart, then width of the thorax. */
  'heart-thorax',
] as const;
export type MeasurementKind = (typeof measurementKinds)[number];

/** Points that it takes; `freehand` takes that many or more. */
export const pointsOf: { readonly [Kind in MeasurementKind]: number } = {
  length: 2,
  bidirectional: 4,
  angle: 3,
  cobb: 4,
  ellipse: 2,
  rectangle: 2,
  freehand: 3,
  arrow: 2,
  text: 1,
  probe: 1,
  spine: 1,
  'heart-thorax': 4,
};

/** The very frame that a mark was made on. A mark is never shown on another. */
export type ImagePlace = {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly instanceUid: string;
  /** 1-based. */
  readonly frame: number;
  /** Frame of Reference UID (0020,0052); null where the images name none. */
  readonly frameOfReferenceUid: string | null;
  /** The picture is computed (a reconstructed plane): no instance of any archive has its UID. Absent for what was acquired. */
  readonly computed?: ComputedPlace;
};

/** Where a computed picture lies in the patient, in millimetres, so that marks on it can be told in patient coordinates. */
export type ComputedPlace = {
  /** "MPR coronal, computed, 0.84 mm pixels, MIP 10 mm" */
  readonly words: string;
  /** The acquired series that it was computed from. */
  readonly sourceSeriesUid: string;
  /** Centre of its first pixel (as 0020,0032), and the way along a row and down a column (0020,0037). */
  readonly origin: readonly [number, number, number];
  readonly row: readonly [number, number, number];
  readonly column: readonly [number, number, number];
};

/** Millimetres of a pixel, and what says so (PS3.3 10.7.1). */
export type Spacing =
  /** In the patient: Pixel Spacing (0028,0030) of a cross-section. */
  | { readonly source: 'patient'; readonly row: number; readonly column: number }
  /** In the detector's plane (0018,1164): larger than the body part by its magnification (PS3.3 10.7.1.3). */
  | { readonly source: 'detector'; readonly row: number; readonly column: number }
  /** Corrected for magnification; `by` is Pixel Spacing Calibration Type (0028,0A02), null where it is unsaid. */
  | {
      readonly source: 'calibrated';
      readonly row: number;
      readonly column: number;
      readonly by: 'GEOMETRY' | 'FIDUCIAL' | null;
    }
  /** Of an ultrasound region (0018,6011). */
  | { readonly source: 'region'; readonly row: number; readonly column: number }
  /** Nothing says: lengths are told in pixels. `aspect` is the height of a pixel over its width (0028,0034). */
  | { readonly source: 'none'; readonly aspect: number };

export const quantityNames = [
  'length',
  'long-axis',
  'short-axis',
  'angle',
  'area',
  'mean',
  'deviation',
  'minimum',
  'maximum',
  'count',
  'value',
  'heart-width',
  'thorax-width',
  'ratio',
] as const;
export type QuantityName = (typeof quantityNames)[number];

/** `unit` in UCUM: mm, mm2, deg, [hnsf'U], `{pixels}` where nothing gives a size, `1` for values that have no unit. */
export type Quantity = { readonly name: QuantityName; readonly value: number; readonly unit: string };

export type ImageMeasurement = {
  readonly id: string;
  /** Counts up within a case; never used twice. */
  readonly number: number;
  readonly kind: MeasurementKind;
  readonly place: ImagePlace;
  readonly points: readonly Point[];
  /** The reader's own words: what it is, or the text or vertebra itself. */
  readonly label: string;
  /** Tracking Unique Identifier (PS3.16 112040): the same for one lesion through all its studies. */
  readonly trackingUid: string;
  readonly spacing: Spacing;
  /** As they were when it was drawn or last moved; empty where a kind has none. */
  readonly quantities: readonly Quantity[];
};

export type Way = readonly [-1 | 0 | 1, -1 | 0 | 1];

/** How an image stood on the screen when it was marked as key: what its picture in the PDF is drawn by. */
export type KeyImageLook = {
  /** In modality values; null where the image was shown by what it asks for itself. */
  readonly window: { readonly center: number; readonly width: number } | null;
  readonly invert: boolean;
  /** Where a step along a row and one down a column went on the screen, y down: turns and flips, as they were seen. */
  readonly alongRow: Way;
  readonly alongColumn: Way;
  /** Masks were subtracted; the picture is of the image as it was acquired, and says so. */
  readonly subtracted: boolean;
};

/** `look` is absent where it was marked without a viewport, or before its look was kept. */
export type KeyImage = { readonly id: string; readonly place: ImagePlace; readonly look?: KeyImageLook | undefined };

/** All that a reader marked on the images of one case. */
export type CaseMarks = {
  readonly measurements: readonly ImageMeasurement[];
  readonly keyImages: readonly KeyImage[];
};

export const noMarks: CaseMarks = { measurements: [], keyImages: [] };

/** Most points of a drawn outline, and most marks of a case: a draft stays small enough to be saved at every step. */
export const mostPoints = 512;
export const mostMarks = 300;

export function samePlace(one: ImagePlace, other: ImagePlace): boolean {
  return (
    one.studyUid === other.studyUid &&
    one.seriesUid === other.seriesUid &&
    one.instanceUid === other.instanceUid &&
    one.frame === other.frame
  );
}

/** PS3.5 B.2: a UUID as a UID under 2.25. Anything else that is given is a bug of the caller. */
export function uidOfUuid(uuid: string): `2.25.${string}` {
  return `2.25.${BigInt(`0x${uuid.replaceAll('-', '')}`).toString(10)}`;
}

/** The next number of a case. */
export function nextNumber(marks: CaseMarks): number {
  return Math.max(0, ...marks.measurements.map((one) => one.number)) + 1;
}

export function isRegion(kind: MeasurementKind): kind is 'ellipse' | 'rectangle' | 'freehand' {
  return kind === 'ellipse' || kind === 'rectangle' || kind === 'freehand';
}

/** Whether a kind is words at a place, with nothing that is measured. */
export function isAnnotation(kind: MeasurementKind): kind is 'arrow' | 'text' | 'spine' {
  return kind === 'arrow' || kind === 'text' || kind === 'spine';
}

/** Marks of two sources of one case, `own` before `other` where both have one of an id. */
export function mergeMarks(own: CaseMarks, other: CaseMarks): CaseMarks {
  const have = new Set([...own.measurements, ...own.keyImages].map((one) => one.id));
  const extra = other.measurements.filter((one) => !have.has(one.id));
  const keys = other.keyImages.filter(
    (one) => !have.has(one.id) && !own.keyImages.some((mine) => samePlace(mine.place, one.place)),
  );
  if (extra.length === 0 && keys.length === 0) return own;
  return {
    measurements: [...extra, ...own.measurements].sort((left, right) => left.number - right.number),
    keyImages: [...own.keyImages, ...keys],
  };
}

import { type DataSet, items, number, numbers, text, uid, values } from '../dicom-json.ts';
import type { LookUpTable, PlainValues, Point } from '../types.ts';

/** Images that a part of a presentation state is for: null all of its images. A missing list of frames means all frames. */
export type ImagesMeant = ReadonlyMap<string, ReadonlySet<number> | null> | null;

/** In which places graphics are given (PS3.3 C.10.5.1.1): image pixels, or shares of the displayed area as it is seen. */
export type GraphicUnits = 'pixel' | 'display';

export type GraphicShape = {
  readonly type: 'point' | 'polyline' | 'interpolated' | 'circle' | 'ellipse';
  readonly units: GraphicUnits;
  readonly points: readonly Point[];
  readonly filled: boolean;
};

export type GraphicText = {
  readonly words: string;
  readonly box: { readonly units: GraphicUnits; readonly from: Point; readonly to: Point } | null;
  readonly anchor: { readonly units: GraphicUnits; readonly at: Point; readonly visible: boolean } | null;
  readonly align: 'left' | 'center' | 'right';
};

export type GraphicLayer = {
  readonly name: string;
  readonly order: number;
  readonly description: string;
  /** "rgb(…)" of its recommended colour; null where it has none. */
  readonly colour: string | null;
};

export type GraphicAnnotation = {
  readonly images: ImagesMeant;
  readonly layer: string;
  readonly shapes: readonly GraphicShape[];
  readonly texts: readonly GraphicText[];
};

/** Image pixels, 1-based columns and rows as PS3.3 C.7.6.11 counts them. */
export type Shutter =
  | {
      readonly kind: 'rectangle';
      readonly left: number;
      readonly right: number;
      readonly upper: number;
      readonly lower: number;
    }
  | { readonly kind: 'circle'; readonly center: Point; readonly radius: number }
  | { readonly kind: 'polygon'; readonly points: readonly Point[] };

export type DisplayedArea = {
  readonly images: ImagesMeant;
  /** Corners of the area in image pixels, whole numbers being corners of pixels. */
  readonly from: Point;
  readonly to: Point;
  readonly size: 'fit' | 'true-size' | 'magnify';
  /** Millimetres of a pixel column on the screen (0070,0101); only with `true-size`. */
  readonly spacing: number | null;
  /** Screen pixels of an image pixel (0070,0103); only with `magnify`. */
  readonly magnification: number | null;
};

export type PresentationState = {
  readonly isColour: boolean;
  readonly images: ReadonlyMap<string, ReadonlySet<number> | null>;
  readonly voi: readonly { readonly images: ImagesMeant; readonly by: PlainValues }[];
  /** Rescale (0028,1053) and (0028,1052), in place of the image's own; null where it has none. */
  readonly rescale: { readonly slope: number; readonly intercept: number } | null;
  readonly shape: 'IDENTITY' | 'INVERSE' | null;
  /** Presentation LUT (2050,0010), which shapes greys after window or table; null where it has none. */
  readonly presentationTable: LookUpTable | null;
  /** Degrees clockwise, before the flip (PS3.3 C.10.6). */
  readonly rotation: 0 | 90 | 180 | 270;
  readonly flipped: boolean;
  readonly areas: readonly DisplayedArea[];
  readonly annotations: readonly GraphicAnnotation[];
  readonly layers: readonly GraphicLayer[];
  /** Groups of the images' own overlay planes that it shows (60xx,1001): the others are not (PS3.3 C.11.7). */
  readonly overlays: ReadonlySet<number>;
  readonly shutters: readonly Shutter[];
  /** Grey from 0 to 1 behind a shutter. */
  readonly shutterGrey: number;
  /** What it asks for and does not get, in words: never left out silently. */
  readonly notApplied: readonly string[];
};

const most = {
  images: 5_000,
  shapes: 2_000,
  points: 20_000,
  texts: 1_000,
  layers: 200,
  shutterPoints: 2_000,
  words: 2_000,
};

/** A presentation state from its metadata (PS3.3 A.33); null for another object. Nothing in it is believed. */
export function presentationState(data: DataSet): PresentationState | null {
  const sopClass = text(data, '00080016');
  if (!/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.11\.[12]$/.test(sopClass)) return null;
  const notApplied: string[] = [];
  const images = new Map<string, ReadonlySet<number> | null>();
  for (const series of items(data, '00081115')) addImages(images, items(series, '00081140'));
  if (has(data, '00283000')) notApplied.push('its Modality LUT');
  const [presentationItem] = items(data, '20500010');
  const presentationTable = presentationItem === undefined ? null : tableOf(presentationItem);
  if (presentationItem !== undefined && presentationTable === null)
    notApplied.push('its Presentation LUT (the archive did not give the table)');
  if (has(data, '00286100')) notApplied.push('its mask subtraction');
  if (Object.keys(data).some((tag) => /^60[0-9A-F]{2}3000$/i.test(tag))) notApplied.push('overlay planes of its own');
  if (text(data, '00181600').split('\\').includes('BITMAP')) notApplied.push('its bitmap shutter');
  const slope = number(data, '00281053');
  const intercept = number(data, '00281052');
  const angle = (((number(data, '00700042') ?? 0) % 360) + 360) % 360;
  if (![0, 90, 180, 270].includes(angle)) notApplied.push(`its rotation by ${angle}°`);
  const shape = text(data, '20500020');
  const budget = { shapes: most.shapes, points: most.points, texts: most.texts };
  const annotations = items(data, '00700001').map((one) => annotationOf(one, budget));
  if (budget.shapes <= 0 || budget.points <= 0 || budget.texts <= 0) notApplied.push('graphics beyond what is drawn');
  return {
    isColour: sopClass.endsWith('.2'),
    images,
    voi: items(data, '00283110').flatMap((item) => {
      const by = voiOf(item, notApplied);
      return by === null ? [] : [{ images: meant(item), by }];
    }),
    rescale: slope === null || slope === 0 || intercept === null ? null : { slope, intercept },
    shape: shape === 'INVERSE' || shape === 'IDENTITY' ? shape : null,
    presentationTable,
    rotation: angle === 90 || angle === 180 || angle === 270 ? angle : 0,
    flipped: text(data, '00700041') === 'Y',
    areas: items(data, '0070005A').flatMap(areaOf),
    annotations,
    layers: items(data, '00700060')
      .slice(0, most.layers)
      .map((layer) => ({
        name: text(layer, '00700002'),
        order: number(layer, '00700062') ?? 0,
        description: text(layer, '00700068').slice(0, 64),
        colour: labColour(numbers(layer, '00700401')),
      })),
    overlays: new Set(
      // Where it brings a plane of its own, that one is meant and not the image's.
      Object.keys(data).flatMap((tag) =>
        /^60[01][02468ACE]1001$/i.test(tag) && text(data, tag) !== '' && !Object.hasOwn(data, `${tag.slice(0, 4)}3000`)
          ? [Number.parseInt(tag.slice(0, 4), 16)]
          : [],
      ),
    ),
    shutters: shuttersOf(data),
    shutterGrey: Math.min(1, Math.max(0, (number(data, '00181622') ?? 0) / 65_535)),
    notApplied,
  };
}

function has(data: DataSet, tag: string): boolean {
  return items(data, tag).length > 0;
}

function addImages(into: Map<string, ReadonlySet<number> | null>, references: readonly DataSet[]): void {
  for (const reference of references) {
    const instanceUid = uid(reference, '00081155');
    if (instanceUid === null || into.size >= most.images) continue;
    const frames = numbers(reference, '00081160');
    into.set(instanceUid, frames.length === 0 ? null : new Set(frames));
  }
}

function meant(item: DataSet): ImagesMeant {
  const references = items(item, '00081140');
  if (references.length === 0) return null;
  const images = new Map<string, ReadonlySet<number> | null>();
  addImages(images, references);
  return images;
}

/** Whether a part is for this very frame. */
export function isMeant(images: ImagesMeant, instanceUid: string, frame: number): boolean {
  if (images === null) return true;
  const frames = images.get(instanceUid);
  return frames === null || frames?.has(frame) === true;
}

/** Softcopy VOI LUT (PS3.3 C.11.8): a table before a window, as where an image brings both. */
function voiOf(item: DataSet, notApplied: string[]): PlainValues | null {
  const [table] = items(item, '00283010');
  if (table !== undefined) {
    const read = tableOf(table);
    if (read !== null) return { kind: 'table', table: read };
    notApplied.push('its VOI LUT (the archive did not give the table)');
  }
  const [center] = numbers(item, '00281050');
  const [width] = numbers(item, '00281051');
  if (center === undefined || width === undefined || !(width > 0)) return null;
  const name = text(item, '00281056');
  const by = name === 'SIGMOID' ? 'sigmoid' : name === 'LINEAR_EXACT' ? 'linear-exact' : 'linear';
  if (by === 'linear' && width < 1) return null;
  return { kind: 'window', window: { center, width }, function: by };
}

/** LUT Data (0028,3006) as US values or as little-endian words in base64 (PS3.18 F.2.7). */
function tableOf(item: DataSet): LookUpTable | null {
  const [count, first, said] = numbers(item, '00283002');
  if (count === undefined || first === undefined) return null;
  const length = count === 0 ? 65_536 : count;
  let entries = numbers(item, '00283006');
  if (entries.length === 0) {
    const element = Object.hasOwn(item, '00283006') ? item['00283006'] : null;
    const inline =
      typeof element === 'object' && element !== null && 'InlineBinary' in element ? element.InlineBinary : null;
    if (typeof inline !== 'string' || inline.length > 400_000 || !/^[A-Za-z0-9+/]*=*$/.test(inline)) return null;
    const bytes = Uint8Array.from(atob(inline.length % 4 === 1 ? '' : inline), (letter) => letter.charCodeAt(0));
    entries = Array.from(
      { length: bytes.length >> 1 },
      (_, at) => (bytes[at * 2] ?? 0) | ((bytes[at * 2 + 1] ?? 0) << 8),
    );
  }
  if (length < 1 || length > 65_536 || entries.length < length) return null;
  const bits = said !== undefined && said >= 8 && said <= 16 ? said : 16;
  return {
    firstMapped: first,
    entries: entries.slice(0, length),
    bits,
    explanation: text(item, '00283003').slice(0, 64),
  };
}

function areaOf(item: DataSet): readonly DisplayedArea[] {
  const [left, top] = numbers(item, '00700052');
  const [right, bottom] = numbers(item, '00700053');
  if (left === undefined || top === undefined || right === undefined || bottom === undefined) return [];
  // Pixels are counted from 1 (PS3.3 C.10.4); some writers begin at 0.
  const from: Point = [Math.min(left, right) - 1, Math.min(top, bottom) - 1];
  const to: Point = [Math.max(left, right), Math.max(top, bottom)];
  const mode = text(item, '00700100');
  const size = mode === 'TRUE SIZE' ? 'true-size' : mode === 'MAGNIFY' ? 'magnify' : 'fit';
  const ratio = number(item, '00700103');
  // Between rows, then between columns (PS3.3 C.10.4).
  const column = numbers(item, '00700101')[1] ?? null;
  return [
    {
      images: meant(item),
      from,
      to,
      size,
      spacing: column !== null && column > 0 ? column : null,
      magnification: ratio !== null && ratio > 0 ? ratio : null,
    },
  ];
}

type Budget = { shapes: number; points: number; texts: number };

function annotationOf(item: DataSet, budget: Budget): GraphicAnnotation {
  return {
    images: meant(item),
    layer: text(item, '00700002'),
    shapes: items(item, '00700009').flatMap((one) => {
      const shape = shapeOf(one);
      if (shape === null || budget.shapes <= 0 || budget.points < shape.points.length) return [];
      budget.shapes -= 1;
      budget.points -= shape.points.length;
      return [shape];
    }),
    texts: items(item, '00700008').flatMap((one) => {
      if (budget.texts <= 0) return [];
      budget.texts -= 1;
      return textOf(one);
    }),
  };
}

const units = (word: string): GraphicUnits => (word === 'DISPLAY' ? 'display' : 'pixel');
const shapeNames: Readonly<Record<string, GraphicShape['type']>> = {
  POINT: 'point',
  POLYLINE: 'polyline',
  INTERPOLATED: 'interpolated',
  CIRCLE: 'circle',
  ELLIPSE: 'ellipse',
};
const pointsNeeded: { readonly [Type in GraphicShape['type']]: number } = {
  point: 1,
  polyline: 2,
  interpolated: 2,
  circle: 2,
  ellipse: 4,
};

function shapeOf(item: DataSet): GraphicShape | null {
  const name = text(item, '00700023');
  const type = Object.hasOwn(shapeNames, name) ? shapeNames[name] : undefined;
  const figures = numbers(item, '00700022');
  const points = Array.from(
    { length: Math.floor(figures.length / 2) },
    (_, at): Point => [figures[at * 2] ?? 0, figures[at * 2 + 1] ?? 0],
  );
  if (type === undefined || points.length < pointsNeeded[type]) return null;
  return { type, units: units(text(item, '00700005')), points, filled: text(item, '00700024') === 'Y' };
}

function textOf(item: DataSet): readonly GraphicText[] {
  const words = String(values(item, '00700006')[0] ?? '')
    .slice(0, most.words)
    .replace(/\r\n?/g, '\n')
    .trimEnd();
  const pair = (tag: string): Point | null => {
    const [x, y] = numbers(item, tag);
    return x === undefined || y === undefined ? null : [x, y];
  };
  const from = pair('00700010');
  const to = pair('00700011');
  const at = pair('00700014');
  if (words === '' || ((from === null || to === null) && at === null)) return [];
  const align = text(item, '00700012').toLowerCase();
  return [
    {
      words,
      box: from === null || to === null ? null : { units: units(text(item, '00700003')), from, to },
      anchor:
        at === null ? null : { units: units(text(item, '00700004')), at, visible: text(item, '00700015') === 'Y' },
      align: align === 'center' || align === 'right' ? align : 'left',
    },
  ];
}

/** Display Shutter (PS3.3 C.7.6.11). Several shapes at once leave what all of them leave. */
function shuttersOf(data: DataSet): readonly Shutter[] {
  return values(data, '00181600').flatMap((shape): readonly Shutter[] => {
    if (shape === 'RECTANGULAR') {
      const [left, right, upper, lower] = ['00181602', '00181604', '00181606', '00181608'].map((tag) =>
        number(data, tag),
      );
      if (left == null || right == null || upper == null || lower == null) return [];
      return [{ kind: 'rectangle', left, right, upper, lower }];
    }
    if (shape === 'CIRCULAR') {
      // Row, then column.
      const [row, column] = numbers(data, '00181610');
      const radius = number(data, '00181612');
      if (row === undefined || column === undefined || radius === null || radius <= 0) return [];
      return [{ kind: 'circle', center: [column, row], radius }];
    }
    if (shape === 'POLYGONAL') {
      const figures = numbers(data, '00181620').slice(0, most.shutterPoints * 2);
      const points = Array.from(
        { length: Math.floor(figures.length / 2) },
        (_, at): Point => [figures[at * 2 + 1] ?? 0, figures[at * 2] ?? 0],
      );
      return points.length < 3 ? [] : [{ kind: 'polygon', points }];
    }
    return [];
  });
}

/** A CIELab value in PCS, 16 bits each (PS3.3 C.10.7.1.1), as the screen's "rgb(…)"; null for what is none. */
export function labColour(three: readonly number[]): string | null {
  const [l, a, b] = three;
  if (l === undefined || a === undefined || b === undefined || three.length !== 3) return null;
  const [red, green, blue] = labToRgb((l * 100) / 65_535, (a * 255) / 65_535 - 128, (b * 255) / 65_535 - 128);
  return `rgb(${red} ${green} ${blue})`;
}

/** CIELab (D50) to sRGB from 0 to 255, by way of XYZ with the Bradford adaptation to D65. */
function labToRgb(l: number, a: number, b: number): readonly [number, number, number] {
  const y = (l + 16) / 116;
  const cubed = (t: number): number => (t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29));
  const x = 0.9642 * cubed(y + a / 500);
  const z = 0.8249 * cubed(y - b / 200);
  const Y = cubed(y);
  const linear = [
    3.1338561 * x - 1.6168667 * Y - 0.4906146 * z,
    -0.9787684 * x + 1.9161415 * Y + 0.033454 * z,
    0.0719453 * x - 0.2289914 * Y + 1.4052427 * z,
  ];
  const [red = 0, green = 0, blue = 0] = linear.map((one) => {
    const light = one <= 0.0031308 ? 12.92 * one : 1.055 * one ** (1 / 2.4) - 0.055;
    return Number.isFinite(light) ? Math.round(255 * Math.min(1, Math.max(0, light))) : 0;
  });
  return [red, green, blue];
}

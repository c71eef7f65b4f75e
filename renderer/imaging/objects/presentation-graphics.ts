import { type DataSet, items, number, numbers, text, values } from '../dicom-json.ts';
import type { Point } from '../types.ts';
import { greyColour, labColour } from './lab-colour.ts';
import { type ImagesMeant, meant } from './presentation-images.ts';

/** In which places graphics are given (PS3.3 C.10.5.1.1): image pixels, or shares of the displayed area as it is seen. */
export type GraphicUnits = 'pixel' | 'display';

export type GraphicShape = {
  readonly type: 'point' | 'polyline' | 'interpolated' | 'circle' | 'ellipse';
  readonly units: GraphicUnits;
  readonly points: readonly Point[];
  readonly filled: boolean;
  /** Line and Fill Style (PS3.3 C.10.5.1.2.2); null where it leaves both to the layer. */
  readonly style: ShapeStyle | null;
};

export type ShapeStyle = {
  readonly colour: string | null;
  /** Times the usual thickness of a line. */
  readonly thickness: number;
  readonly dashed: boolean;
  readonly opacity: number;
  readonly fill: { readonly colour: string | null; readonly opacity: number } | null;
};

export type GraphicText = {
  readonly words: string;
  readonly box: { readonly units: GraphicUnits; readonly from: Point; readonly to: Point } | null;
  readonly anchor: { readonly units: GraphicUnits; readonly at: Point; readonly visible: boolean } | null;
  readonly align: 'left' | 'center' | 'right';
  readonly style: TextStyle | null;
};

export type TextStyle = {
  readonly colour: string | null;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underlined: boolean;
  readonly vertical: 'top' | 'center' | 'bottom';
};

export type GraphicLayer = {
  readonly name: string;
  readonly order: number;
  readonly description: string;
  /** "rgb(…)" of its recommended colour, else of its recommended grey; null where it has neither. */
  readonly colour: string | null;
};

export type GraphicAnnotation = {
  readonly images: ImagesMeant;
  readonly layer: string;
  readonly shapes: readonly GraphicShape[];
  readonly texts: readonly GraphicText[];
};

const most = { shapes: 2_000, points: 20_000, texts: 1_000, layers: 200, words: 2_000 };

/** Graphics of a state (PS3.3 C.10.5) and, in words, what of them is not drawn. */
export function graphicsOf(data: DataSet): {
  readonly annotations: readonly GraphicAnnotation[];
  readonly layers: readonly GraphicLayer[];
  readonly missing: readonly string[];
} {
  const tally: Tally = { ...most, over: 0, unread: 0, slide: 0, shadows: false, patterns: false };
  const sequence = items(data, '00700001');
  const annotations = sequence.map((one) => annotationOf(one, tally));
  const alone = sequence.flatMap(compoundAlone);
  const said = (is: boolean, words: string): readonly string[] => (is ? [words] : []);
  return {
    annotations,
    layers: layersOf(data),
    missing: [
      ...said(tally.over > 0, `${tally.over} graphics beyond what is drawn`),
      ...said(tally.unread > 0, `${tally.unread} graphics or words that could not be read`),
      ...said(tally.slide > 0, `${tally.slide} graphics placed on a whole slide`),
      ...said(alone.length > 0, `compound graphics without their simple form (${[...new Set(alone)].join(', ')})`),
      ...said(tally.shadows, 'shadows of its graphics'),
      ...said(tally.patterns, 'the pattern of its fills'),
    ],
  };
}

type Tally = {
  shapes: number;
  points: number;
  texts: number;
  over: number;
  unread: number;
  slide: number;
  shadows: boolean;
  patterns: boolean;
};

function layersOf(data: DataSet): readonly GraphicLayer[] {
  return items(data, '00700060')
    .slice(0, most.layers)
    .map((layer) => {
      const grey = number(layer, '00700066');
      return {
        name: text(layer, '00700002'),
        order: number(layer, '00700062') ?? 0,
        description: text(layer, '00700068').slice(0, 64),
        colour: labColour(numbers(layer, '00700401')) ?? (grey === null ? null : greyColour(grey)),
      };
    });
}

/**
 * Types of compound graphics whose simple form the state lacks. Whoever writes one gives it as simple graphics and words too, under the same
 * Compound Graphic Instance ID (0070,0226): these are drawn, and are the same mark.
 */
function compoundAlone(annotation: DataSet): readonly string[] {
  const simple = new Set(
    [...items(annotation, '00700009'), ...items(annotation, '00700008')].flatMap((one) => numbers(one, '00700226')),
  );
  return items(annotation, '00700209').flatMap((one) => {
    const id = number(one, '00700226');
    const type = text(one, '00700294').replace(/[^A-Z ]/g, '');
    return id !== null && simple.has(id) ? [] : [type === '' ? 'of no type' : type.toLowerCase()];
  });
}

function annotationOf(item: DataSet, tally: Tally): GraphicAnnotation {
  return {
    images: meant(item),
    layer: text(item, '00700002'),
    shapes: items(item, '00700009').flatMap((one) => {
      const shape = shapeOf(one, tally);
      if (shape === null) return [];
      if (tally.shapes <= 0 || tally.points < shape.points.length) {
        tally.over += 1;
        return [];
      }
      tally.shapes -= 1;
      tally.points -= shape.points.length;
      return [shape];
    }),
    texts: items(item, '00700008').flatMap((one) => {
      if (tally.texts <= 0) {
        tally.over += 1;
        return [];
      }
      tally.texts -= 1;
      return textOf(one, tally);
    }),
  };
}

/** Null for MATRIX, the places of a whole slide, and for what is no unit. An attribute that is left out means pixels, as old writers do. */
function units(word: string): GraphicUnits | null {
  return word === 'DISPLAY' ? 'display' : word === 'PIXEL' || word === '' ? 'pixel' : null;
}

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

function shapeOf(item: DataSet, tally: Tally): GraphicShape | null {
  const name = text(item, '00700023');
  const type = Object.hasOwn(shapeNames, name) ? shapeNames[name] : undefined;
  const figures = numbers(item, '00700022');
  const points = Array.from(
    { length: Math.floor(figures.length / 2) },
    (_, at): Point => [figures[at * 2] ?? 0, figures[at * 2 + 1] ?? 0],
  );
  const placed = units(text(item, '00700005'));
  // A figure that is no number would shift all behind it by half a point.
  const broken = values(item, '00700022').length !== figures.length;
  if (placed === null) tally.slide += 1;
  else if (type === undefined || points.length < pointsNeeded[type] || broken) tally.unread += 1;
  else {
    const filled = text(item, '00700024') === 'Y';
    return { type, units: placed, points, filled, style: shapeStyle(item, filled, tally) };
  }
  return null;
}

const share = (value: number | null): number => (value === null ? 1 : Math.min(1, Math.max(0, value)));

function shapeStyle(item: DataSet, filled: boolean, tally: Tally): ShapeStyle | null {
  const [line] = items(item, '00700232');
  const [fill] = items(item, '00700233');
  if (line === undefined && fill === undefined) return null;
  if (line !== undefined && casts(line)) tally.shadows = true;
  const mode = fill === undefined ? '' : text(fill, '00700257');
  if (filled && mode !== '' && mode !== 'SOLID') tally.patterns = true;
  const thickness = line === undefined ? null : number(line, '00700253');
  return {
    colour: line === undefined ? null : labColour(numbers(line, '00700251')),
    thickness: thickness === null ? 1 : Math.min(8, Math.max(0.5, thickness)),
    dashed: line !== undefined && text(line, '00700254') === 'DASHED',
    opacity: share(line === undefined ? null : number(line, '00700284')),
    fill:
      fill === undefined
        ? null
        : { colour: labColour(numbers(fill, '00700251')), opacity: share(number(fill, '00700284')) },
  };
}

function casts(style: DataSet): boolean {
  const shadow = text(style, '00700244');
  return shadow !== '' && shadow !== 'OFF';
}

function textOf(item: DataSet, tally: Tally): readonly GraphicText[] {
  const words = String(values(item, '00700006')[0] ?? '')
    .slice(0, most.words)
    .replace(/\r\n?/g, '\n')
    .trimEnd();
  const pair = (tag: string): Point | null => {
    const [x, y] = numbers(item, tag);
    return x === undefined || y === undefined ? null : [x, y];
  };
  if (words === '') return [];
  const from = pair('00700010');
  const to = pair('00700011');
  const at = pair('00700014');
  const boxUnits = units(text(item, '00700003'));
  const anchorUnits = units(text(item, '00700004'));
  const box = from === null || to === null || boxUnits === null ? null : { units: boxUnits, from, to };
  const visible = text(item, '00700015') === 'Y';
  const anchor = at === null || anchorUnits === null ? null : { units: anchorUnits, at, visible };
  if (box === null && anchor === null) {
    if (boxUnits === null || anchorUnits === null) tally.slide += 1;
    else tally.unread += 1;
    return [];
  }
  const [style] = items(item, '00700231');
  if (style !== undefined && casts(style)) tally.shadows = true;
  const align = ((style === undefined ? '' : text(style, '00700242')) || text(item, '00700012')).toLowerCase();
  return [
    {
      words,
      box,
      anchor,
      align: align === 'center' || align === 'right' ? align : 'left',
      style: style === undefined ? null : textStyle(style),
    },
  ];
}

function textStyle(style: DataSet): TextStyle {
  const vertical = text(style, '00700243').toLowerCase();
  return {
    colour: labColour(numbers(style, '00700241')),
    bold: text(style, '00700249') === 'Y',
    italic: text(style, '00700250') === 'Y',
    underlined: text(style, '00700248') === 'Y',
    vertical: vertical === 'center' || vertical === 'bottom' ? vertical : 'top',
  };
}

import { type DataSet, number, numbers, text, values } from '../dicom-json.ts';
import type { Point } from '../types.ts';
import { greyColour, labColour } from './lab-colour.ts';

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

export type Shutters = {
  readonly shutters: readonly Shutter[];
  /** Group of the state's own overlay plane whose set bits are covered (PS3.3 C.7.6.15); null where it has none. */
  readonly bitmap: number | null;
  /** "rgb(…)" of what is covered: its colour, else its grey, else black. */
  readonly colour: string;
  readonly missing: readonly string[];
};

const mostPoints = 2_000;

/** Display Shutter and Bitmap Display Shutter (PS3.3 C.7.6.11, C.7.6.15). Several shapes at once leave what all of them leave. */
export function shuttersOf(data: DataSet): Shutters {
  const missing: string[] = [];
  let bitmap: number | null = null;
  const shutters = values(data, '00181600').flatMap((shape): readonly Shutter[] => {
    if (shape === '' || shape === null) return [];
    if (shape === 'BITMAP') {
      const group = number(data, '00181623');
      if (group !== null && group >= 0x6000 && group <= 0x601e && group % 2 === 0) bitmap = group;
      else missing.push('its bitmap shutter (it names no overlay)');
      return [];
    }
    const shutter = shutterOf(String(shape), data);
    if (shutter === null) missing.push(`a shutter that could not be read (${String(shape).slice(0, 16)})`);
    return shutter === null ? [] : [shutter];
  });
  const colour = labColour(numbers(data, '00181624')) ?? greyColour(number(data, '00181622') ?? 0);
  return { shutters, bitmap, colour, missing };
}

function shutterOf(shape: string, data: DataSet): Shutter | null {
  if (shape === 'RECTANGULAR') {
    const [left, right, upper, lower] = ['00181602', '00181604', '00181606', '00181608'].map((tag) =>
      number(data, tag),
    );
    if (left == null || right == null || upper == null || lower == null) return null;
    return { kind: 'rectangle', left, right, upper, lower };
  }
  if (shape === 'CIRCULAR') {
    // Row, then column.
    const [row, column] = numbers(data, '00181610');
    const radius = number(data, '00181612');
    if (row === undefined || column === undefined || radius === null || radius <= 0) return null;
    return { kind: 'circle', center: [column, row], radius };
  }
  if (shape === 'POLYGONAL') {
    const figures = numbers(data, '00181620');
    if (figures.length > mostPoints * 2) return null;
    const points = Array.from(
      { length: Math.floor(figures.length / 2) },
      (_, at): Point => [figures[at * 2 + 1] ?? 0, figures[at * 2] ?? 0],
    );
    return points.length < 3 ? null : { kind: 'polygon', points };
  }
  return null;
}

/** The group of an overlay attribute as its tag is written: 0x6002 as "6002". */
export function overlayTag(group: number, element: string): string {
  return `${group.toString(16).toUpperCase()}${element}`;
}

/** Overlay planes that the state shows, each with the layer that it lies in (60xx,1001; PS3.3 C.11.7): the images' own, and its own. */
export function activatedOverlays(data: DataSet): {
  readonly ofImages: ReadonlyMap<number, string>;
  readonly own: ReadonlyMap<number, string>;
  /** Groups of all planes that the state brings, shown or not. */
  readonly brought: ReadonlySet<number>;
} {
  const ofImages = new Map<number, string>();
  const own = new Map<number, string>();
  const brought = new Set<number>();
  for (let group = 0x6000; group <= 0x601e; group += 2) {
    // Where it brings a plane of its own, that one is meant and not the image's.
    const brings = Object.hasOwn(data, overlayTag(group, '3000'));
    if (brings) brought.add(group);
    const layer = text(data, overlayTag(group, '1001'));
    if (layer !== '') (brings ? own : ofImages).set(group, layer);
  }
  return { ofImages, own, brought };
}

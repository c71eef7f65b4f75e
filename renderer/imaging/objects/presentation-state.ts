import { type DataSet, items, number, numbers, text } from '../dicom-json.ts';
import type { FrameOverlay } from '../overlay-planes.ts';
import type { LookUpTable, Point } from '../types.ts';
import { type GraphicAnnotation, type GraphicLayer, graphicsOf } from './presentation-graphics.ts';
import { addImages, type ImagesMeant, meant } from './presentation-images.ts';
import { activatedOverlays, type Shutter, shuttersOf } from './presentation-shutters.ts';
import {
  describedTable,
  type PresentationParts,
  type StateValues,
  stateRescale,
  stateValues,
} from './presentation-tables.ts';

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

/** A part that metadata may leave out and the file brings. */
export type Awaited = 'modality' | 'voi' | 'presentation' | 'planes';

export type PresentationState = {
  readonly isColour: boolean;
  readonly images: ReadonlyMap<string, ReadonlySet<number> | null>;
  readonly voi: readonly StateValues[];
  /** Modality LUT (0028,3000), in place of the image's own rescale or table; null where it has none. */
  readonly modalityTable: LookUpTable | null;
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
  /** Groups of the images' own overlay planes that it shows, and in which layer: the others are not shown (PS3.3 C.11.7). */
  readonly overlays: ReadonlyMap<number, string>;
  /** The same of the planes that it brings itself. */
  readonly ownOverlays: ReadonlyMap<number, string>;
  /** The planes that it brings, once its file was read. */
  readonly planes: readonly FrameOverlay[];
  readonly shutters: readonly Shutter[];
  /** Group of its own plane that is its bitmap shutter; null where it has none. */
  readonly bitmapShutter: number | null;
  /** "rgb(…)" behind a shutter. */
  readonly shutterColour: string;
  /** What its file must still bring; without it these are not shown either. */
  readonly awaits: readonly Awaited[];
  /** What it asks for and does not get, in words: never left out silently. */
  readonly notApplied: readonly string[];
};

/** A presentation state from its metadata (PS3.3 A.33.1, A.33.2); null for another object. Nothing in it is believed. */
export function presentationState(data: DataSet): PresentationState | null {
  const sopClass = text(data, '00080016');
  if (!/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.11\.[12]$/.test(sopClass)) return null;
  const isColour = sopClass.endsWith('.2');
  const images = new Map<string, ReadonlySet<number> | null>();
  for (const series of items(data, '00081115')) addImages(images, items(series, '00081140'));
  const [modalityItem] = items(data, '00283000');
  const [presentationItem] = items(data, '20500010');
  const modalityTable = modalityItem === undefined ? null : describedTable(modalityItem);
  const presentationTable = presentationItem === undefined ? null : describedTable(presentationItem);
  const { voi, missing: windows } = stateValues(data);
  const graphics = graphicsOf(data);
  const shutters = shuttersOf(data);
  const overlays = activatedOverlays(data);
  const { bitmap } = shutters;
  const isBrought = bitmap === null || overlays.brought.has(bitmap);
  const angle = (((number(data, '00700042') ?? 0) % 360) + 360) % 360;
  const shape = text(data, '20500020');
  const areas = items(data, '0070005A');
  const read = areas.flatMap(areaOf);
  const said = (is: boolean, words: string): readonly string[] => (is ? [words] : []);
  const isProfiled = isColour && Object.hasOwn(data, '00282000') && !/^SRGB$/.test(text(data, '00282002'));
  return {
    isColour,
    images,
    voi,
    modalityTable,
    rescale: modalityItem === undefined ? stateRescale(data) : null,
    shape: shape === 'INVERSE' || shape === 'IDENTITY' ? shape : null,
    presentationTable,
    rotation: angle === 90 || angle === 180 || angle === 270 ? angle : 0,
    flipped: text(data, '00700041') === 'Y',
    areas: read,
    annotations: graphics.annotations,
    layers: graphics.layers,
    overlays: overlays.ofImages,
    ownOverlays: overlays.own,
    planes: [],
    shutters: shutters.shutters,
    bitmapShutter: isBrought ? bitmap : null,
    shutterColour: shutters.colour,
    awaits: [
      ...(modalityItem !== undefined && modalityTable === null ? (['modality'] as const) : []),
      ...(voi.some((one) => one.by === null) ? (['voi'] as const) : []),
      ...(presentationItem !== undefined && presentationTable === null ? (['presentation'] as const) : []),
      ...(overlays.own.size > 0 || (bitmap !== null && isBrought) ? (['planes'] as const) : []),
    ],
    notApplied: [
      ...said(items(data, '00286100').length > 0, 'its mask subtraction'),
      ...said(!isBrought, 'its bitmap shutter (its overlay is not in the state)'),
      ...shutters.missing,
      ...said(![0, 90, 180, 270].includes(angle), `its rotation by ${angle}°`),
      ...said(shape !== '' && shape !== 'INVERSE' && shape !== 'IDENTITY', 'its Presentation LUT Shape'),
      ...said(read.length < areas.length, 'a displayed area that could not be read'),
      ...said(isProfiled, 'its colour profile (colours are drawn as sRGB)'),
      ...windows,
      ...graphics.missing,
    ],
  };
}

/** The state with what its file brings. */
export function withParts(state: PresentationState, parts: PresentationParts): PresentationState {
  const voi = state.voi.map((one): StateValues => {
    const table = one.by === null ? (parts.voi[one.at] ?? null) : null;
    return table === null ? one : { ...one, by: { kind: 'table', table } };
  });
  const groups = [...state.ownOverlays.keys(), ...(state.bitmapShutter === null ? [] : [state.bitmapShutter])];
  const has: { readonly [Part in Awaited]: boolean } = {
    modality: parts.modality !== null,
    voi: voi.every((one) => one.by !== null),
    presentation: parts.presentation !== null,
    planes: groups.every((group) => parts.planes.some((plane) => plane.group === group)),
  };
  return {
    ...state,
    voi,
    modalityTable: state.modalityTable ?? parts.modality,
    presentationTable: state.presentationTable ?? parts.presentation,
    planes: parts.planes,
    awaits: state.awaits.filter((part) => !has[part]),
  };
}

const awaitedWords: { readonly [Part in Awaited]: string } = {
  modality: 'its Modality LUT (the table did not come)',
  voi: 'its VOI LUT (the table did not come)',
  presentation: 'its Presentation LUT (the table did not come)',
  planes: 'its own overlay planes (they did not come)',
};

/** What of the state is not shown, in words. */
export function notShown(state: PresentationState): readonly string[] {
  return [...state.awaits.map((part) => awaitedWords[part]), ...state.notApplied];
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

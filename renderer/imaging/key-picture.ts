import type { KeyImageLook } from '../../shared/domain/measurement/index.ts';
import { rescaleOf, valuesOfInterest } from './frame-values.ts';
import { type EdgeLetters, edgeLetters } from './orientation.ts';
import type { DecodedFrame, FrameReference, PlainValues, Point, SeriesImages } from './types.ts';
import { greyOf, greysOf } from './window.ts';

/** A frame as RGBA of its own size, by the window and the inversion under which it was looked at. */
export type FramePicture = {
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  readonly columns: number;
  readonly rows: number;
  /** By which curve or table it was made. */
  readonly shownBy: PlainValues;
};

export function framePicture(
  of: { readonly frame: DecodedFrame; readonly reference: FrameReference; readonly series: SeriesImages },
  look: Pick<KeyImageLook, 'window' | 'invert'> | undefined,
): FramePicture {
  const { frame, reference, series } = of;
  const { rows, columns, pixels } = frame;
  const own = look?.window ?? null;
  const shownBy = valuesOfInterest(reference, series, frame, own);
  const rgba = new Uint8ClampedArray(rows * columns * 4);
  const inverse = reference.inverse !== (look?.invert ?? false);
  if (frame.colour) {
    const level = (value: number): number => {
      const grey = own === null ? value : 255 * greyOf(value, shownBy);
      return inverse ? 255 - grey : grey;
    };
    for (let at = 0; at < rgba.length; at += 1) rgba[at] = at % 4 === 3 ? 255 : level(pixels[at] ?? 0);
    return { rgba, columns, rows, shownBy };
  }
  const levels = greysOf(shownBy, rescaleOf(reference, frame), frame.min, frame.max);
  for (let at = 0; at < rows * columns; at += 1) {
    const level = levels[(pixels[at] ?? 0) - frame.min] ?? 0;
    rgba.fill(inverse ? 255 - level : level, at * 4, at * 4 + 3);
    rgba[at * 4 + 3] = 255;
  }
  return { rgba, columns, rows, shownBy };
}

/** Where a picture of a frame lies on a canvas: its size, and image pixels (column, row) to canvas pixels as `setTransform` takes them. */
export type PicturePlace = {
  readonly width: number;
  readonly height: number;
  readonly transform: readonly [a: number, b: number, c: number, d: number, e: number, f: number];
  toCanvas(point: Point): Point;
  readonly letters: EdgeLetters;
};

/** Turned and flipped as it was seen, its pixels as high as they are wide in the patient; the longer side is `side`. */
export function picturePlace(
  reference: FrameReference,
  size: { readonly rows: number; readonly columns: number },
  look: Pick<KeyImageLook, 'alongRow' | 'alongColumn'> | undefined,
  side: number,
): PicturePlace {
  const { pixelSize, aspect, orientation } = reference;
  const ratio = pixelSize.kind === 'unknown' ? aspect[0] / aspect[1] : pixelSize.row / pixelSize.column;
  const alongRow: Point = look?.alongRow ?? [1, 0];
  const alongColumn: Point = look?.alongColumn ?? [0, 1];
  const tall = size.rows * ratio;
  const scale = side / Math.max(size.columns, tall);
  const [across, down] = [size.columns * scale, tall * scale];
  const [a, b, c, d] = [
    (alongRow[0] * across) / size.columns,
    (alongRow[1] * across) / size.columns,
    (alongColumn[0] * down) / size.rows,
    (alongColumn[1] * down) / size.rows,
  ];
  const from = (x: number, y: number): number => (x < 0 ? across : 0) + (y < 0 ? down : 0);
  const [e, f] = [from(alongRow[0], alongColumn[0]), from(alongRow[1], alongColumn[1])];
  return {
    width: Math.round(Math.abs(alongRow[0]) * across + Math.abs(alongColumn[0]) * down),
    height: Math.round(Math.abs(alongRow[1]) * across + Math.abs(alongColumn[1]) * down),
    transform: [a, b, c, d, e, f],
    toCanvas: ([x, y]) => [a * x + c * y + e, b * x + d * y + f],
    letters: edgeLetters(orientation, { alongRow, alongColumn }),
  };
}

import type { Home, PixelSize, Point, ViewportHandle } from '../../imaging/index.ts';
import type { Display, Hung } from './hung.ts';

/** A viewport, for the size of what hangs in it. Sizes in screen (CSS) pixels and in image pixels. */
export type Box = {
  readonly screen: Point;
  readonly columns: number;
  readonly rows: number;
  readonly pixel: PixelSize;
  readonly size: Display['size'];
};

export function boxOf(hung: Hung, index: number, screen: Point): Box | null {
  const frame = hung.series.frames[index];
  if (frame === undefined || hung.display === null) return null;
  const { rows, columns } = frame.description;
  return { screen, rows, columns, pixel: frame.pixelSize, size: hung.display.size };
}

/** Screen pixels per millimetre at which the whole image is seen; null where its size is not known. */
function scaleToFit({ screen, columns, rows, pixel }: Box): number | null {
  if (pixel.kind === 'unknown') return null;
  return Math.min(screen[0] / (columns * pixel.column), screen[1] / (rows * pixel.row));
}

/** Screen pixels per image pixel at which the whole image is seen, its pixels as wide and high as they are in the patient. */
function zoomToFit({ screen, columns, rows, pixel }: Box): number {
  const ratio = pixel.kind === 'unknown' ? 1 : pixel.row / pixel.column;
  return Math.min(screen[0] / columns, screen[1] / (rows * ratio));
}

/**
 * Screen pixels per image pixel for one box among those on screen. What has no size in the patient is fitted. Boxes of the same size share the scale at which the
 * largest of them is still seen whole. `screenMillimetre` is how many screen pixels a millimetre has; null while nobody has measured it.
 */
export function zoomOf(box: Box, all: readonly Box[], screenMillimetre: number | null): number {
  if (box.pixel.kind === 'unknown' || box.size === 'fit') return zoomToFit(box);
  if (box.size === 'true') return screenMillimetre === null ? zoomToFit(box) : screenMillimetre * box.pixel.column;
  const scales = all.filter((one) => one.size === 'same').flatMap((one) => scaleToFit(one) ?? []);
  return Math.min(...scales) * box.pixel.column;
}

/** Shows a viewport as its rule has it, before its image is drawn: window, inversion, and left and right. */
export function prepare(handle: ViewportHandle, display: Display): void {
  const state = handle.state();
  handle.setWindow(display.window);
  if (state.invert !== display.invert) handle.setInvert(display.invert);
  if (state.flippedHorizontally !== display.flip && state.rotation % 180 === 0) handle.flip('horizontal');
}

/** Where a box of a rule is placed among those on screen; null where nothing but to fit it is asked. A quarter turn fits it. */
export function homeOf(
  box: Box | null,
  all: readonly (Box | null)[],
  display: Display | null,
  rotation: number,
  screenMillimetre: number | null = null,
): Home | null {
  if (box === null || display === null || rotation % 180 !== 0) return null;
  if (display.size === 'fit' && display.justification === 'center') return null;
  const present = all.flatMap((one) => one ?? []);
  return { zoom: zoomOf(box, present, screenMillimetre), edge: display.justification };
}

import type { Segmentation, SegmentPlace } from '../../../imaging/index.ts';

/** A segmentation whose pixels are here. */
export type OpenSegmentation = {
  readonly segmentation: Segmentation;
  readonly pixels: Uint8Array;
  /** Drawn masks, kept for as long as what they show does not change. */
  readonly masks: Map<string, HTMLCanvasElement>;
};

const mostMasks = 48;

/** How much of each pixel of a frame belongs to which segment: share from 0 to 255, and segment number (0: none). */
export function sharesOf(
  { kind, rows, columns, bits, full, frames }: Segmentation,
  pixels: Uint8Array,
  frame: number,
): { readonly share: Uint8Array; readonly segment: Uint16Array } {
  const count = rows * columns;
  const share = new Uint8Array(count);
  const segment = new Uint16Array(count);
  const first = frame * count;
  const own = frames[frame]?.segment ?? 0;
  for (let at = 0; at < count; at += 1) {
    const place = first + at;
    // Bits are packed without gaps between rows or frames, the lowest first (PS3.5 8.1.1).
    const value =
      bits === 1
        ? ((pixels[place >> 3] ?? 0) >> (place & 7)) & 1
        : bits === 8
          ? (pixels[place] ?? 0)
          : (pixels[place * 2] ?? 0) | ((pixels[place * 2 + 1] ?? 0) << 8);
    if (value === 0) continue;
    share[at] = kind === 'fractional' ? Math.round((255 * Math.min(value, full)) / full) : 255;
    segment[at] = kind === 'label-map' ? value : own;
  }
  return { share, segment };
}

/** The mask of a frame in its own pixels: filled by the opacity, its edge in full. Null where nothing of it is on. */
export function maskOf(
  open: OpenSegmentation,
  place: SegmentPlace,
  off: ReadonlySet<number>,
  opacity: number,
): HTMLCanvasElement | null {
  const key = `${place.frame} ${opacity} ${[...off].sort().join()}`;
  const kept = open.masks.get(key);
  if (kept !== undefined) return kept;
  const { segmentation, pixels } = open;
  const own = segmentation.frames[place.frame]?.segment ?? 0;
  if (segmentation.kind !== 'label-map' && off.has(own)) return null;
  const { rows, columns } = segmentation;
  const colours = new Map(segmentation.segments.map((one) => [one.number, rgbOf(one.colour)]));
  const { share, segment } = sharesOf(segmentation, pixels, place.frame);
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  const image = context.createImageData(columns, rows);
  for (let at = 0; at < rows * columns; at += 1) {
    const number = segment[at] ?? 0;
    if (number === 0 || off.has(number)) continue;
    const [red, green, blue] = colours.get(number) ?? [230, 159, 0];
    const x = at % columns;
    const isEdge =
      segmentation.kind !== 'fractional' &&
      (x === 0 ||
        x === columns - 1 ||
        segment[at - 1] !== number ||
        segment[at + 1] !== number ||
        segment[at - columns] !== number ||
        segment[at + columns] !== number);
    image.data.set([red, green, blue, isEdge ? 255 : Math.round((share[at] ?? 0) * opacity)], at * 4);
  }
  context.putImageData(image, 0, 0);
  if (open.masks.size >= mostMasks) {
    const [oldest] = open.masks.keys();
    if (oldest !== undefined) open.masks.delete(oldest);
  }
  open.masks.set(key, canvas);
  return canvas;
}

function rgbOf(colour: string): readonly [number, number, number] {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map(Number);
  return [red, green, blue];
}

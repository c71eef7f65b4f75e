import type { Palette } from './types.ts';

/** Layout of the samples of a colour frame. */
export type ColourLayout = 'pixel' | 'plane' | 'full-422';

/** RGBA from RGB or YBR_FULL samples of 8 bits (PS3.3 C.7.6.3.1.2; the equations are those of Rec. 601, full range). */
export function toRgba(
  samples: Uint8Array,
  pixels: number,
  layout: ColourLayout,
  ybr: boolean,
): Uint8Array<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(pixels * 4);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    let first: number;
    let second: number;
    let third: number;
    if (layout === 'pixel') {
      first = samples[pixel * 3] ?? 0;
      second = samples[pixel * 3 + 1] ?? 0;
      third = samples[pixel * 3 + 2] ?? 0;
    } else if (layout === 'plane') {
      first = samples[pixel] ?? 0;
      second = samples[pixel + pixels] ?? 0;
      third = samples[pixel + 2 * pixels] ?? 0;
    } else {
      // YBR_FULL_422: Y1 Y2 Cb Cr for each two pixels of a row.
      const group = (pixel >> 1) * 4;
      first = samples[group + (pixel & 1)] ?? 0;
      second = samples[group + 2] ?? 0;
      third = samples[group + 3] ?? 0;
    }
    const to = pixel * 4;
    if (ybr) {
      rgba[to] = first + 1.402 * (third - 128);
      rgba[to + 1] = first - 0.344136 * (second - 128) - 0.714136 * (third - 128);
      rgba[to + 2] = first + 1.772 * (second - 128);
    } else {
      rgba[to] = first;
      rgba[to + 1] = second;
      rgba[to + 2] = third;
    }
    rgba[to + 3] = 255;
  }
  return new Uint8Array(rgba.buffer);
}

/** RGBA from palette indices; indices outside the table take its first or last colour (PS3.3 C.7.6.3.1.5). */
export function paletteToRgba(indices: ArrayLike<number>, palette: Palette): Uint8Array<ArrayBuffer> {
  const rgba = new Uint8Array(indices.length * 4);
  const last = palette.red.length - 1;
  for (let pixel = 0; pixel < indices.length; pixel += 1) {
    const index = Math.min(last, Math.max(0, (indices[pixel] ?? 0) - palette.firstMapped));
    rgba[pixel * 4] = palette.red[index] ?? 0;
    rgba[pixel * 4 + 1] = palette.green[index] ?? 0;
    rgba[pixel * 4 + 2] = palette.blue[index] ?? 0;
    rgba[pixel * 4 + 3] = 255;
  }
  return rgba;
}

import { drawText, textWidth } from './lettering.ts';
import { type Mark, markFor, markSize } from './mark.ts';

/** One gray image in the making; values in the image's own unit (HU for CT, signal for others). */
export type Plane = { readonly width: number; readonly height: number; readonly values: Float32Array };

export function blankPlane(width: number, height: number, value = 0): Plane {
  return { width, height, values: new Float32Array(width * height).fill(value) };
}

/** Ends of a drawn bar in image pixel coordinates (centre of the first pixel is 0, 0), exactly 100 mm apart. */
export type Bar = { readonly fromX: number; readonly fromY: number; readonly toX: number; readonly toY: number };

/** What is burned into an image, in the values that stand for black and white. */
export type Stamp = {
  readonly mark: Mark;
  readonly black: number;
  readonly white: number;
  readonly bar: Bar | null;
};

/** Pixels a cell of the mark takes: at least 6, and enough to be read where a large image is shown small. */
export function cellSize(width: number, height: number): number {
  return Math.max(6, Math.round(Math.min(width, height) / 64));
}

/** Letters of the human-readable line: case, series, slice, side. */
export function markWords(mark: Mark): readonly [string, string] {
  const side = mark.side === undefined || mark.side === null || mark.side === 'B' ? '' : ` ${mark.side}`;
  return [`C${mark.case}${side}`, `S${mark.series} I${mark.slice}`];
}

export const demoWarning = 'NOT FOR CLINICAL USE';

/** Burns mark, words, bar and warning, each with a dark rim, through a function that sets one pixel to black or white. */
export function burnStamp(
  width: number,
  height: number,
  stamp: Pick<Stamp, 'mark' | 'bar'>,
  set: (x: number, y: number, white: boolean) => void,
): void {
  const put = (x: number, y: number, white: boolean): void => {
    if (x >= 0 && y >= 0 && x < width && y < height) set(x, y, white);
  };
  const fill = (left: number, top: number, across: number, down: number, white: boolean): void => {
    for (let y = top; y < top + down; y++) for (let x = left; x < left + across; x++) put(x, y, white);
  };
  const cell = cellSize(width, height);
  const cells = markFor(stamp.mark);
  for (const [index, value] of cells.entries()) {
    fill((index % markSize) * cell, Math.floor(index / markSize) * cell, cell, cell, value === 1);
  }
  const write = (text: string, left: number, top: number, scale: number): void => {
    fill(left - scale, top - scale, textWidth(text, scale) + 2 * scale, 9 * scale, false);
    drawText(text, left, top, scale, (x, y) => put(x, y, true));
  };
  const [first, second] = markWords(stamp.mark);
  const scale = Math.max(2, Math.round(cell / 3));
  const left = (markSize + 1) * cell;
  write(first, left, 2 * cell, scale);
  write(second, left, 2 * cell + 10 * scale, Math.max(1, scale - 1));
  const small = Math.max(1, Math.round(Math.min(width, height) / 256));
  const wordsWidth = textWidth(demoWarning, small);
  write(demoWarning, Math.round((width - wordsWidth) / 2), height - 11 * small, small);
  if (stamp.bar !== null) drawBar(stamp.bar, small, fill, write);
}

function drawBar(
  bar: Bar,
  scale: number,
  fill: (left: number, top: number, across: number, down: number, white: boolean) => void,
  write: (text: string, left: number, top: number, scale: number) => void,
): void {
  const length = bar.toX - bar.fromX;
  fill(bar.fromX - 4, bar.fromY - 5 * scale, length + 9, 10 * scale + 1, false);
  // Lines of an odd width: their middles are the bar and its ends.
  const half = scale > 1 ? 1 : 0;
  fill(bar.fromX, bar.fromY - half, length + 1, 1 + 2 * half, true);
  for (const x of [bar.fromX, bar.toX]) fill(x - half, bar.fromY - 4 * scale, 1 + 2 * half, 8 * scale + 1, true);
  write('100 MM', Math.round(bar.fromX + (length - textWidth('100 MM', scale)) / 2), bar.fromY - 14 * scale, scale);
}

/** Burns the stamp into a gray plane. */
export function stampPlane(plane: Plane, stamp: Stamp): void {
  burnStamp(plane.width, plane.height, stamp, (x, y, white) => {
    plane.values[y * plane.width + x] = white ? stamp.white : stamp.black;
  });
}

/** Letters of lead on the cassette of a frontal radiograph: the patient's right is the picture's left. They are of the picture, whatever a header says. */
export function burnSides(plane: Plane, black: number, white: number): void {
  const { width, height, values } = plane;
  const scale = Math.max(2, Math.round(width / 140));
  const top = Math.round(height * 0.3);
  for (const [letter, left] of [
    ['R', Math.round(width * 0.05)],
    ['L', Math.round(width * 0.95) - textWidth('L', scale)],
  ] as const) {
    const rim = scale;
    for (let y = top - rim; y < top + 7 * scale + rim; y++)
      values.fill(black, y * width + left - rim, y * width + left + 5 * scale + rim);
    drawText(letter, left, top, scale, (x, y) => {
      values[y * width + x] = white;
    });
  }
}

/** A horizontal bar of 100 mm near the lower edge; null where it does not fit or the spacing does not divide 100 mm. */
export function barFor(width: number, height: number, spacing: number): Bar | null {
  const length = 100 / spacing;
  const whole = Math.round(length);
  if (Math.abs(length - whole) > 1e-6 || whole > width - 20) return null;
  const fromX = Math.round((width - whole) / 2);
  const y = Math.round(height * 0.9);
  return { fromX, fromY: y, toX: fromX + whole, toY: y };
}

/** Three-tap smoothing in both directions, in place: soft edges as a detector gives them. */
export function soften(plane: Plane, times = 1): void {
  const { width, height, values } = plane;
  const line = new Float32Array(Math.max(width, height));
  for (let time = 0; time < times; time++) {
    for (let y = 0; y < height; y++) {
      const start = y * width;
      line.set(values.subarray(start, start + width));
      for (let x = 1; x < width - 1; x++) {
        values[start + x] = ((line[x - 1] ?? 0) + 2 * (line[x] ?? 0) + (line[x + 1] ?? 0)) / 4;
      }
    }
    const before = values.slice(0, width);
    const current = new Float32Array(width);
    for (let y = 1; y < height - 1; y++) {
      const start = y * width;
      current.set(values.subarray(start, start + width));
      for (let x = 0; x < width; x++) {
        values[start + x] = ((before[x] ?? 0) + 2 * (current[x] ?? 0) + (values[start + width + x] ?? 0)) / 4;
      }
      before.set(current);
    }
  }
}

/** Whole numbers of a plane within [least, most], as 16-bit little-endian samples. */
export function toSamples16(plane: Plane, least: number, most: number, offset = 0): Uint8Array {
  const { values } = plane;
  const samples = new Int16Array(values.length);
  for (let index = 0; index < samples.length; index++) {
    const value = Math.floor((values[index] ?? 0) + offset + 0.5);
    samples[index] = Math.min(most, Math.max(least, value));
  }
  return new Uint8Array(samples.buffer);
}

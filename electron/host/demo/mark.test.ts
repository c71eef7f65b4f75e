import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Mark, markFor, markSize, orientations, readMark } from './mark.ts';

type Picture = { readonly width: number; readonly height: number; readonly gray: Uint8Array };

/** A mark of `cell` pixels a cell in the top left of a picture with a body and grain. */
function pictureOf(mark: Mark, cell: number, width: number, height: number): Picture {
  const gray = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = ((x - width * 0.55) / (width * 0.4)) ** 2 + ((y - height * 0.55) / (height * 0.42)) ** 2 < 1;
      gray[y * width + x] = (inside ? 120 : 20) + ((x * 7919 + y * 104_729) % 31);
    }
  }
  const cells = markFor(mark);
  for (let y = 0; y < markSize * cell; y++) {
    for (let x = 0; x < markSize * cell; x++) {
      gray[y * width + x] = cells[Math.floor(y / cell) * markSize + Math.floor(x / cell)] === 1 ? 255 : 0;
    }
  }
  return { width, height, gray };
}

function mirrored({ width, height, gray }: Picture): Picture {
  return { width, height, gray: gray.map((_, at) => gray[at - (at % width) + (width - 1 - (at % width))] ?? 0) };
}

function turnedClockwise({ width, height, gray }: Picture): Picture {
  const out = new Uint8Array(gray.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) out[x * height + (height - 1 - y)] = gray[y * width + x] ?? 0;
  return { width: height, height: width, gray: out };
}

/** Bilinear scaling, as a canvas does it. */
function scaled({ width, height, gray }: Picture, factor: number): Picture {
  const [wide, high] = [Math.round(width * factor), Math.round(height * factor)];
  const out = new Uint8Array(wide * high);
  const at = (x: number, y: number): number =>
    gray[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))] ?? 0;
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const [sx, sy] = [(x + 0.5) / factor - 0.5, (y + 0.5) / factor - 0.5];
      const [x0, y0] = [Math.floor(sx), Math.floor(sy)];
      const [tx, ty] = [sx - x0, sy - y0];
      out[y * wide + x] = Math.round(
        (at(x0, y0) * (1 - tx) + at(x0 + 1, y0) * tx) * (1 - ty) +
          (at(x0, y0 + 1) * (1 - tx) + at(x0 + 1, y0 + 1) * tx) * ty,
      );
    }
  }
  return { width: wide, height: high, gray: out };
}

function seen(picture: Picture, orientation: number): Picture {
  let shown = orientation >= 4 ? mirrored(picture) : picture;
  for (let turn = 0; turn < orientation % 4; turn++) shown = turnedClockwise(shown);
  return shown;
}

const marks = fc.record({
  case: fc.integer({ min: 1, max: 1023 }),
  series: fc.integer({ min: 1, max: 63 }),
  slice: fc.integer({ min: 1, max: 4095 }),
  side: fc.constantFrom('L' as const, 'R' as const, 'B' as const, null),
});

describe('the mark burned into a demo image', () => {
  it('is read back in each of the eight ways a picture can lie on the screen, and says which', () => {
    fc.assert(
      fc.property(marks, fc.integer({ min: 0, max: 7 }), (mark, orientation) => {
        const shown = seen(pictureOf(mark, 6, 200, 180), orientation);
        expect(readMark(shown.gray, shown.width, shown.height)).toMatchObject({
          ...mark,
          orientation: orientations[orientation],
          inverted: false,
        });
      }),
      { numRuns: 100 },
    );
  });

  it('is read at every scale from 0.42 to 3 at which a cell is at least 2.5 pixels wide', () => {
    fc.assert(
      fc.property(
        marks,
        fc.double({ min: 0.42, max: 3, noNaN: true }),
        fc.integer({ min: 0, max: 7 }),
        (mark, factor, orientation) => {
          const shown = scaled(seen(pictureOf(mark, 6, 200, 180), orientation), factor);
          const found = readMark(shown.gray, shown.width, shown.height);
          expect(found).toMatchObject({ ...mark, orientation: orientations[orientation] });
          expect(Math.abs((found?.cell ?? 0) - 6 * factor)).toBeLessThan(0.35);
        },
      ),
      { numRuns: 120 },
    );
  });

  it('is read through any window that leaves black darker than white, inverted or not, with the noise of a JPEG', () => {
    fc.assert(
      fc.property(
        marks,
        fc.integer({ min: 0, max: 90 }),
        fc.integer({ min: 165, max: 255 }),
        fc.boolean(),
        fc.integer(),
        (mark, black, white, inverted, seed) => {
          const picture = pictureOf(mark, 6, 200, 180);
          let state = seed;
          const gray = picture.gray.map((value) => {
            state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
            const noisy = black + (value / 255) * (white - black) + ((state >>> 16) % 17) - 8;
            const level = Math.max(0, Math.min(255, Math.round(noisy)));
            return inverted ? 255 - level : level;
          });
          expect(readMark(gray, picture.width, picture.height)).toMatchObject({
            ...mark,
            inverted,
            orientation: 'upright',
          });
        },
      ),
      { numRuns: 120 },
    );
  });

  it('is read from the four bytes a pixel that a canvas gives', () => {
    const mark = { case: 31, series: 2, slice: 117, side: 'L' as const };
    const { gray, width, height } = pictureOf(mark, 6, 200, 180);
    const rgba = new Uint8ClampedArray(gray.length * 4);
    for (const [at, value] of gray.entries()) rgba.set([value, value, value, 255], at * 4);
    expect(readMark(rgba, width, height)).toMatchObject(mark);
  });

  it('is not read from a picture that has none, nor from one that lost a part of it', () => {
    const { gray, width, height } = pictureOf({ case: 3, series: 1, slice: 9 }, 6, 200, 180);
    const without = gray.map((value, at) => (at % width < 72 && Math.floor(at / width) < 72 ? 20 : value));
    expect(readMark(without, width, height)).toBeNull();
    const cut = gray.map((value, at) => (at % width < 30 ? 0 : value));
    expect(readMark(cut, width, height)).toBeNull();
  });

  it('is never read as another when cells of its data are changed', () => {
    fc.assert(
      fc.property(
        marks,
        fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { minLength: 1, maxLength: 8 }),
        (mark, changed) => {
          const { gray, width, height } = pictureOf(mark, 6, 200, 180);
          for (const cell of changed) {
            const [left, top] = [(2 + (cell % 8)) * 6, (2 + Math.floor(cell / 8)) * 6];
            for (let y = top; y < top + 6; y++)
              for (let x = left; x < left + 6; x++) gray[y * width + x] = 255 - (gray[y * width + x] ?? 0);
          }
          expect(readMark(gray, width, height)).toBeNull();
        },
      ),
      { numRuns: 200 },
    );
  });
});

import { digitSteps, type Strip, stripGrounds, strips } from '../../../shared/domain/display/index.ts';

/** Rows of the digits 0 to 9, five pixels wide, the leftmost the highest bit: drawn by us, since a font's edges are smoothed greys. */
const digitRows: readonly (readonly number[])[] = [
  [14, 17, 17, 17, 17, 17, 14],
  [4, 12, 4, 4, 4, 4, 14],
  [14, 17, 1, 2, 4, 8, 31],
  [30, 1, 1, 14, 1, 1, 30],
  [2, 6, 10, 18, 31, 2, 2],
  [31, 16, 30, 1, 1, 17, 14],
  [6, 8, 16, 30, 17, 17, 14],
  [31, 1, 2, 4, 8, 8, 8],
  [14, 17, 17, 14, 17, 17, 14],
  [14, 17, 17, 15, 1, 2, 12],
];

/** Patches between black and white, as many as a display is commonly measured at. */
export const patchCount = 18;
/** How much the small squares in a patch's corners differ from it, of 255. */
export const cornerStep = 4;
const ground = 128;

export type Box = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
export type PatternPlaces = {
  readonly patches: readonly Box[];
  readonly strips: Readonly<Record<Strip, Box>>;
  readonly blackEnd: Box;
  readonly whiteEnd: Box;
  readonly ramps: readonly [Box, Box];
  /** Left half: upright lines of one pixel; right half: lying ones. */
  readonly lines: readonly Box[];
};

/** Where everything lies on a surface of so many device pixels (at least 640 x 400). */
export function patternPlaces(width: number, height: number): PatternPlaces {
  const margin = Math.round(Math.min(width / 40, height / 25));
  const across = width - 2 * margin;
  const row = (top: number, tall: number): { readonly top: number; readonly height: number } => ({
    top: Math.round(height * top),
    height: Math.round(height * tall),
  });
  const patchRow = row(0.2, 0.16);
  const patchWidth = Math.floor(across / patchCount);
  const stripRow = row(0.58, 0.17);
  const gap = Math.round(margin / 2);
  const stripWidth = Math.floor((across - 2 * gap) / strips.length);
  const stripBox = (place: number): Box => ({
    left: margin + place * (stripWidth + gap),
    width: stripWidth,
    ...stripRow,
  });
  const endRow = row(0.39, 0.16);
  const side = endRow.height;
  const lineSide = Math.floor(height * 0.14);
  const lineBox = (left: number, top: number): Box => ({ left, top, width: 2 * lineSide, height: lineSide });
  const low = height - margin - lineSide;
  const right = width - margin - 2 * lineSide;
  return {
    patches: Array.from({ length: patchCount }, (_, place) => ({
      left: margin + place * patchWidth,
      width: patchWidth,
      ...patchRow,
    })),
    strips: { dark: stripBox(0), middle: stripBox(1), bright: stripBox(2) },
    blackEnd: { left: margin, width: side, top: endRow.top, height: side },
    whiteEnd: { left: width - margin - side, width: side, top: endRow.top, height: side },
    ramps: [
      { left: margin + 2 * side, width: across - 4 * side, top: endRow.top, height: Math.floor(side / 2) },
      {
        left: margin + 2 * side,
        width: across - 4 * side,
        top: endRow.top + Math.floor(side / 2),
        height: Math.floor(side / 2),
      },
    ],
    lines: [
      lineBox(margin, margin),
      lineBox(right, margin),
      lineBox(margin, low),
      lineBox(right, low),
      lineBox(Math.round(width / 2) - lineSide, low),
    ],
  };
}

/** Grey of a patch, of 255; the first is black, the last is white. */
export function patchGrey(place: number): number {
  return Math.round((255 * place) / (patchCount - 1));
}

/**
 * A test pattern of our own drawing for one screen, one byte of grey for each device pixel, row by row: patches from black to white with
 * faint corners, 5% on black and 95% on white, ramps, lines of one pixel, and digits that differ from their ground by fewer and fewer
 * steps. `digits` are those of each strip, six at most.
 */
export function testPattern(
  width: number,
  height: number,
  digits: Readonly<Record<Strip, string>>,
): Uint8ClampedArray<ArrayBuffer> {
  const greys = new Uint8ClampedArray(width * height).fill(ground);
  const places = patternPlaces(width, height);
  const fill = (box: Box, grey: (column: number, row: number) => number): void => {
    for (let row = 0; row < box.height; row += 1)
      for (let column = 0; column < box.width; column += 1)
        greys[(box.top + row) * width + box.left + column] = grey(column, row);
  };
  const inner = (box: Box, part: number): Box => {
    const side = Math.round(Math.min(box.width, box.height) * part);
    return {
      left: box.left + Math.round((box.width - side) / 2),
      top: box.top + Math.round((box.height - side) / 2),
      width: side,
      height: side,
    };
  };
  places.patches.forEach((box, place) => {
    const grey = patchGrey(place);
    fill(box, () => grey);
    const side = Math.max(4, Math.round(box.width / 5));
    for (const [right, low, step] of [
      [false, false, cornerStep],
      [true, false, -cornerStep],
      [false, true, -cornerStep],
      [true, true, cornerStep],
    ] as const)
      fill(
        {
          left: right ? box.left + box.width - 2 * side : box.left + side,
          top: low ? box.top + box.height - 2 * side : box.top + side,
          width: side,
          height: side,
        },
        () => grey + step,
      );
  });
  fill(places.blackEnd, () => 0);
  fill(inner(places.blackEnd, 0.5), () => 13);
  fill(places.whiteEnd, () => 255);
  fill(inner(places.whiteEnd, 0.5), () => 242);
  const [up, down] = places.ramps;
  fill(up, (column) => Math.floor((256 * column) / up.width));
  fill(down, (column) => 255 - Math.floor((256 * column) / down.width));
  for (const box of places.lines)
    fill(box, (column, row) => ((column < box.width / 2 ? column : row) % 2 === 0 ? 0 : 255));
  for (const strip of strips) drawDigits(places.strips[strip], strip, digits[strip], fill);
  return greys;
}

function drawDigits(
  box: Box,
  strip: Strip,
  digits: string,
  fill: (box: Box, grey: (column: number, row: number) => number) => void,
): void {
  const base = stripGrounds[strip];
  fill(box, () => base);
  const cell = Math.floor(box.width / digitSteps.length);
  const dot = Math.max(1, Math.min(Math.floor(cell / 8), Math.floor(box.height / 10)));
  digitSteps.forEach((step, place) => {
    const rows = digitRows[Number(digits[place])] ?? [];
    const grey = strip === 'bright' ? base - step : base + step;
    rows.forEach((bits, row) => {
      for (let column = 0; column < 5; column += 1) {
        if ((bits & (16 >> column)) === 0) continue;
        fill(
          {
            left: box.left + place * cell + Math.floor((cell - 5 * dot) / 2) + column * dot,
            top: box.top + Math.floor((box.height - 7 * dot) / 2) + row * dot,
            width: dot,
            height: dot,
          },
          () => grey,
        );
      }
    });
  });
}

/**
 * The mark burned into every demo image: a square of cells that names case, series, slice and side, and that can be read back from
 * whatever a canvas shows. Pure, and free of Node, so that end-to-end tests can read it in the page.
 *
 * Twelve cells a side: a dark quiet ring, a bright ring, then 8 x 8 cells of data. Six data cells are fixed so that no flip or turn
 * of the square looks like another; a 24-bit checksum covers the rest. `slice` is the Instance Number (0020,0013) of a
 * single-frame image and the 1-based frame number of a multi-frame one.
 */
export type Mark = {
  /** 1 to 1023. */
  readonly case: number;
  /** 1 to 63. */
  readonly series: number;
  /** 1 to 4095. */
  readonly slice: number;
  readonly side?: MarkSide | null;
};
export type MarkSide = 'L' | 'R' | 'B';

/** How the picture on screen stands to the stored pixels: mirrored left to right first where it says so, then turned clockwise. */
export const orientations = [
  'upright',
  'turned-90',
  'turned-180',
  'turned-270',
  'mirrored',
  'mirrored-turned-90',
  'mirrored-turned-180',
  'mirrored-turned-270',
] as const;
export type Orientation = (typeof orientations)[number];

export type FoundMark = {
  readonly case: number;
  readonly series: number;
  readonly slice: number;
  readonly side: MarkSide | null;
  readonly orientation: Orientation;
  /** Whether bright and dark are exchanged (MONOCHROME1 shown as it is, or an inverted picture). */
  readonly inverted: boolean;
  /** Width of a cell and place of the bright ring, in pixels of what was read. */
  readonly cell: number;
  readonly left: number;
  readonly top: number;
};

/** Cells a side of the whole mark, quiet ring included. */
export const markSize = 12;
const dataSize = 8;
const ringSize = 10;

/** Row, column and value of the data cells that never change; their pattern has no symmetry. */
const fixedCells: readonly (readonly [number, number, number])[] = [
  [0, 0, 1],
  [0, 1, 1],
  [1, 0, 0],
  [0, 7, 0],
  [7, 0, 0],
  [7, 7, 0],
];
const freeCells: readonly number[] = Array.from({ length: dataSize * dataSize }, (_, index) => index).filter(
  (index) => !fixedCells.some(([row, column]) => row * dataSize + column === index),
);
const fields = { version: 4, case: 10, series: 6, slice: 12, side: 2 } as const;
const version = 0b1010;
const sides: readonly (MarkSide | null)[] = [null, 'L', 'R', 'B'];

/** CRC-24 (RFC 4880 6.1) over single bits. */
function checksum(bits: readonly number[]): number {
  let crc = 0xb704ce;
  for (const bit of bits) {
    const out = (crc >>> 23) ^ bit;
    crc = (crc << 1) & 0xffffff;
    if (out === 1) crc ^= 0x864cfb;
  }
  return crc;
}

function bitsOf(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => (value >>> (count - 1 - index)) & 1);
}

function numberOf(bits: readonly number[]): number {
  return bits.reduce((sum, bit) => sum * 2 + bit, 0);
}

/** The 12 x 12 cells of a mark, row by row: 1 bright, 0 dark. A number out of range throws: it is a bug of the generator. */
export function markFor(mark: Mark): Uint8Array {
  const fits = (value: number, bits: number): boolean => Number.isInteger(value) && value >= 1 && value < 2 ** bits;
  if (!fits(mark.case, fields.case) || !fits(mark.series, fields.series) || !fits(mark.slice, fields.slice)) {
    throw new Error(`no mark for case ${mark.case}, series ${mark.series}, slice ${mark.slice}`);
  }
  const payload = [
    ...bitsOf(version, fields.version),
    ...bitsOf(mark.case, fields.case),
    ...bitsOf(mark.series, fields.series),
    ...bitsOf(mark.slice, fields.slice),
    ...bitsOf(Math.max(0, sides.indexOf(mark.side ?? null)), fields.side),
  ];
  const bits = [...payload, ...bitsOf(checksum(payload), 24)];
  const cells = new Uint8Array(markSize * markSize);
  for (let index = 0; index < ringSize; index++) {
    for (const [row, column] of [
      [1, index + 1],
      [ringSize, index + 1],
      [index + 1, 1],
      [index + 1, ringSize],
    ] as const) {
      cells[row * markSize + column] = 1;
    }
  }
  const setData = (index: number, value: number): void => {
    const row = Math.floor(index / dataSize) + 2;
    cells[row * markSize + (index % dataSize) + 2] = value;
  };
  for (const [row, column, value] of fixedCells) setData(row * dataSize + column, value);
  for (const [position, index] of freeCells.entries()) setData(index, bits[position] ?? 0);
  return cells;
}

/** Index on screen of the data cell that was stored at `index`. */
function seenAt(index: number, orientation: number): number {
  let row = Math.floor(index / dataSize);
  let column = index % dataSize;
  if (orientation >= 4) column = dataSize - 1 - column;
  for (let turn = 0; turn < orientation % 4; turn++) [row, column] = [column, dataSize - 1 - row];
  return row * dataSize + column;
}

function decode(seen: Uint8Array): Omit<FoundMark, 'inverted' | 'cell' | 'left' | 'top'> | null {
  for (const [number, orientation] of orientations.entries()) {
    const bitAt = (index: number): number => seen[seenAt(index, number)] ?? 0;
    if (!fixedCells.every(([row, column, value]) => bitAt(row * dataSize + column) === value)) continue;
    const bits = freeCells.map(bitAt);
    const payload = bits.slice(0, -24);
    if (checksum(payload) !== numberOf(bits.slice(-24))) continue;
    let offset = 0;
    const take = (count: number): number => {
      offset += count;
      return numberOf(payload.slice(offset - count, offset));
    };
    if (take(fields.version) !== version) continue;
    const found = { case: take(fields.case), series: take(fields.series), slice: take(fields.slice) };
    return { ...found, side: sides[take(fields.side)] ?? null, orientation };
  }
  return null;
}

/** One brightness a pixel, from gray bytes or from RGBA as a canvas gives them. */
function toGray(pixels: ArrayLike<number>, count: number): Uint8Array {
  const gray = new Uint8Array(count);
  if (pixels.length >= count * 4) {
    for (let index = 0; index < count; index++) {
      const at = index * 4;
      gray[index] = Math.round(
        0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0),
      );
    }
  } else for (let index = 0; index < count; index++) gray[index] = pixels[index] ?? 0;
  return gray;
}

type Box = { left: number; top: number; right: number; bottom: number };
/** A cell must be this wide on screen to be read. */
const smallestCell = 2.3;

/** Boxes around the connected areas of the mask that could be a bright ring: nearly square, and large enough. */
function squareAreas(mask: Uint8Array, width: number, height: number): Box[] {
  const boxes: Box[] = [];
  const stack = new Int32Array(width * height);
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] !== 1) continue;
    const box: Box = { left: width, top: height, right: 0, bottom: 0 };
    let depth = 0;
    stack[depth++] = start;
    mask[start] = 2;
    while (depth > 0) {
      const at = stack[--depth] ?? 0;
      const column = at % width;
      const row = (at - column) / width;
      if (column < box.left) box.left = column;
      if (column > box.right) box.right = column;
      if (row < box.top) box.top = row;
      if (row > box.bottom) box.bottom = row;
      const next = (index: number): void => {
        if (mask[index] !== 1) return;
        mask[index] = 2;
        stack[depth++] = index;
      };
      if (column > 0) next(at - 1);
      if (column < width - 1) next(at + 1);
      if (row > 0) next(at - width);
      if (row < height - 1) next(at + width);
    }
    const across = box.right - box.left + 1;
    const down = box.bottom - box.top + 1;
    const square = Math.abs(across - down) <= Math.max(2, 0.06 * Math.max(across, down));
    if (square && Math.min(across, down) >= ringSize * smallestCell) boxes.push(box);
  }
  return boxes;
}

/** Reads the cells inside a candidate ring; null unless ring and quiet ring are what they must be. */
function readBox(gray: Uint8Array, width: number, height: number, box: Box, inverted: boolean): Uint8Array | null {
  const across = (box.right - box.left + 1) / ringSize;
  const down = (box.bottom - box.top + 1) / ringSize;
  /** Mean brightness of the middle of a cell; (0, 0) is the ring's corner. Null outside of the picture. */
  const sample = (row: number, column: number): number | null => {
    const x0 = Math.round(box.left + (column + 0.3) * across);
    const x1 = Math.max(x0, Math.round(box.left + (column + 0.7) * across) - 1);
    const y0 = Math.round(box.top + (row + 0.3) * down);
    const y1 = Math.max(y0, Math.round(box.top + (row + 0.7) * down) - 1);
    if (x0 < 0 || y0 < 0 || x1 >= width || y1 >= height) return null;
    let sum = 0;
    for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) sum += gray[y * width + x] ?? 0;
    const mean = sum / ((x1 - x0 + 1) * (y1 - y0 + 1));
    return inverted ? 255 - mean : mean;
  };
  const ring: number[] = [];
  const quiet: number[] = [];
  const add = (list: number[], row: number, column: number): void => {
    const value = sample(row, column);
    if (value !== null) list.push(value);
  };
  for (let index = 0; index < ringSize; index++) {
    for (const edge of [0, ringSize - 1]) {
      add(ring, edge, index);
      add(ring, index, edge);
    }
    for (const edge of [-1, ringSize]) {
      add(quiet, edge, index);
      add(quiet, index, edge);
    }
  }
  if (ring.length < ringSize * 4 || quiet.length === 0) return null;
  const bright = Math.min(...ring);
  const dark = Math.max(...quiet);
  if (bright - dark < 20) return null;
  const middle = (bright + dark) / 2;
  const cells = new Uint8Array(dataSize * dataSize);
  for (let row = 0; row < dataSize; row++) {
    for (let column = 0; column < dataSize; column++) {
      cells[row * dataSize + column] = (sample(row + 1, column + 1) ?? 0) > middle ? 1 : 0;
    }
  }
  return cells;
}

/**
 * Finds and reads the mark in a picture: gray bytes (`width * height`) or RGBA (four times as many). Null where there is none, it is
 * cut off, or a cell is narrower than about 2.5 pixels. Works through window and level, inversion, flips, quarter turns and scaling.
 */
export function readMark(pixels: ArrayLike<number>, width: number, height: number): FoundMark | null {
  const gray = toGray(pixels, width * height);
  let least = 255;
  let most = 0;
  for (const value of gray) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const middle = Math.round((least + most) / 2);
  for (const level of new Set([middle, 128, 192, 64, 224, 32, 160, 96])) {
    if (level <= least || level > most) continue;
    for (const inverted of [false, true]) {
      const mask = new Uint8Array(gray.length);
      for (let index = 0; index < gray.length; index++) mask[index] = (gray[index] ?? 0) >= level !== inverted ? 1 : 0;
      for (const box of squareAreas(mask, width, height)) {
        const cells = readBox(gray, width, height, box, inverted);
        const found = cells === null ? null : decode(cells);
        if (found === null) continue;
        return { ...found, inverted, cell: (box.right - box.left + 1) / ringSize, left: box.left, top: box.top };
      }
    }
  }
  return null;
}

import { countOf, holds, noRanges, type Range, type Ranges, rangesOf } from '../coverage/index.ts';

/** Pixels of one image. */
export type ImageSize = { readonly rows: number; readonly columns: number };

/** A part of an image in image pixels; whole numbers are corners of pixels. */
export type ImagePart = {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
};

/** Image pixels of one side of a cell: an image is shown when each of its cells was on screen as a whole. */
export const cellSide = 64;

/** A camera never stands on a whole number exactly: half an image pixel at an edge is no pixel that was not seen. */
const slack = 0.5;

function grid({ rows, columns }: ImageSize): { readonly across: number; readonly down: number } {
  return { across: Math.ceil(columns / cellSide), down: Math.ceil(rows / cellSide) };
}

export function cellsOf(size: ImageSize): number {
  const { across, down } = grid(size);
  return across * down;
}

/** Cells that lie in this part as a whole, counted along rows; those at the right and lower edges end with the image. */
export function cellsWithin(size: ImageSize, part: ImagePart): Ranges {
  const { across, down } = grid(size);
  const first = (edge: number): number => Math.max(0, Math.ceil((edge - slack) / cellSide));
  const end = (edge: number, length: number, cells: number): number =>
    edge + slack >= length ? cells : Math.min(cells, Math.max(0, Math.floor((edge + slack) / cellSide)));
  const [left, right] = [first(part.left), end(part.right, size.columns, across)];
  const [top, bottom] = [first(part.top), end(part.bottom, size.rows, down)];
  if (right <= left || bottom <= top) return noRanges;
  if (left === 0 && right === across) return [[top * across, bottom * across]];
  return Array.from({ length: bottom - top }, (_, step): Range => {
    const row = (top + step) * across;
    return [row + left, row + right];
  });
}

/** Share of the image that was shown, 0 to 1; 1 only when every cell was. */
export function shareShown(size: ImageSize, shown: Ranges): number {
  const all = cellsOf(size);
  return all === 0 ? 1 : countOf(shown) / all;
}

/**
 * Which part to show next, of the size of the screen (in image pixels): with its upper left at the first cell never shown, and within
 * the image. Null when all was shown.
 */
export function nextPart(
  size: ImageSize,
  shown: Ranges,
  screen: { readonly width: number; readonly height: number },
): ImagePart | null {
  const { across } = grid(size);
  const next = firstMissing(shown, cellsOf(size));
  if (next === null) return null;
  const place = (start: number, extent: number, length: number): number =>
    extent >= length ? (length - extent) / 2 : Math.min(start, length - extent);
  const left = place((next % across) * cellSide, screen.width, size.columns);
  const top = place(Math.floor(next / across) * cellSide, screen.height, size.rows);
  return { left, top, right: left + screen.width, bottom: top + screen.height };
}

function firstMissing(shown: Ranges, count: number): number | null {
  for (let cell = 0; cell < count; cell += 1) if (!holds(shown, cell)) return cell;
  return null;
}

/**
 * Cells in which every pixel has one and the same value: the air that machines make black. There is nothing in them that a smaller
 * picture would not show.
 */
export function evenCells(size: ImageSize, pixels: ArrayLike<number>): Ranges {
  const { across } = grid(size);
  const even: number[] = [];
  for (let cell = 0; cell < cellsOf(size); cell += 1) {
    const left = (cell % across) * cellSide;
    const top = Math.floor(cell / across) * cellSide;
    const right = Math.min(size.columns, left + cellSide);
    const bottom = Math.min(size.rows, top + cellSide);
    if (isEven(pixels, size.columns, { left, top, right, bottom })) even.push(cell);
  }
  return rangesOf(even);
}

function isEven(pixels: ArrayLike<number>, columns: number, part: ImagePart): boolean {
  const value = pixels[part.top * columns + part.left];
  for (let row = part.top; row < part.bottom; row += 1) {
    for (let column = part.left; column < part.right; column += 1)
      if (pixels[row * columns + column] !== value) return false;
  }
  return true;
}

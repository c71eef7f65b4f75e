import type { Orientation, Point, Vector } from './types.ts';

/** How pixels run on the screen: where a step along a row (column + 1) and along a column (row + 1) goes, in screen pixels, y down. */
export type ScreenAxes = { readonly alongRow: Point; readonly alongColumn: Point };

export type EdgeLetters = {
  readonly top: string;
  readonly right: string;
  readonly bottom: string;
  readonly left: string;
};

const none: EdgeLetters = { top: '', right: '', bottom: '', left: '' };

/**
 * Letters at the four edges of an image as it stands on the screen (PS3.3 C.7.6.1.1.1: A, P, R, L, H, F). They are computed from
 * where the pixels really run, so flips and rotations cannot be forgotten. An edge between two directions names both, larger first.
 */
export function edgeLetters(orientation: Orientation, axes: ScreenAxes): EdgeLetters {
  if (orientation.kind === 'none') return none;
  // A screen direction s is a mix a x alongRow + b x alongColumn; the axes of a flipped or rotated image stay independent.
  const [rowX, rowY] = axes.alongRow;
  const [columnX, columnY] = axes.alongColumn;
  const determinant = rowX * columnY - rowY * columnX;
  if (Math.abs(determinant) < 1e-12) return none;
  const toward = (x: number, y: number): string => {
    const a = (x * columnY - y * columnX) / determinant;
    const b = (rowX * y - rowY * x) / determinant;
    return orientation.kind === 'cosines'
      ? vectorLetters(mix(orientation.row, a, orientation.column, b))
      : mixedLetters(orientation.row, a, orientation.column, b);
  };
  return { top: toward(0, -1), right: toward(1, 0), bottom: toward(0, 1), left: toward(-1, 0) };
}

function mix(row: Vector, a: number, column: Vector, b: number): Vector {
  return [row[0] * a + column[0] * b, row[1] * a + column[1] * b, row[2] * a + column[2] * b];
}

/** Patient coordinates grow to the left, to the back and to the head (PS3.3 C.7.6.2.1.1). */
export function vectorLetters(vector: Vector): string {
  const length = Math.hypot(...vector);
  if (length === 0 || !Number.isFinite(length)) return '';
  const named: readonly (readonly [string, number])[] = [
    [vector[0] > 0 ? 'L' : 'R', Math.abs(vector[0]) / length],
    [vector[1] > 0 ? 'P' : 'A', Math.abs(vector[1]) / length],
    [vector[2] > 0 ? 'H' : 'F', Math.abs(vector[2]) / length],
  ];
  return [...named]
    .filter(([, share]) => share > 0.25)
    .sort((left, right) => right[1] - left[1])
    .map(([letter]) => letter)
    .join('');
}

const opposites: Readonly<Record<string, string>> = { A: 'P', P: 'A', R: 'L', L: 'R', H: 'F', F: 'H' };

export function oppositeLetters(letters: string): string {
  return [...letters].map((letter) => opposites[letter] ?? letter).join('');
}

/** For Patient Orientation (0020,0020), which names directions by letters alone, as projections do. */
function mixedLetters(row: string, a: number, column: string, b: number): string {
  const alongRow = a >= 0 ? row : oppositeLetters(row);
  const alongColumn = b >= 0 ? column : oppositeLetters(column);
  const share = Math.abs(a) + Math.abs(b);
  if (share === 0) return '';
  if (Math.abs(a) / share > 0.75) return alongRow;
  if (Math.abs(b) / share > 0.75) return alongColumn;
  return Math.abs(a) >= Math.abs(b) ? alongRow + alongColumn : alongColumn + alongRow;
}

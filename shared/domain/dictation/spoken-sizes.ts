import { type SpokenNumber, spokenNumber } from './spoken-number.ts';
import { isCounted, type SpokenUnit, spokenUnit } from './spoken-units.ts';
import { labels } from './vocabulary-words.ts';

export type Figures = { readonly length: number; readonly written: string };

/** "At that point five …": a fraction without its whole number is not begun after these. */
const beforePoint: ReadonlySet<string> = new Set(
  'a an the that this which one some each end entry reference focal insertion to'.split(' '),
);

type Side = { readonly number: SpokenNumber; readonly unit: SpokenUnit | null; readonly length: number };

function sideAt(words: readonly string[], at: number): Side | null {
  const number = spokenNumber(words, at);
  if (number === null) return null;
  if ((words[at] === 'point' || words[at] === 'decimal') && beforePoint.has(words[at - 1] ?? '')) return null;
  const unit = spokenUnit(words, at + number.length);
  return { number, unit, length: number.length + (unit?.length ?? 0) };
}

/**
 * A number that is written in figures, with its unit: sizes ("three point five by two centimeters" is 3.5 x 2 cm), decimals, numbers
 * from ten on, numbers before a unit or a time, and numbers that are names ("series three"). Null for other words: "two nodules" stays
 * as it was said. No figure is ever rounded, and no unit turned into another.
 */
export function figuresAt(words: readonly string[], at: number): Figures | null {
  const first = sideAt(words, at);
  if (first === null) return null;
  const sides = [first];
  let length = first.length;
  while (words[at + length] === 'by' || words[at + length] === 'x' || words[at + length] === 'times') {
    const next = sideAt(words, at + length + 1);
    if (next === null) break;
    sides.push(next);
    length += 1 + next.length;
  }
  if (sides.length > 1) return { length, written: writtenSides(sides) };
  const startsWithPoint = words[at] === 'point' || words[at] === 'decimal';
  const { number, unit } = first;
  if (unit !== null) return { length, written: withUnit(number.figures, unit) };
  if (startsWithPoint) return null;
  const after = words[at + length];
  const isLabelled = labels.has(words[at - 1] ?? '');
  // "Three to four millimeters": both in figures; "to" stays, since "from three to four" is a growth and no range.
  const other = after === 'to' || after === 'or' ? sideAt(words, at + length + 1) : null;
  const inFigures =
    number.isDecimal ||
    Number(number.figures) >= 10 ||
    /^\d/.test(words[at] ?? '') ||
    isCounted(after) ||
    isLabelled ||
    (other !== null && (other.unit !== null || isCounted(words[at + length + 1 + other.length])));
  return inFigures ? { length, written: number.figures } : null;
}

const withUnit = (figures: string, unit: SpokenUnit): string =>
  unit.written === '%' ? `${figures}%` : `${figures} ${unit.written}`;

function writtenSides(sides: readonly Side[]): string {
  const last = sides.at(-1)?.unit ?? null;
  const isOneUnit = sides.every(
    (side, index) => index === sides.length - 1 || side.unit === null || side.unit.written === last?.written,
  );
  if (!isOneUnit)
    return sides
      .map((side) => (side.unit === null ? side.number.figures : withUnit(side.number.figures, side.unit)))
      .join(' x ');
  const figures = sides.map((side) => side.number.figures).join(' x ');
  return last === null ? figures : withUnit(figures, last);
}

import { spokenNumber } from './spoken-number.ts';
import { spokenUnit } from './spoken-units.ts';

/** A level of the spine, or a weighting that is said the same way (T1, T2). */
export type SpokenLevel = { readonly length: number; readonly written: string };

type Level = { readonly letter: string; readonly number: number };

/** How many vertebrae each part may have: a sixth lumbar and a thirteenth thoracic one are known variants, C8 is a nerve. */
const highest: Readonly<Record<string, number>> = { c: 8, t: 13, l: 6, s: 5 };
/** The usual last one of a part, below which the next part begins. */
const usual: Readonly<Record<string, number>> = { c: 7, t: 12, l: 5 };
const below: Readonly<Record<string, string>> = { c: 't', t: 'l', l: 's' };

function oneLevel(words: readonly string[], at: number): (Level & { readonly length: number }) | null {
  const letter = words[at] ?? '';
  const joined = /^([ctls])(\d{1,2})$/.exec(letter);
  if (joined !== null) {
    const [, part = '', number = ''] = joined;
    return isLevel(part, Number(number)) ? { letter: part, number: Number(number), length: 1 } : null;
  }
  if (!Object.hasOwn(highest, letter)) return null;
  const number = levelNumber(words, at + 1);
  return number !== null && isLevel(letter, number.value)
    ? { letter, number: number.value, length: 1 + number.length }
    : null;
}

function levelNumber(words: readonly string[], at: number): { readonly value: number; readonly length: number } | null {
  const found = spokenNumber(words, at);
  return found === null || found.isDecimal ? null : { value: Number(found.figures), length: found.length };
}

const isLevel = (letter: string, number: number): boolean => number >= 1 && number <= (highest[letter] ?? 0);

function isNext(first: Level, second: Level): boolean {
  if (first.letter === second.letter) return second.number === first.number + 1;
  return below[first.letter] === second.letter && second.number === 1 && first.number >= (usual[first.letter] ?? 99);
}

const write = ({ letter, number }: Level): string => `${letter.toUpperCase()}${number}`;

/** "L four", and two neighbours in one breath: "L four L five", "L four five", "L five S one" are L4-L5 and L5-S1. */
export function spokenLevel(words: readonly string[], at: number): SpokenLevel | null {
  const first = oneLevel(words, at);
  if (first === null) return null;
  const joint = ['hyphen', 'dash'].includes(words[at + first.length] ?? '') ? 1 : 0;
  const next = at + first.length + joint;
  const second = oneLevel(words, next);
  if (second !== null && isNext(first, second))
    return { length: first.length + joint + second.length, written: `${write(first)}-${write(second)}` };
  // "L four five": the letter is not said twice. In "L four five millimeters" the five is a size.
  const number = second === null ? levelNumber(words, next) : null;
  const isSize =
    number !== null && (spokenUnit(words, next + number.length) !== null || words[next + number.length] === 'by');
  if (number !== null && !isSize) {
    const same = { letter: first.letter, number: number.value };
    if (isLevel(same.letter, same.number) && isNext(first, same))
      return { length: first.length + joint + number.length, written: `${write(first)}-${write(same)}` };
  }
  return { length: first.length, written: write(first) };
}

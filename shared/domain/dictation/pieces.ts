import { plainWord, type RecognisedWord } from './recognised.ts';
import { type SpokenDate, spokenDate } from './spoken-date.ts';
import { spokenLevel } from './spoken-levels.ts';
import { punctuationAt } from './spoken-punctuation.ts';
import { figuresAt } from './spoken-sizes.ts';
import { fixedSpelling, isNegation, isSide, radsNames } from './vocabulary-words.ts';

/** What a piece is; the first five are what a reader must not find wrong in a signed report. */
export type PieceKind = 'negation' | 'side' | 'number' | 'level' | 'date' | 'word' | 'punctuation' | 'break';

/** One stretch of recognised words as it is written. */
export type Piece = {
  readonly text: string;
  readonly kind: PieceKind;
  readonly words: readonly RecognisedWord[];
  /** Stands without a space on that side. */
  readonly joins: 'none' | 'left' | 'right' | 'both';
  /** Never changed to a capital at the head of a sentence. */
  readonly isFixed: boolean;
};

type Taken = Omit<Piece, 'words'> & { readonly length: number };

const word = (text: string, length: number, more: Partial<Taken> = {}): Taken => ({
  text,
  length,
  kind: 'word',
  joins: 'none',
  isFixed: false,
  ...more,
});

/** Recognised words as they are written, piece by piece; every word is in exactly one piece. */
export function piecesOf(recognised: readonly RecognisedWord[]): readonly Piece[] {
  // An engine may give several words in one ("L 4", "two-view"): rules see one at a time.
  const flat = recognised.flatMap((one) =>
    one.word
      .split(/\s+/)
      .filter((part) => plainWord(part) !== '')
      .map((part) => ({ ...one, word: part })),
  );
  const plain = flat.map((one) => plainWord(one.word));
  const pieces: Piece[] = [];
  for (let at = 0; at < flat.length; ) {
    const { length, ...taken } = takenAt(plain, at, flat[at]?.word ?? '');
    pieces.push({ ...taken, words: flat.slice(at, at + length) });
    at += length;
  }
  return pieces;
}

function takenAt(words: readonly string[], at: number, asGiven: string): Taken {
  const now = words[at] ?? '';
  const next = words[at + 1];
  if (now === 'literal' && next !== undefined) return word(next, 2);
  if (now === 'capitalize' && next !== undefined)
    return word(next.charAt(0).toUpperCase() + next.slice(1), 2, { isFixed: true });
  if (now === 'all' && next === 'caps' && words[at + 2] !== undefined)
    return word((words[at + 2] ?? '').toUpperCase(), 3, { isFixed: true });
  const punctuation = punctuationAt(words, at);
  if (punctuation !== null) return { ...punctuation, isFixed: true };
  const date: SpokenDate | null = spokenDate(words, at);
  if (date !== null) return word(date.written, date.length, { kind: 'date', isFixed: true });
  const level = spokenLevel(words, at);
  if (level !== null) return word(level.written, level.length, { kind: 'level', isFixed: true });
  const figures = figuresAt(words, at);
  if (figures !== null) return word(figures.written, figures.length, { kind: 'number', isFixed: true });
  if (next === 'rads' && Object.hasOwn(radsNames, now)) return word(radsNames[now] ?? now, 2, { isFixed: true });
  if (now === 'x' && next === 'ray') return word('x-ray', 2);
  if (now === 'x' && next === 'rays') return word('x-rays', 2);
  if (isNegation(now)) return word(now, 1, { kind: 'negation' });
  if (isSide(now)) return word(now, 1, { kind: 'side' });
  const fixed = fixedSpelling(now);
  if (fixed !== null) return word(fixed, 1, { isFixed: fixed !== 'x-ray' });
  // An engine that writes a name with its capitals knows more than we do.
  return /[A-Z]/.test(asGiven) && !/^[A-Z]+$/.test(asGiven) ? word(asGiven, 1) : word(now, 1);
}

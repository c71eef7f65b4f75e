import { cleanLine } from '../../lib/clean-text.ts';

/** One group of a person name in components (PS3.5 6.2.1.1). */
export type NameGroup = {
  readonly family: string;
  readonly given: string;
  readonly middle: string;
  readonly prefix: string;
  readonly suffix: string;
};

/** Groups of a person name by `=` (PS3.5 6.2.1.2); a group that is absent or all padding is null. */
export type PersonName = {
  readonly alphabetic: NameGroup | null;
  readonly ideographic: NameGroup | null;
  readonly phonetic: NameGroup | null;
};

/** PS3.5 6.2: 64 characters a group; beyond a few times that a text is no name, and comparing it would cost time. */
export const longestName = 400;

function parseGroup(text: string | undefined): NameGroup | null {
  if (text === undefined) return null;
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = text
    .split('^')
    .map((component) => cleanLine(component).replace(/\s+/g, ' '));
  const group = { family, given, middle, prefix, suffix };
  return Object.values(group).some((component) => component !== '') ? group : null;
}

export function parsePersonName(name: string): PersonName {
  const [alphabetic, ideographic, phonetic] = name.slice(0, longestName).split('=');
  return {
    alphabetic: parseGroup(alphabetic),
    ideographic: parseGroup(ideographic),
    phonetic: parseGroup(phonetic),
  };
}

/**
 * "Quillfeather, Ottoline". The spelling stays as received: re-casing would turn one patient's name into another's to the eye.
 * Without an alphabetic group the ideographic one is shown, then the phonetic one; an absent name says so.
 */
export function displayName(name: string): string {
  const parsed = parsePersonName(name);
  const group = parsed.alphabetic ?? parsed.ideographic ?? parsed.phonetic;
  if (group === null) return 'Name not given';
  const rest = [group.prefix, group.given, group.middle].filter((part) => part !== '').join(' ');
  return [group.family, rest, group.suffix].filter((part) => part !== '').join(', ');
}

/** Letters that NFKD leaves whole, as passports and keyboards without them spell them. */
const letters: Readonly<Record<string, string>> = {
  Æ: 'AE',
  Œ: 'OE',
  Ø: 'O',
  Ł: 'L',
  Đ: 'D',
  Ð: 'D',
  Þ: 'TH',
  ẞ: 'SS',
  ı: 'I',
  Ħ: 'H',
};

/** Spellings by two letters that stand for one with a mark (ICAO 9303-3, section 6: Ä may be AE, Ö and Ø OE, Ü UE, Å AA). */
const expansions: Readonly<Record<string, string>> = { Ä: 'AE', Ö: 'OE', Ü: 'UE', Å: 'AA', Ø: 'OE' };

function fold(word: string): string {
  return word
    .replace(/[ÆŒØŁĐÐÞẞıĦ]/g, (letter) => letters[letter] ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** A word of a name in every spelling that counts as the same word. */
export type NameWord = readonly string[];

function nameWord(word: string): NameWord {
  const upper = word.normalize('NFC').toUpperCase();
  const plain = fold(upper);
  const expanded = fold(upper.replace(/[ÄÖÜÅØ]/g, (letter) => expansions[letter] ?? letter));
  return plain === expanded ? [plain] : [plain, expanded];
}

/** Words of a text; hyphens divide (SMITH-JONES is SMITH JONES), apostrophes and points do not (O'BRIEN is OBRIEN). */
export function nameWords(text: string): readonly NameWord[] {
  return text
    .split(/[\s,\-‐-―_/]+/u)
    .map(nameWord)
    .filter((word) => word[0] !== '');
}

export function sameWord(left: NameWord, right: NameWord): boolean {
  return left.some((spelling) => right.includes(spelling));
}

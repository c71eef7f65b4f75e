import { type NameWord, nameWords } from './person-name.ts';

/** What one study can be found by: the words of its patient's name in every spelling, and its numbers. */
export type Findable = { readonly names: readonly NameWord[]; readonly numbers: readonly string[] };

const plain = (text: string): string => text.toUpperCase().replace(/[^\p{L}\p{N}]+/gu, '');

export function findable(name: string, numbers: readonly (string | null)[]): Findable {
  return {
    // PS3.5 6.2.1: `^` parts components and `=` groups.
    names: nameWords(name.replace(/[\^=]/g, ' ')),
    numbers: numbers.map((one) => plain(one ?? '')).filter((one) => one !== ''),
  };
}

/** Fewest letters and digits that are searched for: one letter finds everybody. */
export const shortestFind = 2;

/** What was typed, ready to be compared; null where it is too little to look for. */
export function findQuery(text: string): readonly NameWord[] | null {
  const words = nameWords(text.replace(/[\^=]/g, ' '));
  const letters = words.reduce((sum, word) => sum + (word[0] ?? '').length, 0);
  return letters < shortestFind ? null : words;
}

/**
 * Whether every word that was typed begins a word of the name, in any order and without marks or case, or stands in a number; a number
 * typed with other hyphens or blanks is the same number.
 */
export function finds(query: readonly NameWord[], study: Findable): boolean {
  const whole = query.map((word) => word[0] ?? '').join('');
  if (study.numbers.some((number) => number.includes(whole))) return true;
  return query.every(
    (word) =>
      study.names.some((name) => word.some((typed) => name.some((spelling) => spelling.startsWith(typed)))) ||
      study.numbers.some((number) => word.some((typed) => number.includes(typed))),
  );
}

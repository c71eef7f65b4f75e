import { readFileSync } from 'node:fs';

/** A word in one way of saying it; a second way is "word(2)", as the engine wants it. */
export type Pronunciation = { readonly word: string; readonly phones: string };

function* entriesOf(dictionary: string): Generator<Pronunciation> {
  for (const line of dictionary.split('\n')) {
    const gap = line.indexOf(' ');
    if (gap > 0) yield { word: line.slice(0, gap), phones: line.slice(gap + 1).trim() };
  }
}

const withoutCount = (word: string): string => word.replace(/\(\d+\)$/, '');

/** Words that the dictionary ("word PHONES" lines) does not hold, in lower case, each once. */
export function unknownWords(words: readonly string[], dictionary: string): readonly string[] {
  const known = new Set([...entriesOf(dictionary)].map(({ word }) => withoutCount(word)));
  return [...new Set(words.map((word) => word.toLowerCase()))].filter((word) => !known.has(word));
}

/** How these words are said by the dictionary in a file. Words that it lacks are left out; so are all where it cannot be read. */
export function pronunciationsOf(words: readonly string[], file: string): readonly Pronunciation[] {
  if (words.length === 0) return [];
  let dictionary: string;
  try {
    dictionary = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  const wanted = new Set(words);
  return [...entriesOf(dictionary)].filter(({ word }) => wanted.has(withoutCount(word)));
}

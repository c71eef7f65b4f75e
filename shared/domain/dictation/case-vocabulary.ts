import { plainWord } from './recognised.ts';

/** As many as an engine is given: more of them would make it hear them everywhere. */
const mostWords = 400;
/** Shorter ones are known to every engine, or are no words. */
const shortest = 4;
const longest = 40;

/**
 * Words of texts about the open case (order, draft, priors' reports) that a speech engine may prefer, in the order of their texts, each
 * once, in plain letters. Pure: nothing is remembered from one case to the next.
 */
export function caseVocabulary(texts: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const text of texts)
    for (const part of text.split(/[^\p{L}\p{N}'’.]+/u)) {
      const word = plainWord(part).replace(/^'+|'+$/g, '');
      if (word.length < shortest || word.length > longest || !/^[a-z']+$/.test(word)) continue;
      found.add(word);
      if (found.size === mostWords) return [...found];
    }
  return [...found];
}

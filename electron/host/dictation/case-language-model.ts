import type { Pronunciation } from './pronunciations.ts';

/**
 * How likely a word of the case is where nothing is known of its neighbours, as a decimal logarithm: like a word of ours that is neither
 * rare nor common. Chosen by `npm run bench:dictation`.
 */
const likelihood = -2.6;

/**
 * A language model in ARPA form in which words of the case stand: those that it lacks and that can be pronounced are put in, those that it
 * has are at least as likely as these. Runs of two and three words stay as they are.
 */
export function withCaseWords(arpa: string, words: readonly string[], added: readonly Pronunciation[]): string {
  const begin = arpa.indexOf('\\1-grams:\n');
  const end = arpa.indexOf('\n\n', begin);
  if (begin < 0 || end < 0) return arpa;
  const wanted = new Set(words.map((word) => word.toLowerCase()));
  const known = new Set<string>();
  const lines = arpa
    .slice(begin, end)
    .split('\n')
    .map((line) => {
      const [own = '', word = '', ...back] = line.split('\t');
      known.add(word);
      if (!wanted.has(word) || Number(own) >= likelihood) return line;
      return [likelihood.toFixed(3), word, ...back].join('\t');
    });
  const fresh = new Set(added.map(({ word }) => word.replace(/\(\d+\)$/, '')).filter((word) => !known.has(word)));
  for (const word of fresh) lines.push(`${likelihood.toFixed(3)}\t${word}\t0.000`);
  const head = arpa
    .slice(0, begin)
    .replace(/ngram 1=(\d+)/, (_all, count: string) => `ngram 1=${Number(count) + fresh.size}`);
  return `${head}${lines.join('\n')}${arpa.slice(end)}`;
}

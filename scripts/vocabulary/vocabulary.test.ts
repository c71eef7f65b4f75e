import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { caseSentences, commandTraps, testSentences } from '../../test/bench/dictation-sentences.ts';
import { wordErrors } from '../../test/bench/word-errors.ts';
import { languageModelSentences } from './drawn.ts';
import { languageModel } from './language-model.ts';
import { drawSentences, readPatterns } from './patterns.ts';

const folder = join(fileURLToPath(new URL('../..', import.meta.url)), 'resources', 'vocabulary');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const sentences = languageModelSentences();

it('the committed language model is what npm run vocabulary makes of the sentences', () => {
  expect(languageModel(sentences) === read('radiology.arpa')).toBe(true);
});

it('every word of it has a pronunciation, and no other word has one', () => {
  const words = new Set(sentences.flatMap((sentence) => sentence.split(' ')));
  const sounded = new Set(
    read('radiology.dict')
      .trim()
      .split('\n')
      .map((line) => (line.split(' ')[0] ?? '').replace(/\(\d+\)$/, '')),
  );
  expect([...words].filter((word) => !sounded.has(word))).toEqual([]);
  expect([...sounded].filter((word) => !words.has(word))).toEqual([]);
});

it('no sentence of the benchmark is in it', () => {
  for (const sentence of [...testSentences, ...commandTraps, ...caseSentences.map((one) => one.sentence)])
    expect(
      sentences.filter((one) => one.includes(sentence)),
      sentence,
    ).toEqual([]);
});

it('patterns: choices, what may be left out, and lists by name; the same at every run', () => {
  const patterns = readPatterns('side = left | right\n# a remark\nthe <side> (lung | lobe) [is clear]');
  const drawn = drawSentences(patterns, new Set());
  expect(new Set(drawn.filter((one) => !one.includes('period')))).toEqual(
    new Set(
      ['left', 'right'].flatMap((side) =>
        ['lung', 'lobe'].flatMap((part) => [`the ${side} ${part}`, `the ${side} ${part} is clear`]),
      ),
    ),
  );
  expect(drawSentences(patterns, new Set())).toEqual(drawn);
  expect(() => readPatterns('the (lung')).toThrow(/line 1/);
});

it('a language model gives each context a share of one in all', () => {
  const lines = languageModel(['a b', 'a c', 'b c']).split('\n');
  expect(lines).toContain('ngram 1=5');
  const single = lines
    .slice(lines.indexOf('\\1-grams:') + 1, lines.indexOf('\\2-grams:'))
    .filter((line) => line !== '');
  const sum = single.map((line) => 10 ** Number(line.split('\t')[0])).reduce((all, one) => all + one, 0);
  expect(sum).toBeCloseTo(1, 2);
});

it('word errors: put in, taken out, replaced', () => {
  expect(wordErrors(['a', 'b', 'c'], ['a', 'b', 'c'])).toBe(0);
  expect(wordErrors(['a', 'b', 'c'], ['a', 'x', 'c'])).toBe(1);
  expect(wordErrors(['a', 'b', 'c'], ['a', 'c'])).toBe(1);
  expect(wordErrors(['a', 'b'], ['x', 'a', 'y', 'b'])).toBe(2);
  expect(wordErrors(['a', 'b'], [])).toBe(2);
});

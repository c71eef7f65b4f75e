import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withCaseWords } from './case-language-model.ts';
import { unknownWords } from './pronunciations.ts';
import { vocabularyFolder } from './vocabulary-folder.ts';

const read = (name: string): string => readFileSync(join(vocabularyFolder(), name), 'utf8');
const arpa = read('radiology.arpa');
const singles = (model: string): ReadonlyMap<string, number> =>
  new Map(
    model
      .slice(model.indexOf('\\1-grams:') + 10, model.indexOf('\n\n', model.indexOf('\\1-grams:')))
      .split('\n')
      .map((line) => line.split('\t'))
      .map(([own, word]) => [word ?? '', Number(own)] as const),
  );

describe('a language model with the words of a case', () => {
  const added = [
    { word: 'sarcoidosis', phones: 'S AA R K OY D OW S IH S' },
    { word: 'sarcoidosis(2)', phones: 'S AA R K OY D OW S AH S' },
  ];
  const model = withCaseWords(arpa, ['sarcoidosis', 'abdomen', 'unpronounceable'], added);

  it('holds those that can be said, once each, and counts them', () => {
    const [before, after] = [singles(arpa), singles(model)];
    expect([...after.keys()].filter((word) => !before.has(word))).toEqual(['sarcoidosis']);
    expect(after.size).toBe(before.size + 1);
    expect(model).toContain(`ngram 1=${after.size}\n`);
  });

  it('prefers those that it knew, and leaves all else as it was', () => {
    const [before, after] = [singles(arpa), singles(model)];
    expect(after.get('abdomen')).toBeGreaterThan(before.get('abdomen') ?? 0);
    for (const [word, own] of before) if (word !== 'abdomen') expect(after.get(word), word).toBe(own);
    expect(model.slice(model.indexOf('\\2-grams:'))).toBe(arpa.slice(arpa.indexOf('\\2-grams:')));
  });

  it('is the same one where the case brings nothing', () => {
    expect(withCaseWords(arpa, [], [])).toBe(arpa);
  });
});

it('words that our dictionary holds are not asked for elsewhere', () => {
  expect(unknownWords(['Liver', 'sarcoidosis', 'sarcoidosis'], read('radiology.dict'))).toEqual(['sarcoidosis']);
});

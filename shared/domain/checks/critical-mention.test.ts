import { expect, it } from 'vitest';
import { criticalMention } from './critical-mention.ts';

const text = 'Heart normal. 2.5 cm left tension pneumothorax with shift. Effusion.\nAppendicitis';
const mention = (words: string) => {
  const from = text.indexOf(words);
  const at = { section: '59776-5', exam: null, from, to: from + words.length } as const;
  return criticalMention([{ code: '59776-5', title: 'Findings', exam: null, text } as never], at);
};

it('a critical word brings its whole sentence and its level', () => {
  expect(mention('tension pneumothorax')).toEqual({
    level: 1,
    words: '2.5 cm left tension pneumothorax with shift.',
  });
  expect(mention('Appendicitis')).toEqual({ level: 2, words: 'Appendicitis' });
});

it('words of a section that is not there bring nothing', () => {
  expect(criticalMention([], { section: '19005-8', exam: null, from: 0, to: 4 })).toBe(null);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assertionOf } from './assertion.ts';
import { indexOfWords, sentencesOf } from './sentences.ts';

function saysOf(text: string, words: string): string {
  const row = words.split(' ');
  for (const sentence of sentencesOf(text)) {
    const at = indexOfWords(sentence.tokens, row);
    if (at >= 0) return assertionOf(sentence, at, at + row.length);
  }
  return 'not named';
}

describe('what a sentence says of what it names', () => {
  test.each([
    ['No pneumothorax.', 'pneumothorax', 'negated'],
    ['There is no evidence of pneumothorax.', 'pneumothorax', 'negated'],
    ['No focal consolidation, pleural effusion, or pneumothorax.', 'pneumothorax', 'negated'],
    ['No focal consolidation, pleural effusion, or pneumothorax.', 'consolidation', 'qualified'],
    ['Lungs are clear without effusion.', 'effusion', 'negated'],
    ['Negative for fracture.', 'fracture', 'negated'],
    ['Pneumothorax is not seen.', 'pneumothorax', 'negated'],
    ['Pneumothorax: none.', 'pneumothorax', 'negated'],
    ['The effusion has resolved.', 'effusion', 'negated'],
    ['No large effusion.', 'effusion', 'qualified'],
    ['No pneumothorax but a small effusion.', 'effusion', 'affirmed'],
    ['No pneumothorax, small left effusion.', 'effusion', 'affirmed'],
    ['No abnormality other than an effusion.', 'effusion', 'affirmed'],
    ['No change in the effusion.', 'effusion', 'old'],
    ['There is a pneumothorax.', 'pneumothorax', 'affirmed'],
    ['Possible pneumonia.', 'pneumonia', 'possible'],
    ['Pneumonia cannot be excluded.', 'pneumonia', 'possible'],
    ['Consider CT to exclude dissection.', 'dissection', 'possible'],
    ['History of pulmonary embolism.', 'pulmonary embolism', 'old'],
    ['Stable small effusion.', 'effusion', 'old'],
    ['Stable nodule, but new effusion.', 'effusion', 'affirmed'],
    ['No pneumothorax. Effusion on the left.', 'Effusion'.toLowerCase(), 'affirmed'],
    ['No pneumothorax\nEffusion on the left', 'effusion', 'affirmed'],
  ])('%s: %s is %s', (text, words, expected) => {
    expect(saysOf(text, words)).toBe(expected);
  });

  test('a denial never reaches over the end of its sentence', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('No effusion', 'Negative for fracture', 'Without consolidation', 'Clear lungs, no mass'),
        fc.constantFrom('.', ';', '\n', '.\n\n', '?'),
        fc.constantFrom('Pneumothorax', 'There is a pneumothorax', 'Small right pneumothorax'),
        (first, end, second) => {
          expect(saysOf(`${first}${end} ${second}.`, 'pneumothorax')).toBe('affirmed');
        },
      ),
    );
  });

  test('a list that is denied is denied to its end, however long it is', () => {
    const things = ['effusion', 'pneumothorax', 'consolidation', 'fracture', 'adenopathy', 'hernia'];
    fc.assert(
      fc.property(fc.shuffledSubarray(things, { minLength: 2 }), (list) => {
        const text = `No ${list.slice(0, -1).join(', ')}, or ${list.at(-1)}.`;
        for (const one of list) expect(saysOf(text, one)).toBe('negated');
      }),
    );
  });
});

describe('sentences', () => {
  test.each([
    ['A 3.5 cm mass. No node.', 2],
    ['Discussed with Dr. Bramble at noon.', 1],
    ['1. Effusion.\n2. Atelectasis.', 4],
    ['', 0],
    ['\n\n', 0],
  ])('%j has %i', (text, count) => {
    expect(sentencesOf(text)).toHaveLength(count);
  });

  test('each token is where it says, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        for (const { tokens } of sentencesOf(text))
          for (const one of tokens)
            expect(text.slice(one.from, one.to).toLowerCase().replaceAll('’', "'")).toBe(one.text);
      }),
    );
  });
});

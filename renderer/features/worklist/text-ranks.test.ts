import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTextRanks } from './text-ranks.ts';

const collator = new Intl.Collator('en', { sensitivity: 'base', numeric: true });
const text = fc.oneof(
  fc.constantFrom('', 'abara', 'Abara', 'Ábara', 'A2', 'A10', 'a02', 'Łąk', 'lak', '~', 'Ž'),
  fc.string({ maxLength: 4, unit: 'grapheme' }),
);

test('names stand as a collator would have them, whichever were known first', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(text, { maxLength: 12 }), { maxLength: 5 }),
      fc.array(text, { maxLength: 6 }),
      (learned, strangers) => {
        const ranks = createTextRanks();
        for (const some of learned) ranks.learn(some);
        const all = [...learned.flat(), ...strangers];
        for (const left of all)
          for (const right of all)
            expect(Math.sign(ranks.compare(left, right))).toBe(Math.sign(collator.compare(left, right)));
      },
    ),
    { numRuns: 300 },
  );
});

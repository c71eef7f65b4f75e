import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DiffPart, wordDiff } from '../../../shared/lib/word-diff.ts';
import { processorTime } from '../../../test/processor-time.ts';
import { changedSections } from './changed-sections.ts';

const text = (parts: readonly DiffPart[], without: DiffPart['kind']): string =>
  parts
    .filter((part) => part.kind !== without)
    .map((part) => part.text)
    .join('');

describe('what changed between two versions', () => {
  test('a phrase that was replaced stands as one phrase out and one in', () => {
    expect(wordDiff('largest 62 mm; probable abscess.', 'largest 62 mm; infection to be excluded.')).toEqual([
      { kind: 'same', text: 'largest 62 mm; ' },
      { kind: 'gone', text: 'probable abscess' },
      { kind: 'new', text: 'infection to be excluded' },
      { kind: 'same', text: '.' },
    ]);
  });

  test('a side or a figure that changed is never hidden in a longer word', () => {
    expect(wordDiff('left 4.8 cm', 'right 48 cm').filter((part) => part.kind !== 'same')).toEqual([
      { kind: 'gone', text: 'left 4.8' },
      { kind: 'new', text: 'right 48' },
    ]);
    expect(wordDiff('no effusion', 'effusion')).toEqual([
      { kind: 'gone', text: 'no ' },
      { kind: 'same', text: 'effusion' },
    ]);
  });

  test('both texts can be read out of the comparison again', () => {
    const words = fc.array(
      fc.constantFrom('no', 'effusion', 'left', 'right', '4.8', 'mm', '\n', ' ', '.', 'ä', '肝', '𝒳'),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(fc.oneof(words, fc.array(fc.string({ unit: 'grapheme' }))), words, (left, right) => {
        const [before, after] = [left.join(''), right.join('')];
        const parts = wordDiff(before, after);
        expect(text(parts, 'new')).toBe(before);
        expect(text(parts, 'gone')).toBe(after);
        expect(parts.every((part) => part.text !== '')).toBe(true);
        if (before === after) expect(parts.every((part) => part.kind === 'same')).toBe(true);
      }),
    );
  });

  test('a pasted book is compared in less than two seconds', () => {
    const book = Array.from({ length: 30_000 }, (_, at) => `word${at % 977} ${at % 13 === 0 ? '\n' : ''}`).join('');
    const taken = processorTime(() => expect(text(wordDiff(book, `${book.slice(9)} end`), 'new')).toBe(book));
    expect(taken).toBeLessThan(2_000);
  });

  test('words that leave a report are shown: an addendum that a correction does not carry', () => {
    const before = {
      sections: [
        { code: '59776-5', title: 'Findings', text: 'Clear.' },
        { code: '55107-7', title: 'Addendum', text: 'Compared with 2025.' },
      ],
    };
    expect(changedSections(before, [{ code: '59776-5', title: 'Findings', text: 'Clear.' }])).toEqual([
      { title: 'Addendum', parts: [{ kind: 'gone', text: 'Compared with 2025.' }] },
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRowCounter } from './count-rows.ts';

describe('rows of an answer', () => {
  it('are counted as they come, wherever the answer is cut into pieces', () => {
    const row = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.jsonValue()));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), fc.integer({ min: 1, max: 7 }), (rows, size) => {
        const bytes = Buffer.from(JSON.stringify(rows));
        const count = createRowCounter();
        let found = 0;
        for (let at = 0; at < bytes.length; at += size) found = count(bytes.subarray(at, at + size));
        expect(found).toBe(rows.length);
      }),
    );
  });
});

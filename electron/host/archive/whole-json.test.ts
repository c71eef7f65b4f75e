import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonEnds } from './whole-json.ts';

const container = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));

function judged(bytes: Uint8Array, piece: number): boolean {
  const ends = jsonEnds();
  for (let at = 0; at < bytes.length; at += piece) ends.push(bytes.subarray(at, at + piece));
  return ends.isWhole();
}

test('an answer of JSON is whole at its last bracket, in whatever pieces it came', () => {
  fc.assert(
    fc.property(container, fc.integer({ min: 1, max: 9 }), (value, piece) => {
      const bytes = Buffer.from(` ${JSON.stringify(value)}\n`);
      expect(judged(bytes, piece)).toBe(true);
    }),
  );
});

test('one that was cut anywhere is not, nor is one with something behind it', () => {
  fc.assert(
    fc.property(container, fc.nat(), (value, cut) => {
      const bytes = Buffer.from(JSON.stringify(value));
      expect(judged(bytes.subarray(0, cut % bytes.length), 5)).toBe(false);
      expect(judged(Buffer.concat([bytes, Buffer.from('x')]), 5)).toBe(false);
    }),
  );
});

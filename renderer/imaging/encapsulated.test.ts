import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinFragments, startsCodestream } from './encapsulated.ts';

const jpeg = (length: number) =>
  Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, ...Array<number>(length).fill(7), 0xff, 0xd9]);
const jpeg2000 = Uint8Array.from([0xff, 0x4f, 0xff, 0x51, 1, 2, 3]);

/** Cuts each frame into fragments of even length, and tells where frames begin, as a Basic Offset Table does. */
function fragmented(frames: readonly Uint8Array[], size: number): { fragments: Uint8Array[]; offsets: number[] } {
  const fragments: Uint8Array[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const frame of frames) {
    offsets.push(at);
    for (let from = 0; from < frame.length; from += size) {
      const fragment = frame.slice(from, from + size);
      fragments.push(fragment);
      at += 8 + fragment.length;
    }
  }
  return { fragments, offsets };
}

describe('fragments of encapsulated pixel data', () => {
  test('are joined to the very frames they were cut from, with and without an offset table', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 4, max: 30 }),
        fc.boolean(),
        (lengths, size, table) => {
          const frames = lengths.map((length) => jpeg(length));
          const { fragments, offsets } = fragmented(frames, size);
          const joined = joinFragments(fragments, table ? offsets : [], frames.length);
          expect(joined.ok && joined.frames.map((frame) => [...frame])).toEqual(frames.map((frame) => [...frame]));
        },
      ),
    );
  });

  test('a table that points between fragments is not believed', () => {
    const { fragments } = fragmented([jpeg(20), jpeg(20)], 10);
    const joined = joinFragments(fragments, [0, 5], 2);
    expect(joined.ok && joined.frames.length).toBe(2);
    expect(joined.ok && joined.frames.every(startsCodestream)).toBe(true);
  });

  test('frames that cannot be told apart are an error in words, never a guess', () => {
    const joined = joinFragments([jpeg(4), jpeg(4), jpeg(4)], [], 2);
    expect(joined).toEqual({ ok: false, why: '3 fragments could not be joined to 2 frames (no usable offset table)' });
    expect(joinFragments([], [], 1).ok).toBe(false);
  });

  test('JPEG and JPEG 2000 streams are known by their first marks', () => {
    expect([jpeg(1), jpeg2000, Uint8Array.from([0xff, 0xd9]), new Uint8Array()].map(startsCodestream)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

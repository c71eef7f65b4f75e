import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { paletteToRgba, toRgba } from './colour.ts';
import { storedValues } from './decode.ts';
import { inflateWithin } from './inflate.ts';
import { paletteTable } from './lookup-tables.ts';
import { readInstance } from './part10.ts';
import { decodeRunLength } from './run-length.ts';
import type { PixelDescription } from './types.ts';
import { wrongShape } from './wrong-shape.ts';

const grey: PixelDescription = {
  rows: 1,
  columns: 4,
  samplesPerPixel: 1,
  photometric: 'MONOCHROME2',
  planar: 0,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  signed: false,
  frames: 1,
};
const cells = (...values: number[]) => ({
  bytes: new Uint8Array(Uint16Array.from(values).buffer),
  bytesPerSample: 2 as const,
});

const valuesOf = (...of: Parameters<typeof storedValues>): readonly number[] => [...storedValues(...of).pixels];

describe('stored values', () => {
  test('12 bits in 16: what lies beside them (an overlay) is not the image', () => {
    expect(valuesOf(cells(0xf123, 0x0fff, 0x8000, 7), { ...grey, bitsStored: 12, highBit: 11 })).toEqual([
      0x123, 0xfff, 0, 7,
    ]);
  });

  test('a sign is extended from the highest stored bit', () => {
    expect(valuesOf(cells(0x0fff, 0x0800, 0x07ff, 0), { ...grey, bitsStored: 12, highBit: 11, signed: true })).toEqual([
      -1, -2048, 2047, 0,
    ]);
    expect(valuesOf(cells(0xffff, 0x8000, 1, 0), { ...grey, signed: true })).toEqual([-1, -32768, 1, 0]);
  });

  test('bits that do not begin at zero are moved down', () => {
    expect(valuesOf(cells(0xfff0, 0x0010, 0, 0x0020), { ...grey, bitsStored: 12, highBit: 15 })).toEqual([
      0xfff, 1, 0, 2,
    ]);
  });

  test('eight signed bits', () => {
    const read = valuesOf(
      { bytes: Uint8Array.from([255, 128, 127, 0]), bytesPerSample: 1 },
      { ...grey, bitsAllocated: 8, bitsStored: 8, highBit: 7, signed: true },
    );
    expect(read).toEqual([-1, -128, 127, 0]);
  });

  test('are for any cell, depth, place and sign what the standard’s words say, one by one, with their least and greatest', () => {
    const layout = fc.constantFrom<1 | 2>(1, 2).chain((bytesPerSample) =>
      fc.integer({ min: 1, max: bytesPerSample * 8 }).chain((bitsStored) =>
        fc.record({
          bytesPerSample: fc.constant(bytesPerSample),
          bitsStored: fc.constant(bitsStored),
          highBit: fc.integer({ min: bitsStored - 1, max: bytesPerSample * 8 - 1 }),
          signed: fc.boolean(),
          bytes: fc.uint8Array({ minLength: 4 * bytesPerSample, maxLength: 4 * bytesPerSample }),
        }),
      ),
    );
    fc.assert(
      fc.property(layout, ({ bytes, bytesPerSample, ...of }) => {
        const expected = Array.from({ length: 4 }, (_unused, at) => {
          let cell = bytes[at * bytesPerSample] ?? 0;
          if (bytesPerSample === 2) cell += 256 * (bytes[at * 2 + 1] ?? 0);
          const value = Math.floor(cell / 2 ** (of.highBit + 1 - of.bitsStored)) % 2 ** of.bitsStored;
          return of.signed && value >= 2 ** (of.bitsStored - 1) ? value - 2 ** of.bitsStored : value;
        });
        const samples = { bytes: Uint8Array.from(bytes), bytesPerSample } as const;
        const description = { ...grey, ...of, bitsAllocated: bytesPerSample * 8 };
        const { pixels, min, max } = storedValues(samples, description);
        expect([...pixels]).toEqual(expected);
        expect([min, max]).toEqual([Math.min(...expected), Math.max(...expected)]);
        // What is not theirs to change is left as it came.
        expect(samples.bytes).toEqual(Uint8Array.from(bytes));
        // In memory of their own, wherever in it they begin.
        for (const before of [0, 1, 2]) {
          const memory = Uint8Array.from([...Array.from({ length: before }, () => 9), ...bytes, 7]);
          const own = storedValues({ bytes: memory.subarray(before), bytesPerSample, own: true }, description);
          expect([...own.pixels]).toEqual(expected);
          expect([own.min, own.max]).toEqual([min, max]);
        }
      }),
    );
  });

  test('do not keep a large object in memory for the sake of a small picture in it', () => {
    const memory = new Uint8Array(1_000_000);
    const { pixels } = storedValues({ bytes: memory.subarray(500_000, 500_008), bytesPerSample: 2, own: true }, grey);
    expect(pixels.buffer.byteLength).toBe(8);
    const close = new Uint8Array(1_000);
    const stays = storedValues({ bytes: close.subarray(992), bytesPerSample: 2, own: true }, grey);
    expect(stays.pixels.buffer).toBe(close.buffer);
  });

  test('too few pixels are refused', () => {
    expect(() => storedValues(cells(1, 2, 3), grey)).toThrow('too few');
  });
});

/** PackBits as PS3.5 annex G.3 tells it, literal runs only: a second writer, so that the reader is not tested against itself. */
function packed(plane: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < plane.length; at += 100) {
    const run = plane.slice(at, at + 100);
    if (run.length > 2 && run.every((value) => value === run[0])) out.push(257 - run.length, run[0] ?? 0);
    else out.push(run.length - 1, ...run);
  }
  return Uint8Array.from(out.length % 2 === 0 ? out : [...out, 128]);
}

function runLength(planes: readonly Uint8Array[]): Uint8Array {
  const segments = planes.map(packed);
  const header = new Uint32Array(16);
  header[0] = segments.length;
  let at = 64;
  segments.forEach((segment, index) => {
    header[index + 1] = at;
    at += segment.length;
  });
  return new Uint8Array(Buffer.concat([new Uint8Array(header.buffer), ...segments]));
}

describe('run-length pixels', () => {
  test('16-bit samples come back from their high and low bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(513), fc.nat(65_535)), { minLength: 1, maxLength: 400 }), (values) => {
        const high = Uint8Array.from(values, (value) => value >> 8);
        const low = Uint8Array.from(values, (value) => value & 255);
        const decoded = decodeRunLength(runLength([high, low]), values.length, 1, 2);
        expect([...new Uint16Array(decoded.buffer)]).toEqual(values);
      }),
    );
  });

  test('a segment that ends early is an error, not black pixels', () => {
    expect(() => decodeRunLength(runLength([new Uint8Array(50)]), 60, 1, 1)).toThrow('ends after 50 of 60');
    expect(() => decodeRunLength(runLength([new Uint8Array(50)]), 50, 3, 1)).toThrow('1 run-length segments');
    expect(() => decodeRunLength(new Uint8Array(8), 50, 1, 1)).toThrow('header');
  });
});

describe('colour', () => {
  const red = [255, 0, 0, 255];
  test('RGB by pixel and by plane are the same picture', () => {
    expect([...toRgba(Uint8Array.from([255, 0, 0, 0, 0, 255]), 2, 'pixel', false)]).toEqual([...red, 0, 0, 255, 255]);
    expect([...toRgba(Uint8Array.from([255, 0, 0, 0, 0, 255]), 2, 'plane', false)]).toEqual([...red, 0, 0, 255, 255]);
  });
  test('YBR_FULL red is red, and half the colour samples serve two pixels', () => {
    const [r = 0, g = 0, b = 0] = toRgba(Uint8Array.from([76, 85, 255]), 1, 'pixel', true);
    expect(r).toBeGreaterThan(250);
    expect(g + b).toBeLessThan(6);
    const pair = toRgba(Uint8Array.from([76, 76, 85, 255]), 2, 'full-422', true);
    expect([...pair.slice(0, 4)]).toEqual([...pair.slice(4)]);
  });
  test('a palette beyond its ends gives its end colours, and 16-bit tables their high byte', () => {
    const table = paletteTable(new Uint8Array(Uint16Array.from([0, 0x8000, 0xff00]).buffer), 3, 16);
    expect([...(table ?? [])]).toEqual([0, 128, 255]);
    const palette = {
      firstMapped: 10,
      red: table ?? new Uint8Array(),
      green: new Uint8Array(3),
      blue: new Uint8Array(3),
    };
    expect([...paletteToRgba([0, 11, 200], palette)].filter((_, at) => at % 4 === 0)).toEqual([0, 128, 255]);
    expect([...(paletteTable(new Uint8Array(Uint16Array.from([7, 255]).buffer), 2, 16) ?? [])]).toEqual([7, 255]);
    expect(paletteTable(new Uint8Array(1), 2, 8)).toBeNull();
  });
});

describe('deflated data sets', () => {
  const budget = { maximumBytes: 4_000_000, maximumRatio: 50 };
  test('come back as they were', () => {
    const data = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7919) % 251);
    const inflated = inflateWithin(deflateSync(data), budget);
    expect(inflated.ok && Buffer.compare(inflated.bytes, data)).toBe(0);
  });
  test('that grow beyond their budget are given up', () => {
    expect(inflateWithin(deflateSync(new Uint8Array(20_000_000)), budget)).toEqual({ ok: false, why: 'over-budget' });
    expect(
      inflateWithin(deflateSync(new Uint8Array(3_900_000)), { maximumBytes: 3_000_000, maximumRatio: 100_000 }),
    ).toEqual({ ok: false, why: 'over-budget' });
  });
  test('cut short or broken are said to be damaged', () => {
    const whole = deflateSync(Uint8Array.from({ length: 9_000 }, (_, at) => (at * 31) % 97));
    expect(inflateWithin(whole.slice(0, whole.length / 2), budget)).toEqual({ ok: false, why: 'broken' });
    expect(inflateWithin(Uint8Array.from([7, 7, 7, 7]), budget).ok).toBe(false);
  });
});

describe('hostile objects', () => {
  test('any bytes at all give a failure in words, never a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, magic) => {
        if (magic && bytes.length > 132) bytes.set([0x44, 0x49, 0x43, 0x4d], 128);
        const read = readInstance(bytes);
        if (!read.ok) expect(read.failure.words.length).toBeGreaterThan(10);
      }),
    );
  });
  test.each([
    [{ rows: 0 }, 'no rows'],
    [{ rows: 60_000, columns: 60_000 }, 'more than is opened'],
    [{ samplesPerPixel: 2 }, '2 samples'],
    [{ bitsAllocated: 12 }, '12 bits'],
    [{ bitsStored: 17 }, 'contradicts'],
    [{ highBit: 3 }, 'contradicts'],
  ])('a frame of shape %j is not decoded', (change, words) => {
    expect(wrongShape({ ...grey, ...change })).toContain(words);
  });
});

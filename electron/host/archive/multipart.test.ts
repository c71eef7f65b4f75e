import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundaryOf, closingBoundary, createMultipartReader, parseContentType, partHeader } from './multipart.ts';

const boundary = 'b-0';

function written(parts: readonly Uint8Array[], withLength: boolean): Buffer {
  return Buffer.concat([
    ...parts.flatMap((part, index) => [
      partHeader(
        boundary,
        { contentType: 'application/dicom', contentLength: withLength ? part.length : null },
        index === 0,
      ),
      part,
    ]),
    closingBoundary(boundary),
  ]);
}

function read(bytes: Buffer, cuts: readonly number[]) {
  const parts: Buffer[] = [];
  let pieces: Uint8Array[] = [];
  const reader = createMultipartReader(boundary, {
    partStart: () => {
      pieces = [];
    },
    partData: (piece) => void pieces.push(Uint8Array.from(piece)),
    partEnd: () => void parts.push(Buffer.concat(pieces)),
  });
  const sorted = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  let pushed: { readonly ok: boolean } = { ok: true };
  for (const [index, from] of sorted.entries()) {
    const to = sorted[index + 1] ?? bytes.length;
    if (pushed.ok) pushed = reader.push(bytes.subarray(from, to));
  }
  return { parts, finished: reader.finish() };
}

/** Bytes that love to look like a delimiter. */
const trickyBytes = fc
  .array(
    fc.oneof(fc.constantFrom(`\r\n--${boundary}x`.slice(0, -2), '\r\n--', '\r\n', '--b', '-', '\r'), fc.string()),
    { maxLength: 8 },
  )
  .map((texts) => Buffer.from(texts.join('')))
  .filter((bytes) => !Buffer.concat([bytes, Buffer.from('\r\n')]).includes(`\r\n--${boundary}`));

describe('a multipart answer', () => {
  test('gives its parts back however the network cuts it, with and without named lengths', () => {
    fc.assert(
      fc.property(
        fc.array(trickyBytes, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.boolean(),
        (parts, cuts, withLength) => {
          const back = read(written(parts, withLength), cuts);
          expect(back.finished).toEqual({ ok: true, value: { parts: parts.length } });
          expect(back.parts.map((one) => one.toString('hex'))).toEqual(
            parts.map((one) => Buffer.from(one).toString('hex')),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  test('is never taken for whole when it was cut anywhere before its closing boundary', () => {
    const bytes = written([Buffer.from('first'), Buffer.from('second part')], true);
    const closing = bytes.lastIndexOf(`--${boundary}--`) + `--${boundary}--`.length;
    for (let length = 0; length < closing; length += 1) {
      expect(read(bytes.subarray(0, length), []).finished.ok, `${length} bytes`).toBe(false);
    }
    expect(read(bytes.subarray(0, closing), []).finished.ok).toBe(true);
  });

  test('with a length that is not true is malformed', () => {
    for (const length of [3, 5]) {
      const bytes = Buffer.concat([
        partHeader(boundary, { contentType: 'a/b', contentLength: length }, true),
        Buffer.from('four'),
        closingBoundary(boundary),
      ]);
      expect(read(bytes, []).finished).toMatchObject({ ok: false });
    }
  });

  test('cannot smuggle header lines through ours', () => {
    const text = Buffer.from(
      partHeader('b', { contentType: 'a/b\r\nSet-Cookie: x', contentLength: null }, true),
    ).toString();
    expect(text.split('\r\n').filter((line) => line.startsWith('Set-Cookie'))).toEqual([]);
  });

  test.each([
    ['multipart/related; type="application/dicom"; boundary=abc', 'abc'],
    ['multipart/related; boundary="a b=c"; type=x', 'a b=c'],
    ['Multipart/Related;BOUNDARY=q', 'q'],
    ['text/html; boundary=abc', null],
    ['multipart/related', null],
    [`multipart/related; boundary=${'x'.repeat(71)}`, null],
    ['multipart/related; boundary="a\\"b"', null],
  ])('%s has the boundary %s', (text, expected) => {
    expect(boundaryOf(parseContentType(text))).toBe(expected);
  });
});

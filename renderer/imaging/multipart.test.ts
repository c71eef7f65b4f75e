import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundaryOf, MultipartError, multipartReader, type Part } from './multipart.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function written(
  boundary: string,
  parts: readonly { body: Uint8Array; sized: boolean; type: boolean }[],
  preamble = '',
): Uint8Array {
  const chunks: Uint8Array[] = [bytes(preamble)];
  for (const part of parts) {
    chunks.push(bytes(`--${boundary}\r\n`));
    if (part.type) chunks.push(bytes('Content-Type: application/dicom\r\n'));
    if (part.sized) chunks.push(bytes(`Content-Length: ${part.body.length}\r\n`));
    chunks.push(bytes('\r\n'), part.body, bytes('\r\n'));
  }
  chunks.push(bytes(`--${boundary}--\r\n`));
  return new Uint8Array(Buffer.concat(chunks));
}

/** Cuts the answer at these places, as a network does. */
function read(boundary: string, whole: Uint8Array, cuts: readonly number[]): { parts: Part[]; closed: boolean } {
  const reader = multipartReader(boundary, 1_000_000);
  const places = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((one, other) => one - other);
  const parts: Part[] = [];
  let from = 0;
  for (const place of [...places, whole.length]) {
    parts.push(...reader.push(whole.slice(from, place)));
    from = place;
  }
  return { parts, closed: reader.closed() };
}

/** Bodies that are full of almost-boundaries. */
const body = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .array(fc.constantFrom('\r\n', '--', '\r\n--', '\r\n--b', 'bb', '\r', '-', 'x'), { maxLength: 20 })
    .map((pieces) => bytes(pieces.join(''))),
);

describe('a multipart answer', () => {
  test('gives the same parts however the network cuts it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ body, sized: fc.boolean(), type: fc.boolean() }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(5_000), { maxLength: 40 }),
        fc.constantFrom('', 'preamble\r\n', '\r\n'),
        (parts, cuts, preamble) => {
          const boundary = 'bb-8a77';
          const clean = parts.filter((part) => !Buffer.from(part.body).includes(`\r\n--${boundary}`));
          fc.pre(clean.length > 0);
          const answer = read(boundary, written(boundary, clean, preamble), cuts);
          expect(answer.closed).toBe(true);
          expect(answer.parts.map((part) => Buffer.from(part.body).toString('hex'))).toEqual(
            clean.map((part) => Buffer.from(part.body).toString('hex')),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  test('cut short anywhere it never gives a torn part and is never closed', () => {
    const parts = [bytes('first object'), bytes('second object'), bytes('third object')].map((one, index) => ({
      body: one,
      sized: index !== 1,
      type: true,
    }));
    const whole = written('edge', parts);
    for (let end = 0; end < whole.length - 4; end += 1) {
      const answer = read('edge', whole.slice(0, end), []);
      expect(answer.closed).toBe(false);
      expect(answer.parts.map((part) => part.body)).toEqual(
        parts.slice(0, answer.parts.length).map((part) => part.body),
      );
    }
  });

  test('a Content-Length that lies does not swallow the next part', () => {
    const whole = bytes(
      '--b\r\nContent-Length: 3\r\n\r\nlonger\r\n--b\r\nContent-Length: 900\r\n\r\nother\r\n--b--\r\n',
    );
    const answer = read('b', Buffer.concat([whole, Buffer.alloc(1_000, 32)]), []);
    expect(answer.parts.map((part) => Buffer.from(part.body).toString())).toEqual(['longer', 'other']);
  });

  test('an answer without a boundary or with endless headers is refused, not collected', () => {
    expect(() => multipartReader('b', 1_000).push(new Uint8Array(40_000))).toThrow(MultipartError);
    expect(() => multipartReader('b', 1_000).push(bytes(`--b\r\nX: ${'a'.repeat(20_000)}`))).toThrow(MultipartError);
    expect(() => multipartReader('b', 1_000).push(bytes('--b\r\nContent-Length: 5000\r\n\r\n'))).toThrow(
      MultipartError,
    );
    expect(() => multipartReader('b', 1_000).push(bytes(`--b\r\n\r\n${'a'.repeat(5_000)}`))).toThrow(MultipartError);
  });

  test.each([
    ['multipart/related; type="application/dicom"; boundary=abc', 'abc'],
    ['multipart/related; boundary="a b;c"; type=x', 'a b;c'],
    ['application/dicom', null],
    ['text/html; boundary=abc', null],
  ])('%s has boundary %s', (type, boundary) => {
    expect(boundaryOf(type)).toBe(boundary);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { dateText, siteTime, siteTimeText } from './site-time.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';
import { escapeXhtml } from './xhtml.ts';

describe('texts and bytes', () => {
  it('are what Node makes of them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.uint8Array(), (text, bytes) => {
        expect([...encodeUtf8(text)]).toEqual([...Buffer.from(text, 'utf8')]);
        expect(decodeUtf8(encodeUtf8(text))).toBe(text.toWellFormed());
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  it('decode no overlong form, no surrogate and no cut sequence', () => {
    for (const bytes of [
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xe2, 0x82],
      [0xf5, 0x80, 0x80, 0x80],
      [0xe0, 0x80, 0x80],
    ])
      expect(decodeUtf8(Uint8Array.from(bytes))).toMatch(/^\ufffd+$/);
    expect(decodeBase64('a')).toBeNull();
    expect(decodeBase64('a*bc')).toBeNull();
  });

  it('never become markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", '\u0000', 'a', '\ud800') }), (text) => {
        expect(escapeXhtml(text).replace(/&(amp|lt|gt|quot|#39);/g, '')).toMatch(/^[a\ufffd]*$/);
      }),
    );
  });

  it.each([
    [Date.UTC(2026, 2, 8, 9, 59, 59), 'America/Los_Angeles', '20260308', '015959', '-0800'],
    [Date.UTC(2026, 2, 8, 10, 0, 0), 'America/Los_Angeles', '20260308', '030000', '-0700'],
    [Date.UTC(2026, 0, 1, 0, 0, 0), 'Asia/Kolkata', '20260101', '053000', '+0530'],
    [Date.UTC(2026, 0, 1, 0, 0, 0), 'No/Where', '20260101', '000000', '+0000'],
  ])('%d in %s is %s %s %s', (at, zone, date, time, offset) => {
    expect(siteTime(instant(at), zone)).toEqual({ date, time, offset });
  });

  it('are dated for people', () => {
    expect([dateText('1952'), dateText('195203'), dateText('19520309'), dateText('x')]).toEqual([
      '1952',
      '1952-03',
      '1952-03-09',
      'x',
    ]);
    expect(siteTimeText(instant(Date.UTC(2026, 2, 8, 10)), 'America/Los_Angeles')).toBe(
      '2026-03-08 03:00:00 -0700 (America/Los_Angeles)',
    );
  });
});

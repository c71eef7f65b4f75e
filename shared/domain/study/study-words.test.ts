import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import { dateInZone, formatInZone } from '../../lib/zoned-time.ts';
import {
  ageAt,
  daysBetween,
  displayDate,
  displayExamTime,
  displayName,
  examSortKey,
  isUid,
  parseInstanceUid,
  parseSeriesUid,
  parseStudyUid,
} from './index.ts';

describe('a UID', () => {
  it.each(['1', '1.2.840.10008.1.2', '1.02.3', '0', `1.${'2'.repeat(62)}`])('%s is one', (text) => {
    expect(isUid(text)).toBe(true);
    for (const parse of [parseStudyUid, parseSeriesUid, parseInstanceUid])
      expect(parse(text)).toEqual({ ok: true, value: text });
  });

  it.each(['', '1.', '.1', '1..2', '1.2a', ' 1.2', '1.2/../3', '1.2\n', `1.${'2'.repeat(63)}`, '１.２'])(
    '%j is none',
    (text) => {
      expect(isUid(text)).toBe(false);
      expect(parseStudyUid(text)).toEqual({ ok: false, error: 'not-a-uid' });
    },
  );

  it('may come padded to even length', () => {
    expect(parseStudyUid('1.2.3\0')).toEqual({ ok: true, value: '1.2.3' });
    expect(parseStudyUid('1.2.3 ')).toEqual({ ok: true, value: '1.2.3' });
  });
});

describe('a patient’s name for people', () => {
  it.each([
    ['Quillfeather^Ottoline', 'Quillfeather, Ottoline'],
    ['QUILLFEATHER^OTTOLINE^MAUD^DR^JR', 'QUILLFEATHER, DR OTTOLINE MAUD, JR'],
    ['QUILLFEATHER', 'QUILLFEATHER'],
    ['OB^^^^', 'OB'],
    ['^Ottoline', 'Ottoline'],
    ['=山田^太郎=やまだ^たろう', '山田, 太郎'],
    ['==やまだ^たろう', 'やまだ, たろう'],
    ['Yamada^Tarou=山田^太郎', 'Yamada, Tarou'],
    ['', 'Name not given'],
    ['^^^=^', 'Name not given'],
    ['Quill\u202efeather\u0000^A', 'Quillfeather, A'],
  ])('%j is shown as %j', (name, shown) => expect(displayName(name)).toBe(shown));

  it('is never empty and never turns the writing round', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(displayName(name)).not.toBe('');
        expect(displayName(name)).not.toMatch(/[\u202a-\u202e\u2066-\u2069\n]/);
      }),
    );
  });
});

describe('dates for people', () => {
  it.each([
    ['19520309', '1952-03-09'],
    ['195203', '1952-03'],
    ['1952', '1952'],
    ['1952-03-09', '1952-03-09'],
    ['19520000', '1952'],
    ['20000229', '2000-02-29'],
    ['19000229', '19000229'],
    ['19521301', '19521301'],
    ['ABOUT 70', 'ABOUT 70'],
    ['', ''],
    ['00000000', ''],
  ])('%j is shown as %j', (text, shown) => expect(displayDate(text)).toBe(shown));

  it('an absent date shows nothing', () => expect(displayDate(null)).toBe(''));

  it.each([
    ['19520309', '20261122', '74 y'],
    ['19520309', '20260308', '73 y'],
    ['19520309', '20260309', '74 y'],
    ['20260820', '20261122', '3 mo'],
    ['20261117', '20261122', '5 d'],
    ['20261122', '20261122', '0 d'],
    ['20241123', '20261122', '23 mo'],
    ['20241122', '20261122', '2 y'],
    ['20240229', '20250228', '11 mo'],
    ['1952', '20261122', 'about 74 y'],
    ['202605', '20261122', 'about 6 mo'],
    ['20261123', '20261122', ''],
    [null, '20261122', ''],
    ['19520309', '2026', ''],
  ])('born %s, on %s, is %j', (birth, on, age) => expect(ageAt(birth, on)).toBe(age));

  it('an exam sorts and shows by date and time', () => {
    expect(displayExamTime('20261122', '013107.25')).toBe('2026-11-22 01:31');
    expect(displayExamTime('20261122', null)).toBe('2026-11-22');
    expect(displayExamTime(null, '0131')).toBe('');
    expect(examSortKey('20261122', '0131')).toBe('20261122013100');
    expect(examSortKey('20261122', '01:31:07')).toBe('20261122013107');
    expect(examSortKey(null, null)).toBe('');
    expect(daysBetween('20240228', '20240301')).toBe(2);
  });
});

describe('times in the site’s zone', () => {
  const at = instant(Date.UTC(2026, 10, 22, 9, 31, 7));
  it('carry the zone’s name', () => {
    expect(formatInZone(at, 'America/Los_Angeles')).toBe('2026-11-22 01:31:07 PST');
    expect(formatInZone(instant(Date.UTC(2026, 6, 1, 7, 0, 0)), 'America/Los_Angeles')).toBe('2026-07-01 00:00:00 PDT');
    expect(formatInZone(at, 'UTC')).toBe('2026-11-22 09:31:07 UTC');
  });

  it('fall back to UTC, named, for a zone that is none', () => {
    expect(formatInZone(at, 'Mars/Olympus')).toBe('2026-11-22 09:31:07 UTC');
    expect(formatInZone(at, '')).toMatch(/^2026-11-2\d \d\d:31:07 \S+$/);
  });

  it('give the day there', () => {
    expect(dateInZone(instant(Date.UTC(2026, 10, 22, 5)), 'America/Los_Angeles')).toBe('20261121');
    expect(dateInZone(instant(Date.UTC(2026, 10, 22, 5)), 'America/New_York')).toBe('20261122');
  });
});

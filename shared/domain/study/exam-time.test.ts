import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examTime, examTimeWords, examWhen, timezoneOffset } from './index.ts';

const study = (studyDate: string | null, studyTime: string | null, timezone: string | null = null) => ({
  studyDate,
  studyTime,
  timezone,
});
const iso = (date: string, time: string, offset: string | null, zone: string): string | undefined => {
  const found = examTime(study(date, time, offset), zone);
  return found === null ? undefined : `${new Date(found.at).toISOString()} ${found.zoneFrom} ${found.doubt}`;
};

describe('when an exam was made', () => {
  it.each([
    ['20261101', '013000', null, 'America/Chicago', '2026-11-01T06:30:00.000Z site twice'],
    ['20261101', '013000', '-0600', 'America/Chicago', '2026-11-01T07:30:00.000Z images none'],
    ['20261101', '013000', null, 'America/Phoenix', '2026-11-01T08:30:00.000Z site none'],
    ['20261101', '013000', null, 'Pacific/Honolulu', '2026-11-01T11:30:00.000Z site none'],
    ['20260308', '023000', null, 'America/Chicago', '2026-03-08T08:30:00.000Z site never'],
    ['20261122', '0131', null, 'America/Chicago', '2026-11-22T07:31:00.000Z site none'],
    ['2026.11.22', '01:31:07.123456', null, 'UTC', '2026-11-22T01:31:07.000Z site none'],
    ['20261122', '01', '+0530', 'America/Chicago', '2026-11-21T19:30:00.000Z images none'],
    ['20261122', '235960', '+0000', 'America/Chicago', '2026-11-22T23:59:59.000Z images none'],
    // An offset that is none is not guessed at: the site's zone is, and it is marked.
    ['20261122', '013100', '-0000', 'America/Chicago', '2026-11-22T07:31:00.000Z site none'],
    ['20261122', '013100', 'CST', 'America/Chicago', '2026-11-22T07:31:00.000Z site none'],
  ])('%s %s with offset %s in %s is %s', (date, time, offset, zone, found) => {
    expect(iso(date, time, offset, zone)).toBe(found);
  });

  it.each([
    [null, '0131'],
    ['20261122', null],
    ['202611', '0131'],
    ['20260230', '0131'],
    ['20261122', '2431'],
    ['20261122', '1'],
    ['20261122', 'noon'],
  ])('%s %s is no time of an exam', (date, time) => {
    expect(examTime(study(date, time), 'UTC')).toBeNull();
  });

  it('with an offset the site’s zone does not matter; without one it is marked, always', () => {
    const digits = (value: number, length = 2): string => String(value).padStart(length, '0');
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        fc.integer({ min: -48, max: 56 }),
        fc.constantFrom('America/Chicago', 'Asia/Kathmandu', 'Pacific/Honolulu'),
        (at, quarters, zone) => {
          const sign = quarters < 0 ? '-' : '+';
          const size = Math.abs(quarters) * 15;
          const offset = `${sign}${digits(Math.floor(size / 60))}${digits(size % 60)}`;
          expect(timezoneOffset(offset)).toBe(quarters * 900_000);
          const local = new Date(at.getTime() + quarters * 900_000).toISOString();
          const [date, time] = [local.slice(0, 10).replaceAll('-', ''), local.slice(11, 19).replaceAll(':', '')];
          const marked = examTime(study(date, time, offset), zone);
          expect(marked?.at).toBe(Math.floor(at.getTime() / 1_000) * 1_000);
          expect(marked?.zoneFrom).toBe('images');
          const unmarked = examTime(study(date, time), zone);
          expect(unmarked?.zoneFrom).toBe('site');
          expect(unmarked === null ? '' : examTimeWords(unmarked)).toContain('site’s zone');
        },
      ),
    );
  });
});

describe('the time of an exam on a line', () => {
  it.each([
    ['20260822', '013015', '-0700', 'America/Los_Angeles', '2026-08-22 01:30 UTC-07:00'],
    ['20260822', '013015', null, 'America/Los_Angeles', '2026-08-22 01:30 America/Los_Angeles'],
    ['20260822', '013015', 'MDT', null, '2026-08-22 01:30, zone not given'],
    ['20260822', null, '-0700', null, '2026-08-22'],
    [null, '013015', '-0700', null, 'date not known'],
  ])('%s %s %s at a place in %s stands as %s', (studyDate, studyTime, timezone, zone, words) => {
    expect(examWhen({ studyDate, studyTime, timezone }, zone)).toBe(words);
  });
});

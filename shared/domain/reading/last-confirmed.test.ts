import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, minutes, after as timeAfter } from '../../lib/instant.ts';
import { claimConfirmedAt, claimsJudgedAt, claimWords, lastConfirmed, type Silent } from './last-confirmed.ts';
import { leaseDuration } from './task-moves.ts';

/** 02:14 in Chicago, the winter's CST. */
const confirmed = instant(Date.UTC(2026, 10, 22, 8, 14));
const zone = 'America/Chicago';
const claim = { leaseUntil: timeAfter(confirmed, leaseDuration) };
const later = (count: number) => timeAfter(confirmed, minutes(count));

describe('when the list was last confirmed', () => {
  it.each([
    ['the same night', confirmed, zone, later(40), 'last confirmed 02:14 CST'],
    ['another zone', confirmed, 'America/Denver', later(40), 'last confirmed 01:14 MST'],
    [
      'summer time',
      instant(Date.UTC(2026, 6, 1, 7, 14)),
      zone,
      instant(Date.UTC(2026, 6, 1, 8)),
      'last confirmed 02:14 CDT',
    ],
    ['another day', confirmed, zone, later(24 * 60), 'last confirmed 2026-11-22 02:14 CST'],
    ['a zone that nobody knows', confirmed, 'Mars/Olympus', later(1), 'last confirmed 08:14 UTC'],
    ['never', null, zone, later(1), 'not confirmed yet'],
  ])('is said with its zone: %s', (_what, at, where, now, words) => {
    expect(lastConfirmed(at, where, now)).toBe(words);
  });
});

describe('the line of her own claim', () => {
  it.each<[string, Silent, number, string, string, boolean]>([
    ['all answer', null, 3, 'Yours until 02:24 CST', 'confirmed 02:14 CST', true],
    ['the host is silent', 'host', 3, 'Yours until 02:24 CST', 'last confirmed 02:14 CST', false],
    ['the group is silent', 'group', 9, 'Yours until 02:24 CST', 'last confirmed 02:14 CST', false],
    ['the record is silent', 'record', 9, 'Yours until 02:24 CST', 'last confirmed 02:14 CST', false],
    [
      'it ran out in silence',
      'group',
      10,
      'Your claim ran out 02:24 CST',
      'last confirmed 02:14 CST; others may have it',
      false,
    ],
    ['it ran out', null, 25, 'Your claim ran out 02:24 CST', 'last confirmed 02:14 CST; others may have it', false],
  ])('%s', (_what, silent, minute, until, standing, sure) => {
    expect(claimWords(claim, silent, zone, later(minute))).toEqual({ until, standing, sure });
  });

  it('is sure only while all answer and the lease runs, whatever the time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -3_600_000, max: 3_600_000 }),
        fc.constantFrom<Silent>(null, 'host', 'group', 'record'),
        (offset, silent) => {
          const now = instant(confirmed + offset);
          const words = claimWords(claim, silent, zone, now);
          expect(words.sure).toBe(silent === null && now < claim.leaseUntil);
          expect(words.standing).toContain('02:14 CST');
          expect(words.until.startsWith('Yours')).toBe(now < claim.leaseUntil);
        },
      ),
    );
  });

  it('counts from the lease that the record gave, so that no clock of a desktop can make it younger', () => {
    expect(claimConfirmedAt(claim)).toBe(confirmed);
  });
});

describe('claims of others on a list that nobody confirms', () => {
  it('are judged as of its last confirmation: none runs out before her eyes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 7_200_000 }),
        fc.constantFrom<Silent>('host', 'group', 'record'),
        (since, silent) => {
          const now = instant(confirmed + since);
          expect(claimsJudgedAt(now, confirmed, silent)).toBe(confirmed);
          expect(claimsJudgedAt(now, confirmed, null)).toBe(now);
        },
      ),
    );
  });

  it('a host whose clock is ahead makes no claim older than now', () => {
    expect(claimsJudgedAt(confirmed, later(5), 'group')).toBe(confirmed);
    expect(claimsJudgedAt(confirmed, null, 'group')).toBe(confirmed);
  });
});

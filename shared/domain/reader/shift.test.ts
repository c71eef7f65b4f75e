import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import { type Credentials, entitlementOfStates, type Shift, weekdays } from './credentials.ts';
import { onShift, shiftWords } from './shift.ts';

const with_ = (...shifts: Shift[]): Credentials => ({ ...(entitlementOfStates(['IL']) as Credentials), shifts });
const at = (text: string) => instant(Date.parse(text));
const nights: Shift = { days: ['mon', 'tue', 'wed'], from: '22:00', to: '07:00', zone: 'America/Chicago' };

describe('a reader’s shift', () => {
  it.each([
    ['Monday 21:59', '2026-11-24T03:59:00Z', 'not on shift'],
    ['Monday 22:00', '2026-11-24T04:00:00Z', 'on shift until 07:00 CST'],
    ['Tuesday 06:59, the night that began on Monday', '2026-11-24T12:59:00Z', 'on shift until 07:00 CST'],
    ['Tuesday 07:00', '2026-11-24T13:00:00Z', 'not on shift'],
    ['Thursday 03:00, begun on Wednesday', '2026-11-26T09:00:00Z', 'on shift until 07:00 CST'],
    ['Friday 03:00: Thursday is not hers', '2026-11-27T09:00:00Z', 'not on shift'],
  ])('in Chicago, %s', (_name, time, words) => {
    expect(shiftWords(onShift(with_(nights), at(time)))).toBe(words);
  });

  it('is on the wall clock of its own zone across the night on which clocks are set back', () => {
    const sunday: Shift = { days: ['sat'], from: '22:00', to: '07:00', zone: 'America/Chicago' };
    // 2026-11-01: 02:00 CDT is 01:00 CST; seven in the morning is an hour later than the night before.
    expect(onShift(with_(sunday), at('2026-11-01T04:00:00Z'))).toEqual({
      kind: 'on',
      until: at('2026-11-01T13:00:00Z'),
      zone: 'America/Chicago',
    });
  });

  it('goes on where the next one begins as it ends, and of two zones the later end counts', () => {
    const late: Shift = { days: ['mon'], from: '16:00', to: '22:00', zone: 'America/Chicago' };
    expect(shiftWords(onShift(with_(late, nights), at('2026-11-24T00:00:00Z')))).toBe('on shift until 07:00 CST');
    const perth: Shift = { days: [...weekdays], from: '08:00', to: '23:00', zone: 'Australia/Perth' };
    expect(shiftWords(onShift(with_(nights, perth), at('2026-11-24T05:00:00Z')))).toContain('23:00');
  });

  it('is not known of who has none, or is unrestricted', () => {
    expect(onShift(with_(), at('2026-11-24T05:00:00Z'))).toEqual({ kind: 'unsaid' });
    expect(onShift('unrestricted', at('2026-11-24T05:00:00Z'))).toEqual({ kind: 'unsaid' });
  });

  it('ends after now, at most two days on, and holds until the moment before its end', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
    const shift = fc.record({
      days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
      from: time,
      to: time,
      zone: fc.constantFrom('America/Chicago', 'America/Phoenix', 'Pacific/Honolulu', 'Australia/Perth'),
    });
    fc.assert(
      fc.property(
        fc.array(shift, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: Date.UTC(2026, 9, 25), max: Date.UTC(2026, 10, 8) }),
        (shifts, now) => {
          const standing = onShift(with_(...shifts), instant(now));
          if (standing.kind !== 'on') return;
          expect(standing.until).toBeGreaterThan(now);
          expect(standing.until - now).toBeLessThanOrEqual(48 * 3_600_000);
          expect(onShift(with_(...shifts), instant(standing.until - 1)).kind).toBe('on');
        },
      ),
      { numRuns: 40 },
    );
  });
});

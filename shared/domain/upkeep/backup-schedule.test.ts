import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instant } from '../../lib/instant.ts';
import { wallClock } from '../../lib/wall-clock.ts';
import { backupIsDue, backupRetryAfter, backupStanding, lastBackupSlot, lastGoodBackup } from './index.ts';

const hourLong = 3_600_000;
const on = (text: string): Instant => instant(Date.parse(text));
const zones = ['America/Chicago', 'America/Phoenix', 'Pacific/Honolulu', 'Europe/Berlin', 'Australia/Lord_Howe', 'UTC'];
const aTime = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }).map(instant);

describe('when a nightly backup is due', () => {
  it('the last slot is past, within a day and an hour, and at that hour of the zone unless the clock leapt over it', () => {
    fc.assert(
      fc.property(aTime, fc.integer({ min: 0, max: 23 }), fc.constantFrom(...zones), (now, hour, zone) => {
        const slot = lastBackupSlot(now, hour, zone);
        expect(slot).toBeLessThanOrEqual(now);
        expect(now - slot).toBeLessThanOrEqual(25 * hourLong);
        const shown = new Date(wallClock(zone).shown(slot));
        if (shown.getUTCHours() === hour) expect(shown.getUTCMinutes() % 30).toBe(0);
        // Leapt over: read as later by what was leapt.
        else expect(shown.getUTCHours()).toBe((hour + 1) % 24);
      }),
    );
  });

  it('with no failure, whoever asks now and then makes exactly one after each slot', () => {
    fc.assert(
      fc.property(aTime, fc.integer({ min: 0, max: 23 }), fc.constantFrom(...zones), (start, hour, zone) => {
        const good: Instant[] = [];
        const slots = new Set<number>();
        for (let now: Instant = start; now < start + 72 * hourLong; now = instant(now + 20 * 60_000)) {
          slots.add(lastBackupSlot(now, hour, zone));
          if (backupIsDue({ good, failedAt: null, hour, zone, now })) good.push(now);
        }
        expect(good).toHaveLength(slots.size);
      }),
      { numRuns: 30 },
    );
  });

  it('the night of the change: once at the first 01:00 of Chicago, and not again at the second', () => {
    const asked = { failedAt: null, hour: 1, zone: 'America/Chicago' };
    const good = [on('2026-10-31T07:00:00Z')];
    expect(backupIsDue({ ...asked, good, now: on('2026-11-01T05:59:00Z') })).toBe(false);
    expect(backupIsDue({ ...asked, good, now: on('2026-11-01T06:00:00Z') })).toBe(true);
    expect(backupIsDue({ ...asked, good: [on('2026-11-01T06:00:30Z')], now: on('2026-11-01T07:00:00Z') })).toBe(false);
  });

  it('a failure is tried again after a quarter of an hour, and a first one is due at once', () => {
    const asked = { good: [], hour: 3, zone: 'UTC', now: on('2026-11-01T12:00:00Z') };
    expect(backupIsDue({ ...asked, failedAt: null })).toBe(true);
    expect(backupIsDue({ ...asked, failedAt: instant(asked.now - backupRetryAfter + 1) })).toBe(false);
    expect(backupIsDue({ ...asked, failedAt: instant(asked.now - backupRetryAfter) })).toBe(true);
    expect(backupIsDue({ ...asked, failedAt: instant(asked.now + 1) })).toBe(true);
  });

  it('is old after 26 hours, and one from the future vouches for nothing', () => {
    const now = on('2026-11-02T05:00:00Z');
    expect(backupStanding([instant(now - 26 * hourLong)], now).old).toBe(false);
    expect(backupStanding([instant(now - 26 * hourLong - 1)], now).old).toBe(true);
    expect(backupStanding([], now)).toEqual({ lastGood: null, old: true });
    expect(lastGoodBackup([instant(now + 1), instant(now - 5), instant(now - 9)], now)).toBe(now - 5);
  });
});

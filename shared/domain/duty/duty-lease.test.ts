import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instant, millis, after as timeAfter } from '../../lib/instant.ts';
import {
  type DutyLease,
  dutyLeaseLength,
  dutyMargin,
  dutyRenewEvery,
  freeDuty,
  mayAct,
  soleDuties,
  stepDuty,
} from './duty-lease.ts';

const nine = instant(Date.UTC(2026, 10, 22, 9));
const later = (milliseconds: number): Instant => timeAfter(nine, millis(milliseconds));

function taken(lease: DutyLease, holder: string, now: Instant, kind: 'take' | 'retake' = 'take'): DutyLease {
  const stepped = stepDuty(lease, { kind, holder }, now);
  if (!stepped.ok) throw new Error(stepped.error.code);
  return stepped.value;
}

describe('the lease of a duty', () => {
  const north = taken(freeDuty('deliver'), 'north', nine);

  it('is had by one host, and the other is told by whom and until when', () => {
    expect(north).toEqual({
      duty: 'deliver',
      holder: 'north',
      fencingToken: 1,
      until: timeAfter(nine, dutyLeaseLength),
    });
    expect(stepDuty(north, { kind: 'take', holder: 'south' }, later(1))).toEqual({
      ok: false,
      error: { code: 'held', by: 'north', until: timeAfter(nine, dutyLeaseLength) },
    });
  });

  it('is kept by renewing, under the same token', () => {
    const again = taken(north, 'north', later(dutyRenewEvery));
    expect(again).toEqual({ ...north, until: timeAfter(later(dutyRenewEvery), dutyLeaseLength) });
  });

  it('survives two renewals that failed', () => {
    expect(mayAct(north, 'north', 1, later(2 * dutyRenewEvery))).toBe(true);
  });

  it('goes to another host when it lapses, and what the first has in hand is fenced off', () => {
    const south = taken(north, 'south', north.until);
    expect(south).toMatchObject({ holder: 'south', fencingToken: 2 });
    expect(mayAct(south, 'north', 1, north.until)).toBe(false);
    expect(mayAct(south, 'south', 2, north.until)).toBe(true);
    expect(stepDuty(south, { kind: 'give-back', holder: 'north', fencingToken: 1 }, north.until).ok).toBe(false);
  });

  it('is taken again at once by the same host after a restart, under a new token', () => {
    const restarted = taken(north, 'north', later(100), 'retake');
    expect(restarted.fencingToken).toBe(2);
    expect(mayAct(restarted, 'north', 1, later(100))).toBe(false);
  });

  it('is free at once when it is given back', () => {
    const free = stepDuty(north, { kind: 'give-back', holder: 'north', fencingToken: 1 }, later(10));
    if (!free.ok) throw new Error('refused');
    expect(taken(free.value, 'south', later(10))).toMatchObject({ holder: 'south', fencingToken: 2 });
  });

  it('is not acted under in its last moments', () => {
    expect(mayAct(north, 'north', 1, later(dutyLeaseLength - dutyMargin - 1))).toBe(true);
    expect(mayAct(north, 'north', 1, later(dutyLeaseLength - dutyMargin))).toBe(false);
  });

  const happening = fc.record({
    host: fc.constantFrom('north', 'south', 'west'),
    kind: fc.constantFrom('take', 'retake', 'give-back', 'act'),
    // Mostly forward, now and then a clock that steps back.
    step: fc.oneof(
      { weight: 9, arbitrary: fc.nat(20_000) },
      { weight: 1, arbitrary: fc.integer({ min: -3_000, max: 0 }) },
    ),
  });

  it('never lets two hosts act at one moment, whatever they do and whenever: no token acts after a later one was granted', () => {
    fc.assert(
      fc.property(fc.constantFrom(...soleDuties), fc.array(happening, { maxLength: 60 }), (duty, history) => {
        let lease = freeDuty(duty);
        /** What each host believes, as of its last own write. */
        const believed = new Map<string, DutyLease>();
        let now: Instant = nine;
        let highest: Instant = nine;
        for (const { host, kind, step } of history) {
          now = timeAfter(now, millis(step));
          highest = now > highest ? now : highest;
          const mine = believed.get(host) ?? null;
          if (kind === 'act') {
            // On a clock that never ran back past what it showed, a stale belief never suffices.
            if (mine !== null && now === highest && mayAct(mine, host, mine.fencingToken, now)) {
              expect(lease.holder === null || lease.holder === host).toBe(true);
              expect(lease.fencingToken).toBe(mine.fencingToken);
            }
            continue;
          }
          const stepped =
            kind === 'give-back'
              ? stepDuty(lease, { kind, holder: host, fencingToken: mine?.fencingToken ?? 0 }, now)
              : stepDuty(lease, { kind, holder: host }, now);
          if (!stepped.ok) continue;
          expect(stepped.value.fencingToken).toBeGreaterThanOrEqual(lease.fencingToken);
          if (stepped.value.holder !== null && stepped.value.holder !== lease.holder)
            expect(stepped.value.fencingToken).toBe(lease.fencingToken + 1);
          lease = stepped.value;
          if (kind === 'give-back') believed.delete(host);
          else believed.set(host, lease);
        }
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, millis, minutes } from '../../lib/instant.ts';
import {
  atContact,
  atTick,
  type Device,
  type DeviceMove,
  deviceOfWindow,
  isBarred,
  isOfflineHours,
  lackOfRevocation,
  moveDevice,
  offlineStanding,
  windowOfDevice,
} from './index.ts';

const start = Date.parse('2026-11-29T08:14:00Z');
const hour = 3_600_000;
const day = minutes(24 * 60);

const laptop: Device = {
  id: '0123456789abcdef0123456789abcdef',
  name: 'Dr Arden’s laptop',
  publicKey: 'x',
  firstSeen: instant(start),
  lastContact: instant(start),
  zone: 'America/Chicago',
  lastUser: null,
  version: '0.1.0',
  heldBytes: 5,
  state: { kind: 'active' },
};

const moves: fc.Arbitrary<DeviceMove> = fc.oneof(
  fc.record({
    kind: fc.constant('contact' as const),
    at: fc.nat(1e9).map(instant),
    name: fc.string(),
    zone: fc.constant('UTC'),
    version: fc.constant('1'),
    heldBytes: fc.nat(),
  }),
  fc.record({
    kind: fc.constant('signed-in' as const),
    at: fc.nat(1e9).map(instant),
    user: fc.constant({ id: 'ann', name: 'Ann' }),
  }),
  fc.record({
    kind: fc.constant('revoke' as const),
    at: fc.nat(1e9).map(instant),
    by: fc.constant('lead'),
    reason: fc.constant('lost'),
  }),
  fc.record({
    kind: fc.constant('destroyed' as const),
    at: fc.nat(1e9).map(instant),
    why: fc.constantFrom('revoked' as const, 'offline' as const),
    confirmedAt: fc.nat(1e9).map(instant),
  }),
);

describe('a reader’s computer in the eyes of its group', () => {
  it('never comes back: revoked or without keys it is barred whatever follows, and keys once destroyed stay destroyed', () => {
    fc.assert(
      fc.property(fc.array(moves, { maxLength: 30 }), (many) => {
        let device = laptop;
        for (const move of many) {
          const next = moveDevice(device, move);
          if (!next.ok) continue;
          if (isBarred(device)) expect(isBarred(next.value)).toBe(true);
          if (device.state.kind === 'destroyed') expect(next.value.state).toEqual(device.state);
          expect(next.value.lastContact).toBeGreaterThanOrEqual(device.lastContact);
          expect([next.value.id, next.value.publicKey]).toEqual([device.id, device.publicKey]);
          device = next.value;
        }
      }),
    );
  });

  it('keeps who revoked it and why when it confirms that its keys are gone', () => {
    const revoked = moveDevice(laptop, { kind: 'revoke', at: instant(start), by: 'Dr Lead', reason: 'left in a taxi' });
    const gone =
      revoked.ok &&
      moveDevice(revoked.value, {
        kind: 'destroyed',
        at: instant(start + hour),
        why: 'revoked',
        confirmedAt: instant(start + hour),
      });
    expect(gone && gone.ok && gone.value.state).toMatchObject({
      kind: 'destroyed',
      revocation: { by: 'Dr Lead', reason: 'left in a taxi' },
    });
    expect(gone && gone.ok && gone.value.heldBytes).toBe(0);
  });

  it('is revoked by its own name and a reason, and by nothing less', () => {
    expect(lackOfRevocation(laptop, 'Dr Arden', 'lost it')).toContain('Dr Arden’s laptop');
    expect(lackOfRevocation(laptop, 'Dr Arden’s laptop', ' ')).toContain('reason');
    expect(lackOfRevocation(laptop, 'Dr Arden’s laptop ', 'left in a taxi')).toBeNull();
  });

  it('is named by the window of its sessions; a browser’s window names none', () => {
    const window = windowOfDevice(laptop.id, '7a1f5c0e-0000-4000-8000-000000000000');
    expect(window.length).toBeLessThanOrEqual(64);
    expect(deviceOfWindow(window)).toBe(laptop.id);
    expect(deviceOfWindow('desk-7a1f5c0e-0000-4000-8000-000000000000')).toBeNull();
    expect(deviceOfWindow('main')).toBeNull();
  });

  it('may be away for four hours at the least and a week at the most', () => {
    expect([3, 4, 24, 168, 169, 4.5].map(isOfflineHours)).toEqual([false, true, true, true, false, false]);
  });
});

describe('the time that a computer was away', () => {
  const evidence = (wall: number, uptime: number) => ({ wall: instant(wall), uptime: millis(uptime) });

  it('warns from four hours before the end and is over at 24 h', () => {
    const clock = atContact(instant(start), evidence(start, 0));
    const awayFor = (hours: number) =>
      offlineStanding(atTick(clock, evidence(start + hours * hour, hours * hour)), day);
    expect(awayFor(19.9).kind).toBe('well');
    expect(awayFor(20)).toEqual({ kind: 'warned', left: 4 * hour });
    expect(awayFor(23.99).kind).toBe('warned');
    expect(awayFor(24).kind).toBe('over');
  });

  it('is not shortened by any setting of the clock, by sleep or by starts: it is over once the computer was on for so long', () => {
    const steps = fc.array(
      fc.record({
        passes: fc.nat(3 * hour),
        clockMoved: fc.integer({ min: -400 * 24 * hour, max: 0 }),
        started: fc.boolean(),
      }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, fc.nat(hour), (many, first) => {
        let clock = atContact(instant(start), evidence(start, first));
        let uptime = first;
        let on = 0;
        let wallError = 0;
        let seen = clock.seen;
        for (const { passes, clockMoved, started } of many) {
          if (started) uptime = 0;
          uptime += passes;
          on += passes;
          wallError += clockMoved;
          clock = atTick(clock, evidence(start + on + wallError, uptime));
          expect(clock.seen).toBeGreaterThanOrEqual(seen);
          seen = clock.seen;
          // Started within the same stretch: what it was on before counts only as far as the next uptime shows it.
          if (!many.some((one) => one.started)) expect(clock.seen - start).toBeGreaterThanOrEqual(on);
        }
        if (on >= day && !many.some((one) => one.started)) expect(offlineStanding(clock, day).kind).toBe('over');
      }),
    );
  });

  it('counts a start with an honest clock in full, and with a clock set back at least what it was on since', () => {
    const clock = atTick(atContact(instant(start), evidence(start, 50 * hour)), evidence(start + hour, 51 * hour));
    const honest = atTick(clock, evidence(start + 30 * hour, 0.1 * hour));
    expect(offlineStanding(honest, day).kind).toBe('over');
    const setBack = atTick(clock, evidence(start - 90 * 24 * hour, 23 * hour));
    expect(offlineStanding(setBack, day).kind).toBe('over');
  });

  it('begins anew at every contact, whatever the clock of the computer says', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.nat(20 * hour), (wrong, passed) => {
        const clock = atContact(instant(start), evidence(start + wrong, 7));
        const later = atTick(clock, evidence(start + wrong + passed, 7 + passed));
        expect(later.seen).toBe(start + passed);
      }),
    );
  });
});

import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Reader, ReaderId } from '../../../shared/domain/reader/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { createSessions } from './index.ts';

const tandewright: Reader = {
  id: 'r1' as ReaderId,
  userName: 'mt',
  name: 'Dr M. Tandewright',
  role: 'radiologist',
  npi: null,
  states: 'all',
};
const minute = 60_000;

function house() {
  let now: Instant = instant(Date.UTC(2026, 10, 22, 3, 0));
  const told: string[] = [];
  const sessions = createSessions({
    ports: { now: () => now, randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)) },
    idleLockMinutes: 15,
    idleEndMinutes: 60,
  });
  sessions.onChange((_token, change) => told.push(change));
  return {
    sessions,
    told,
    wait: (milliseconds: number) => {
      now = instant(now + milliseconds);
    },
    standing: (token: string, options?: { whileLocked?: boolean; window?: string }): string => {
      const checked = sessions.check(token, options);
      return checked.ok ? (checked.value.locked ? 'open-locked' : 'open') : checked.error;
    },
  };
}

afterEach(() => vi.useRealTimers());

describe('a session', () => {
  it('has a token of 32 random bytes that no other has', () => {
    const { sessions } = house();
    const tokens = new Set(Array.from({ length: 50 }, () => sessions.start(tandewright, 'main').token));
    expect(tokens.size).toBe(50);
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(sessions.check('x'.repeat(43))).toEqual({ ok: false, error: 'not-signed-in' });
    expect(sessions.check(null)).toEqual({ ok: false, error: 'not-signed-in' });
  });

  it('belongs to the window that started it', () => {
    const { sessions, standing } = house();
    const { token } = sessions.start(tandewright, 'main');
    expect(standing(token, { window: 'main' })).toBe('open');
    expect(standing(token, { window: 'other' })).toBe('wrong-window');
  });

  it('locks after 15 idle minutes, lets only the calls of a locked screen through, and ends after 60', () => {
    const { sessions, told, wait, standing } = house();
    const { token } = sessions.start(tandewright, 'main');
    wait(15 * minute - 1);
    expect(standing(token)).toBe('open');
    wait(1);
    expect(standing(token)).toBe('locked');
    expect(standing(token, { whileLocked: true })).toBe('open-locked');
    expect(told).toEqual(['locked']);
    wait(45 * minute - 1);
    expect(standing(token, { whileLocked: true })).toBe('open-locked');
    wait(1);
    expect(standing(token, { whileLocked: true })).toBe('not-signed-in');
    expect(told).toEqual(['locked', 'ended']);
  });

  it('is kept open by activity, not by polling, and not by a mouse on a locked screen', () => {
    const { sessions, wait, standing } = house();
    const { token } = sessions.start(tandewright, 'main');
    wait(14 * minute);
    sessions.touch(token);
    wait(14 * minute);
    expect(standing(token)).toBe('open');
    wait(minute);
    expect(standing(token)).toBe('locked');
    wait(40 * minute);
    sessions.touch(token);
    wait(5 * minute);
    expect(standing(token, { whileLocked: true })).toBe('not-signed-in');
  });

  it('asks for the password at the first signature, after a lock and every 4 hours', () => {
    const { sessions, wait } = house();
    const { token } = sessions.start(tandewright, 'main');
    expect(sessions.passwordNeeded(token)).toBe(true);
    sessions.passwordGiven(token);
    expect(sessions.passwordNeeded(token)).toBe(false);
    sessions.lock(token);
    sessions.passwordGiven(token);
    expect(sessions.passwordNeeded(token)).toBe(true);
    sessions.unlock(token);
    expect(sessions.passwordNeeded(token)).toBe(true);
    sessions.passwordGiven(token);
    for (let passed = 0; passed < 240 - 10; passed += 10) {
      wait(10 * minute);
      sessions.touch(token);
      expect(sessions.passwordNeeded(token)).toBe(false);
    }
    wait(10 * minute);
    expect(sessions.passwordNeeded(token)).toBe(true);
    expect(sessions.passwordNeeded('nobody')).toBe(true);
  });

  it('is over when it is ended, also for an unlock that comes later', () => {
    const { sessions, told, standing } = house();
    const { token } = sessions.start(tandewright, 'main');
    sessions.end(token);
    sessions.end(token);
    sessions.unlock(token);
    sessions.touch(token);
    expect(standing(token)).toBe('not-signed-in');
    expect(told).toEqual(['ended']);
  });

  it('tells of the lock by itself, without anybody asking', () => {
    vi.useFakeTimers();
    const { sessions, told, wait } = house();
    sessions.start(tandewright, 'main');
    wait(15 * minute);
    vi.advanceTimersByTime(5_000);
    expect(told).toEqual(['locked']);
    sessions.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('never lives longer because the clock was set back', () => {
    const { sessions, wait, standing } = house();
    const { token } = sessions.start(tandewright, 'main');
    sessions.passwordGiven(token);
    wait(-300 * minute);
    expect(sessions.passwordNeeded(token)).toBe(true);
    expect(standing(token)).toBe('open');
    wait(15 * minute);
    expect(standing(token)).toBe('locked');
  });
});

type Move =
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'touch' | 'lock' | 'unlock' | 'given' | 'check' };

describe('any night of one session', () => {
  it('is never open after 15 idle minutes, never alive after 60, and never signs on an old password', () => {
    const move = fc.oneof(
      fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 0, max: 70 }) }),
      fc.constantFrom<Move>(
        { kind: 'touch' },
        { kind: 'lock' },
        { kind: 'unlock' },
        { kind: 'given' },
        { kind: 'check' },
      ),
    );
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves: readonly Move[]) => {
        const { sessions, wait, standing } = house();
        const { token } = sessions.start(tandewright, 'main');
        // The model keeps the last time of each thing, in minutes, and derives the rest.
        let now = 0;
        let active = 0;
        let given: number | null = null;
        let locked = false;
        let over = false;
        for (const one of moves) {
          if (one.kind === 'wait') {
            now += one.minutes;
            wait(one.minutes * minute);
          }
          if (now - active >= 60) over = true;
          if (now - active >= 15 && !locked) {
            locked = true;
            given = null;
          }
          if (one.kind === 'touch') {
            sessions.touch(token);
            if (!locked) active = now;
          } else if (one.kind === 'lock') {
            sessions.lock(token);
            locked = true;
            given = null;
          } else if (one.kind === 'unlock') {
            sessions.unlock(token);
            if (!over) {
              locked = false;
              active = now;
            }
          } else if (one.kind === 'given') {
            sessions.passwordGiven(token);
            if (!locked) given = now;
          }
          expect(standing(token)).toBe(over ? 'not-signed-in' : locked ? 'locked' : 'open');
          expect(sessions.passwordNeeded(token)).toBe(over || given === null || now - given >= 240);
        }
        sessions.close();
      }),
      { numRuns: 300 },
    );
  });
});

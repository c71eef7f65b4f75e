import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Instant, instant } from '../../lib/instant.ts';
import {
  type CheckAnswers,
  checkEvery,
  type DisplayCheck,
  digitsRead,
  displayStanding,
  judgeCheck,
  standingWords,
  strips,
} from './display-check.ts';
import { type ScreenFacts, screenKey, screenTroubles, screenWords } from './screen.ts';

const screen: ScreenFacts = {
  width: 2560,
  height: 1440,
  left: 0,
  top: 0,
  devicePixelRatio: 1,
  colorDepth: 24,
  inverted: false,
  forcedColors: false,
  zoom: 1,
};
const all: CheckAnswers = {
  digits: {
    dark: { shown: '482917', read: '482917' },
    middle: { shown: '703355', read: '703355' },
    bright: { shown: '119284', read: '119284' },
  },
  endSquares: true,
  lines: true,
  ramps: true,
};
const day = 86_400_000;
const now = instant(1_796_000_000_000);
const check = (over: Partial<DisplayCheck> = {}): DisplayCheck => ({
  screen: screenKey(screen),
  at: now,
  by: 'Dr M. Tandewright',
  devicePixelRatio: 1,
  read: { dark: 6, middle: 6, bright: 6 },
  faults: [],
  ...over,
});

describe('a screen is judged by what the reader could read on it', () => {
  test('who reads down to 3 steps of 255 on each strip, and sees lines, ramps and squares, has passed', () => {
    expect(judgeCheck(all, screen)).toEqual({ read: { dark: 6, middle: 6, bright: 6 }, faults: [] });
    const justEnough = { ...all, digits: { ...all.digits, dark: { shown: '482917', read: '4829' } } };
    expect(judgeCheck(justEnough, screen).faults).toEqual([]);
  });

  test('a guess after a wrong digit counts no more, and spaces are no digits', () => {
    expect(digitsRead('482917', '4 8 2 9 1 7')).toBe(6);
    expect(digitsRead('482917', '480917')).toBe(2);
    expect(digitsRead('482917', '')).toBe(0);
    expect(digitsRead('482917', '4829177777')).toBe(6);
  });

  test.each(strips)('a %s strip that cannot be read is named with the steps that are lost', (strip) => {
    const blind = { ...all, digits: { ...all.digits, [strip]: { shown: '482917', read: '48' } } };
    const [fault, ...more] = judgeCheck(blind, screen).faults;
    expect(more).toEqual([]);
    expect(fault).toBe(`On the ${strip} strip 2 of 4 digits were read: steps of 5 in 255 are lost.`);
  });

  test('what the system does to greys fails the check, whatever was read', () => {
    expect(judgeCheck(all, { ...screen, inverted: true }).faults.join()).toMatch(/inverts colours/);
    expect(judgeCheck(all, { ...screen, colorDepth: 16 }).faults.join()).toMatch(/16 bits/);
    expect(judgeCheck(all, { ...screen, zoom: 1.25 }).faults.join()).toMatch(/zoomed to 125%/);
    expect(screenTroubles({ ...screen, devicePixelRatio: 1.5 }).join()).toMatch(/scales by 150%/);
    expect(judgeCheck(all, { ...screen, devicePixelRatio: 1.5 }).faults).toEqual([]);
  });

  test('reading less never passes what failed, and every fault has words', () => {
    const digit = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 6 }).map((one) => one.join(''));
    fc.assert(
      fc.property(digit, fc.nat(6), fc.nat(6), fc.boolean(), fc.boolean(), (shown, more, less, lines, ramps) => {
        const of = (count: number): CheckAnswers => ({
          ...all,
          lines,
          ramps,
          digits: { ...all.digits, dark: { shown, read: shown.slice(0, count) } },
        });
        const [high, low] = [Math.max(more, less), Math.min(more, less)];
        const [better, worse] = [judgeCheck(of(high), screen), judgeCheck(of(low), screen)];
        expect(worse.faults.length).toBeGreaterThanOrEqual(better.faults.length);
        expect(better.read.dark).toBe(high);
        for (const fault of worse.faults) expect(fault).toMatch(/^[A-Z].*\.$/);
      }),
    );
  });
});

describe('a screen stands as its newest check says', () => {
  const standing = (checks: readonly DisplayCheck[], every = 30, at: Instant = now, ratio = 1) =>
    displayStanding(checks, screenKey(screen), ratio, every, at);

  test('never checked, checked, failed, scaled since, overdue by the days agreed', () => {
    expect(standing([])).toEqual({ kind: 'never' });
    expect(standing([check()])).toMatchObject({ kind: 'checked', days: 0 });
    expect(standing([check({ faults: ['x'] })])).toMatchObject({ kind: 'failed' });
    expect(standing([check()], 30, now, 1.25)).toMatchObject({ kind: 'rescaled' });
    expect(standing([check()], 30, instant(now + 29 * day))).toMatchObject({ kind: 'checked', days: 29 });
    expect(standing([check()], 30, instant(now + 30 * day))).toMatchObject({ kind: 'overdue', days: 30, every: 30 });
    expect(standingWords(standing([check()], 30, instant(now + 30 * day)))).toBe('Display checked 30 d ago');
    expect(standingWords(standing([check()]))).toBeNull();
  });

  test('another screen’s check counts for nothing, and an older pass does not hide a newer failure', () => {
    const other = { ...screen, left: 2560 };
    expect(standing([check({ screen: screenKey(other) })])).toEqual({ kind: 'never' });
    const failed = check({ at: now, faults: ['x'] });
    const passed = check({ at: instant(now - day) });
    expect(standing([failed, passed])).toMatchObject({ kind: 'failed' });
    expect(standing([passed, failed])).toMatchObject({ kind: 'failed' });
    expect(screenWords(other)).toBe('2560 x 1440 pixels, 24 bits, at 2560, 0');
  });

  test('the site’s word goes before ours; mammography is looked at each week', () => {
    expect(checkEvery('MG', undefined)).toBe(7);
    expect(checkEvery('CT', undefined)).toBe(30);
    expect(checkEvery('CT', 14)).toBe(14);
    expect(checkEvery('MG', 1)).toBe(1);
  });

  test('never younger by a clock that was set back, in any order of checks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -400, max: 400 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 60 }),
        (ago, every) => {
          const checks = ago.map((days) => check({ at: instant(now - days * day) }));
          const found = standing(checks, every);
          expect(standing([...checks].reverse(), every)).toEqual(found);
          if (found.kind === 'checked' || found.kind === 'overdue') expect(found.days).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import {
  type DisplayCheck,
  keyWords,
  mostOfScreen,
  mostScreens,
  screenKey,
  screensOf,
  strictestRule,
  withChecks,
} from './index.ts';

const day = 86_400_000;
const check = (
  at: number,
  screen = '1920/1080/0/0/24',
  faults: readonly string[] = [],
  by = 'Dr Ann',
): DisplayCheck => ({
  screen,
  at: instant(at),
  by,
  devicePixelRatio: 1,
  read: { dark: 6, middle: 6, bright: 6 },
  faults,
});

describe('display checks kept at the host', () => {
  it('are kept once each however often and in whatever order they are told, oldest first, and bounded', () => {
    const anyCheck = fc
      .record({
        at: fc.integer({ min: 0, max: 60 }),
        screen: fc.integer({ min: 0, max: 14 }),
        by: fc.constantFrom('a', 'b'),
      })
      .map(({ at, screen, by }) => check(at, `${screen}/1/0/0/24`, [], by));
    fc.assert(
      fc.property(fc.array(anyCheck, { maxLength: 80 }), fc.array(anyCheck, { maxLength: 80 }), (first, second) => {
        const once = withChecks(withChecks([], first), second);
        expect(withChecks(once, second)).toEqual(once);
        expect(once.map((one) => one.at)).toEqual(once.map((one) => one.at).toSorted((one, other) => one - other));
        const screens = new Set(once.map((one) => one.screen));
        expect(screens.size).toBeLessThanOrEqual(mostScreens);
        for (const screen of screens)
          expect(once.filter((one) => one.screen === screen).length).toBeLessThanOrEqual(mostOfScreen);
        // The newest of all is never among those that go.
        const newest = Math.max(-1, ...[...first, ...second].map((one) => one.at));
        if (newest >= 0) expect(once.at(-1)?.at).toBe(newest);
      }),
    );
  });

  it('are held against the strictest rule of any site: mammography by its own, the rest by the shortest', () => {
    expect(strictestRule([])).toEqual({ usual: 30, mammography: 7 });
    expect(strictestRule([{}, { MG: 1, '*': 14 }])).toEqual({ usual: 14, mammography: 1 });
    expect(strictestRule([{ '*': 90 }])).toEqual({ usual: 90, mammography: 90 });
    expect(strictestRule([{ '*': 90 }, {}])).toEqual({ usual: 30, mammography: 7 });
    expect(strictestRule([{ CT: 3, MG: 20 }])).toEqual({ usual: 3, mammography: 20 });
  });

  it('tell of each screen how it stands, the one checked last first', () => {
    const checks = [
      check(0, 'left'),
      check(5 * day, 'right', ['Lines of one pixel are not sharp']),
      check(9 * day, 'right'),
      check(8 * day, 'left', ['On the dark strip']),
    ];
    const found = screensOf(checks, { usual: 30, mammography: 1 }, instant(10 * day));
    expect(found.map((one) => [one.newest.screen, one.count, one.usual.kind, one.mammography.kind])).toEqual([
      ['right', 2, 'checked', 'overdue'],
      ['left', 2, 'failed', 'failed'],
    ]);
    expect(screensOf([], { usual: 30, mammography: 7 }, instant(0))).toEqual([]);
  });

  it('say which screen by its pixels, as the check itself does', () => {
    const facts = { width: 1280, height: 720, left: 1920, top: 0, colorDepth: 30 };
    expect(keyWords(screenKey(facts), 2)).toBe('2560 x 1440 pixels, 30 bits, at 1920, 0');
    expect(keyWords('something else', 1)).toBeNull();
  });
});

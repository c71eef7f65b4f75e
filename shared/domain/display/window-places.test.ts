import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DesktopScreen,
  freeScreen,
  layoutOf,
  mostWindows,
  readLayouts,
  screensKey,
  type WindowLayout,
  windowFeatures,
  withLayout,
  withPlace,
} from './index.ts';

const screen = (left: number, width = 1_920, height = 1_080): DesktopScreen => ({
  left,
  top: 0,
  width,
  height,
  devicePixelRatio: 1,
});
const desk = [screen(0), screen(1_920, 2_048, 2_560), screen(3_968, 2_048, 2_560)];
const at = (left: number, width = 800) => ({ left, top: 100, width, height: 600 });
const any = fc.record({
  left: fc.integer({ min: -9_000, max: 9_000 }),
  top: fc.integer({ min: -9_000, max: 9_000 }),
  width: fc.integer({ min: 100, max: 9_000 }),
  height: fc.integer({ min: 100, max: 9_000 }),
});

describe('image windows and their screens', () => {
  test('a set of screens is the same in whatever order it is told, and another when one of them is another', () => {
    expect(screensKey(desk.toReversed())).toBe(screensKey(desk));
    expect(screensKey(desk.slice(1))).not.toBe(screensKey(desk));
  });

  test('a new window takes the largest screen that has none; with one on each it takes none', () => {
    expect(freeScreen(desk, [at(10)])).toBe(desk[1]);
    expect(freeScreen(desk, [at(10), at(2_000)])).toBe(desk[2]);
    expect(freeScreen(desk, [at(10), at(2_000), at(4_100)])).toBeNull();
    // Across two screens it lies where the more of it is.
    expect(freeScreen(desk.slice(0, 2), [at(1_900)])).toBe(desk[0]);
  });

  test('each set of screens has a layout of its own', () => {
    const two = withPlace(layoutOf([], 'office'), 'w1', at(10));
    const book = withLayout(withLayout([], two), withPlace(layoutOf([], 'home'), 'w1', at(500)));
    expect(layoutOf(book, 'office').windows).toEqual([{ id: 'w1', place: at(10) }]);
    expect(layoutOf(book, 'home').windows).toEqual([{ id: 'w1', place: at(500) }]);
    expect(layoutOf(book, 'train').windows).toEqual([]);
    expect(withPlace(two, 'w1', at(10))).toBe(two);
  });

  test('what is kept is read back as it was; what others wrote there is left out', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uuid(), any), { maxLength: 9 }), fc.boolean(), (windows, imagesElsewhere) => {
        let layout: WindowLayout = { ...layoutOf([], screensKey(desk)), imagesElsewhere };
        for (const [id, place] of windows) layout = withPlace(layout, id, place);
        expect(layout.windows.length).toBeLessThanOrEqual(mostWindows);
        const book = withLayout([], layout);
        expect(readLayouts(JSON.parse(JSON.stringify(book)))).toEqual(book);
      }),
    );
    fc.assert(fc.property(fc.jsonValue(), (value) => Array.isArray(readLayouts(value))));
    expect(
      readLayouts([
        {
          screens: 'a',
          windows: [
            { id: '../x', place: at(1) },
            { id: 'w', place: { left: 'x' } },
          ],
        },
      ]),
    ).toEqual([{ screens: 'a', windows: [], imagesElsewhere: false }]);
  });

  test('the place goes to the browser in whole pixels', () => {
    expect(windowFeatures({ left: -1_920.4, top: 0, width: 1_920, height: 1_080 })).toBe(
      'popup,left=-1920,top=0,width=1920,height=1080',
    );
    expect(windowFeatures(null)).toBe('popup');
  });
});

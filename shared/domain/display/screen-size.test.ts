import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant } from '../../lib/instant.ts';
import { cardWidth, measuredSize, pixelsPerMillimetre, type ScreenSize } from './screen-size.ts';

const size = (screen: string, devicePixelsPerMillimetre: number): ScreenSize => ({
  screen,
  at: instant(0),
  by: 'Dr Vance',
  devicePixelsPerMillimetre,
});

describe('the size of a screen', () => {
  test('is measured by a card: as wide as the box on the glass', () => {
    fc.assert(
      fc.property(fc.double({ min: 2, max: 12, noNaN: true }), fc.constantFrom(1, 1.25, 1.5, 2), (pitch, ratio) => {
        const box = (pitch * cardWidth) / ratio;
        expect(measuredSize(box, cardWidth, ratio)).toBeCloseTo(pitch, 6);
      }),
    );
  });

  test('is none that no screen has', () => {
    for (const [width, millimetres] of [
      [300, 0],
      [0, 85],
      [300, Number.NaN],
      [300, -3],
      [300, 0.5],
      [10, 500],
    ] as const)
      expect(measuredSize(width, millimetres, 1)).toBeNull();
  });

  test('holds for its own screen alone, by the newest measure, and whatever the page is zoomed to', () => {
    const sizes = [size('left', 4), size('right', 8), size('left', 3.6)];
    expect(pixelsPerMillimetre(sizes, 'left', 1)).toBe(3.6);
    expect(pixelsPerMillimetre(sizes, 'left', 1.5)).toBeCloseTo(2.4);
    expect(pixelsPerMillimetre(sizes, 'right', 2)).toBe(4);
    expect(pixelsPerMillimetre(sizes, 'elsewhere', 1)).toBeNull();
    expect(pixelsPerMillimetre([], 'left', 1)).toBeNull();
  });
});

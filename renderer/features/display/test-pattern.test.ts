import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digitSteps, stripGrounds, strips } from '../../../shared/domain/display/index.ts';
import { cornerStep, patchCount, patchGrey, patternPlaces, testPattern } from './test-pattern.ts';

const digits = { dark: '482917', middle: '703355', bright: '119264' };
const [width, height] = [1160, 640];
const greys = testPattern(width, height, digits);
const at = (left: number, top: number): number => greys[top * width + left] ?? -1;
const middleOf = (box: { left: number; top: number; width: number; height: number }): [number, number] => [
  box.left + Math.floor(box.width / 2),
  box.top + Math.floor(box.height / 2),
];

describe('the test pattern', () => {
  test('has eighteen patches from black to white, each with corners four steps away', () => {
    const { patches } = patternPlaces(width, height);
    expect(patches.map((box) => at(...middleOf(box)))).toEqual(
      Array.from({ length: patchCount }, (_, place) => patchGrey(place)),
    );
    expect(patchGrey(0)).toBe(0);
    expect(patchGrey(patchCount - 1)).toBe(255);
    const [, second] = patches;
    if (second === undefined) throw new Error('no patch');
    const side = Math.round(second.width / 5);
    expect(at(second.left + side, second.top + side)).toBe(patchGrey(1) + cornerStep);
    expect(at(second.left + second.width - side - 1, second.top + side)).toBe(patchGrey(1) - cornerStep);
  });

  test('has 5% on black and 95% on white, and ramps that hold every grey once in order', () => {
    const { blackEnd, whiteEnd, ramps } = patternPlaces(width, height);
    expect([at(blackEnd.left, blackEnd.top), at(...middleOf(blackEnd))]).toEqual([0, 13]);
    expect([at(whiteEnd.left, whiteEnd.top), at(...middleOf(whiteEnd))]).toEqual([255, 242]);
    const [up, down] = ramps;
    const row = (box: typeof up): number[] => Array.from({ length: box.width }, (_, x) => at(box.left + x, box.top));
    expect([...new Set(row(up))]).toEqual(Array.from({ length: 256 }, (_, grey) => grey));
    expect([...new Set(row(down))]).toEqual(Array.from({ length: 256 }, (_, grey) => 255 - grey));
  });

  test('has lines of one device pixel in the corners and below, upright and lying', () => {
    const { lines } = patternPlaces(width, height);
    expect(lines.length).toBe(5);
    for (const box of lines) {
      for (let x = 0; x < 8; x += 1) expect(at(box.left + x, box.top + 1)).toBe(x % 2 === 0 ? 0 : 255);
      const right = box.left + box.width - 2;
      for (let y = 0; y < 8; y += 1) expect(at(right, box.top + y)).toBe(y % 2 === 0 ? 0 : 255);
    }
  });

  test('draws each digit of a strip with its own step from the ground, and with no other grey', () => {
    const places = patternPlaces(width, height);
    for (const strip of strips) {
      const box = places.strips[strip];
      const cell = Math.floor(box.width / digitSteps.length);
      digitSteps.forEach((step, place) => {
        const found = new Set<number>();
        for (let y = 0; y < box.height; y += 1)
          for (let x = 0; x < cell; x += 1) found.add(at(box.left + place * cell + x, box.top + y));
        const grey = stripGrounds[strip] + (strip === 'bright' ? -step : step);
        expect([...found].sort((one, other) => one - other)).toEqual(
          [stripGrounds[strip], grey].sort((one, other) => one - other),
        );
      });
    }
  });

  test('fits any surface: nothing overlaps and nothing lies outside', () => {
    fc.assert(
      fc.property(fc.integer({ min: 640, max: 5120 }), fc.integer({ min: 400, max: 2880 }), (across, down) => {
        const tall = Math.min(down, Math.round(across * 0.7));
        const places = patternPlaces(across, tall);
        const boxes = [
          ...places.patches,
          ...Object.values(places.strips),
          places.blackEnd,
          places.whiteEnd,
          ...places.ramps,
          ...places.lines,
        ];
        boxes.forEach((box, place) => {
          expect(box.left).toBeGreaterThanOrEqual(0);
          expect(box.top).toBeGreaterThanOrEqual(0);
          expect(box.left + box.width).toBeLessThanOrEqual(across);
          expect(box.top + box.height).toBeLessThanOrEqual(tall);
          for (const other of boxes.slice(place + 1)) {
            const apart =
              box.left + box.width <= other.left ||
              other.left + other.width <= box.left ||
              box.top + box.height <= other.top ||
              other.top + other.height <= box.top;
            expect(apart, `${JSON.stringify(box)} ${JSON.stringify(other)}`).toBe(true);
          }
        });
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dragActions, mouseFromJson, usualMouse, wheelActions } from './mouse-map.ts';
import { type WheelTurn, wheelStep } from './wheel.ts';

const turn = (over: Partial<WheelTurn> = {}): WheelTurn => ({
  deltaX: 0,
  deltaY: 100,
  deltaMode: 0,
  ctrlKey: false,
  shiftKey: false,
  ...over,
});

describe('the wheel', () => {
  test('a notch is a slice, with Shift five, with Ctrl a tenth of zoom; turned round it goes the other way', () => {
    expect(wheelStep(usualMouse, turn(), 0)).toEqual({ slices: 1, zoom: 1, carried: 0 });
    expect(wheelStep(usualMouse, turn({ deltaY: -120 }), 0).slices).toBe(-1);
    expect(wheelStep(usualMouse, turn({ shiftKey: true }), 0).slices).toBe(5);
    expect(wheelStep(usualMouse, turn({ shiftKey: true, deltaX: -100, deltaY: 0 }), 0).slices).toBe(-5);
    expect(wheelStep(usualMouse, turn({ ctrlKey: true, deltaY: -100 }), 0).zoom).toBeCloseTo(1.1, 2);
    expect(wheelStep({ ...usualMouse, wheelTurned: true }, turn(), 0).slices).toBe(-1);
    expect(wheelStep(usualMouse, turn({ deltaMode: 1, deltaY: 3 }), 0).slices).toBe(1);
  });

  test('small turns of a touch pad add up to slices, and a turn back begins anew', () => {
    let carried = 0;
    let slices = 0;
    for (let event = 0; event < 25; event += 1) {
      const step = wheelStep(usualMouse, turn({ deltaY: 8 }), carried);
      carried = step.carried;
      slices += step.slices;
    }
    expect(slices).toBe(3);
    expect(wheelStep(usualMouse, turn({ deltaY: -8 }), 40)).toEqual({ slices: 0, zoom: 1, carried: -8 });
  });

  test('a pinch zooms whatever the wheel with Ctrl was given to do', () => {
    const map = { ...usualMouse, ctrlWheel: 'nothing' as const };
    expect(wheelStep(map, turn({ ctrlKey: true, deltaY: -6 }), 0).zoom).toBeGreaterThan(1);
    expect(wheelStep(map, turn({ ctrlKey: true, deltaY: -100 }), 0)).toEqual({ slices: 0, zoom: 1, carried: 0 });
  });

  test('zooming in and back by the same turns ends where it began, and no event zooms without bounds', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 30 }), (deltas) => {
        const by = (all: readonly number[]): number =>
          all.reduce((zoom, deltaY) => zoom * wheelStep(usualMouse, turn({ ctrlKey: true, deltaY }), 0).zoom, 1);
        expect(by(deltas) * by(deltas.map((one) => -one))).toBeCloseTo(1, 6);
        for (const deltaY of deltas) {
          const { zoom } = wheelStep(usualMouse, turn({ ctrlKey: true, deltaY }), 0);
          expect(zoom).toBeGreaterThan(0.7);
          expect(zoom).toBeLessThan(1.4);
        }
      }),
    );
  });

  test('whatever a device sends, steps are whole and with the hand', () => {
    const any = fc.record({
      deltaX: fc.double(),
      deltaY: fc.double(),
      deltaMode: fc.constantFrom(0, 1, 2),
      ctrlKey: fc.boolean(),
      shiftKey: fc.boolean(),
    });
    fc.assert(
      fc.property(any, fc.constantFrom(...wheelActions), fc.integer({ min: -49, max: 49 }), (event, wheel, carried) => {
        const step = wheelStep({ ...usualMouse, wheel }, event, carried);
        expect(Number.isInteger(step.slices)).toBe(true);
        expect(step.zoom).toBeGreaterThan(0);
        expect(Number.isFinite(step.carried)).toBe(true);
        const direction = event.shiftKey && event.deltaY === 0 ? event.deltaX : event.deltaY;
        if (step.slices !== 0) expect(Math.sign(step.slices)).toBe(Math.sign(direction));
      }),
    );
  });

  test('what was kept is read part by part, and what is no choice is as delivered', () => {
    expect(mouseFromJson(null)).toEqual(usualMouse);
    expect(mouseFromJson({ middle: 'window', right: 'explode', wheelTurned: 'yes' })).toEqual({
      ...usualMouse,
      middle: 'window',
    });
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const found = mouseFromJson(value);
        expect(dragActions).toContain(found.middle);
        expect(mouseFromJson(JSON.parse(JSON.stringify(found)))).toEqual(found);
      }),
    );
  });
});

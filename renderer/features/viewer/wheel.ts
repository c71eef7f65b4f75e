import type { MouseMap, WheelAction } from './mouse-map.ts';

export type WheelTurn = Pick<WheelEvent, 'deltaY' | 'deltaMode' | 'ctrlKey' | 'shiftKey' | 'deltaX'>;
export type WheelStep = {
  /** Slices to go by; 0 for none. */
  readonly slices: number;
  /** Factor to zoom by; 1 for none. */
  readonly zoom: number;
  /** What is not yet a slice, for the next event. */
  readonly carried: number;
};

/** A notch of a wheel is some 100 units; a touch pad sends many small ones, which add up to slices. */
const notch = 50;
const linePixels = 33;
/** Units that double the image; a notch is about a tenth. */
const doubling = 727;
/** A single event never zooms further than this, whatever the device sends. */
const mostAtOnce = 300;

function actionOf(map: MouseMap, turn: WheelTurn): WheelAction {
  // A pinch on a touch pad comes as a wheel with Ctrl (every browser does so): fingers apart always zoom.
  if (turn.ctrlKey) return Math.abs(turn.deltaY) < notch && turn.deltaMode === 0 ? 'zoom' : map.ctrlWheel;
  return turn.shiftKey ? map.shiftWheel : map.wheel;
}

/** What one turn of wheel or touch pad does. With Shift some systems turn the wheel sideways: that is the same turn. */
export function wheelStep(map: MouseMap, turn: WheelTurn, carried: number): WheelStep {
  const raw = turn.shiftKey && turn.deltaY === 0 ? turn.deltaX : turn.deltaY;
  const delta = Number.isFinite(raw) ? (turn.deltaMode === 0 ? raw : raw * linePixels) : 0;
  const action = actionOf(map, turn);
  if (action === 'nothing' || delta === 0) return { slices: 0, zoom: 1, carried: 0 };
  if (action === 'zoom') {
    const held = Math.max(-mostAtOnce, Math.min(mostAtOnce, delta));
    return { slices: 0, zoom: 2 ** (-held / doubling), carried: 0 };
  }
  // A turn back drops what was carried the other way: the first answer of the wheel is never against the hand.
  const sum = (Math.sign(carried) === -Math.sign(delta) ? 0 : carried) + delta;
  const notches = Math.abs(delta) >= notch ? Math.sign(delta) : Math.trunc(sum / notch);
  if (notches === 0) return { slices: 0, zoom: 1, carried: sum };
  const slices = notches * (action === 'five-slices' ? 5 : 1) * (map.wheelTurned ? -1 : 1);
  return { slices, zoom: 1, carried: 0 };
}

import { createStore } from 'zustand/vanilla';

/** What a button does while it is held and the hand moves. */
export const dragActions = ['window', 'pan', 'zoom', 'scroll'] as const;
export type DragAction = (typeof dragActions)[number];
/** What the wheel does. */
export const wheelActions = ['slices', 'five-slices', 'zoom', 'nothing'] as const;
export type WheelAction = (typeof wheelActions)[number];
/** What a thumb button does. */
export const thumbActions = ['previous-series', 'next-series', 'next-viewport', 'next-prior', 'nothing'] as const;
export type ThumbAction = (typeof thumbActions)[number];

/** The mouse of this user on this machine. The left button holds the chosen tool, always. */
export type MouseMap = {
  readonly middle: DragAction;
  readonly right: DragAction;
  readonly back: ThumbAction;
  readonly forward: ThumbAction;
  readonly wheel: WheelAction;
  readonly shiftWheel: WheelAction;
  readonly ctrlWheel: WheelAction;
  /** Turning the wheel towards the hand goes to the slice before. */
  readonly wheelTurned: boolean;
};

export const usualMouse: MouseMap = {
  middle: 'pan',
  right: 'zoom',
  back: 'previous-series',
  forward: 'next-series',
  wheel: 'slices',
  shiftWheel: 'five-slices',
  ctrlWheel: 'zoom',
  wheelTurned: false,
};

/** Nothing about patients, so plain localStorage of this machine. */
const name = 'overread.mouse';

function oneOf<Choice extends string>(value: unknown, choices: readonly Choice[], usual: Choice): Choice {
  return choices.find((one) => one === value) ?? usual;
}

/** What was kept, part by part; what is no choice is as delivered. */
export function mouseFromJson(value: unknown): MouseMap {
  const kept: { readonly [key: string]: unknown } =
    typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown }) : {};
  return {
    middle: oneOf(kept.middle, dragActions, usualMouse.middle),
    right: oneOf(kept.right, dragActions, usualMouse.right),
    back: oneOf(kept.back, thumbActions, usualMouse.back),
    forward: oneOf(kept.forward, thumbActions, usualMouse.forward),
    wheel: oneOf(kept.wheel, wheelActions, usualMouse.wheel),
    shiftWheel: oneOf(kept.shiftWheel, wheelActions, usualMouse.shiftWheel),
    ctrlWheel: oneOf(kept.ctrlWheel, wheelActions, usualMouse.ctrlWheel),
    wheelTurned: kept.wheelTurned === true,
  };
}

function readKept(): MouseMap {
  try {
    return mouseFromJson(JSON.parse(localStorage.getItem(name) ?? 'null'));
  } catch {
    return usualMouse;
  }
}

/** One for the window: every viewport follows it at once. */
export const mouse = createStore<MouseMap>(readKept);

export function keepMouse(map: MouseMap): void {
  mouse.setState(map, true);
  try {
    localStorage.setItem(name, JSON.stringify(map));
  } catch {
    // Storage refused: it holds until the window is closed.
  }
}

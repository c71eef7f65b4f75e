import type { ScreenFacts } from '../../../shared/domain/display/index.ts';

/** Steps in which browsers zoom; the ratio of a window's sizes is near one of them, or it says nothing (borders, docked tools). */
const zoomSteps = [0.25, 0.33, 0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5];

function zoomOf(outer: number, inner: number): number | null {
  if (outer <= 0 || inner <= 0) return null;
  const ratio = outer / inner;
  return zoomSteps.find((step) => Math.abs(ratio / step - 1) < 0.015) ?? null;
}

/** The screen that this window stands on, as far as the system tells (CSSOM View, Media Queries 5). */
export function readScreen(): ScreenFacts {
  const { screen } = window;
  const more = screen as Screen & { readonly availLeft?: number; readonly availTop?: number };
  return {
    width: screen.width,
    height: screen.height,
    left: more.availLeft ?? 0,
    top: more.availTop ?? 0,
    devicePixelRatio: window.devicePixelRatio,
    colorDepth: screen.colorDepth,
    inverted: window.matchMedia('(inverted-colors: inverted)').matches,
    forcedColors: window.matchMedia('(forced-colors: active)').matches,
    zoom: zoomOf(window.outerWidth, window.innerWidth),
  };
}

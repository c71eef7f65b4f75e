import type { BrowserWindowConstructorOptions } from 'electron';

/** Farther from the first screen than any desktop reaches, and larger than any screen. */
const farthest = 100_000;

/**
 * Where a window is asked to lie by the third argument of `window.open`. Our own options go before what Electron reads there, so the four
 * numbers are taken over here, and nothing else of it. Empty where they are not all given.
 */
export function placeAsked(features: string): Pick<BrowserWindowConstructorOptions, 'x' | 'y' | 'width' | 'height'> {
  const asked = new Map(
    features.split(',').flatMap((one): readonly [string, number][] => {
      const [name, value] = one.split('=').map((part) => part.trim());
      return name !== undefined && value !== undefined && /^-?\d{1,6}$/.test(value) ? [[name, Number(value)]] : [];
    }),
  );
  const [x, y, width, height] = ['left', 'top', 'width', 'height'].map((name) => asked.get(name));
  if (x === undefined || y === undefined || width === undefined || height === undefined) return {};
  if (Math.max(Math.abs(x), Math.abs(y), width, height) > farthest || width < 100 || height < 100) return {};
  return { x, y, width, height };
}

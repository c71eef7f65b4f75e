import type { Window } from './types.ts';

/** The range of modality values that a linear window spreads from black to white (PS3.3 C.11.2.1.2.1). */
export function windowRange(window: Window): { readonly lower: number; readonly upper: number } {
  const width = Math.max(1, window.width);
  return { lower: window.center - 0.5 - (width - 1) / 2, upper: window.center - 0.5 + (width - 1) / 2 };
}

/** Stored value to modality value (PS3.3 C.11.1.1.2) and back. */
export type Rescale = { readonly slope: number; readonly intercept: number };

/** The same window in stored values. A negative slope turns black and white around. */
export function storedRange(
  window: Window,
  rescale: Rescale,
): { readonly lower: number; readonly upper: number; readonly turned: boolean } {
  const { lower, upper } = windowRange(window);
  const slope = rescale.slope === 0 ? 1 : rescale.slope;
  const one = (lower - rescale.intercept) / slope;
  const other = (upper - rescale.intercept) / slope;
  return { lower: Math.min(one, other), upper: Math.max(one, other), turned: slope < 0 };
}

/** A window over all values from `min` to `max`. */
export function fullWindow(min: number, max: number): Window {
  return { center: (min + max + 1) / 2, width: Math.max(1, max - min + 1) };
}

export type WindowPreset = { readonly name: string; readonly window: Window };

/** Windows in common use for CT, in HU. */
export const computedTomographyPresets: readonly WindowPreset[] = [
  { name: 'Soft tissue', window: { center: 40, width: 400 } },
  { name: 'Lung', window: { center: -600, width: 1500 } },
  { name: 'Bone', window: { center: 400, width: 1800 } },
  { name: 'Brain', window: { center: 40, width: 80 } },
  { name: 'Liver', window: { center: 100, width: 180 } },
  { name: 'Angio', window: { center: 300, width: 600 } },
];

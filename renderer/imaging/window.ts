import type { LookUpTable, PlainValues, ValuesOfInterest, VoiFunction, Window } from './types.ts';

/**
 * The range of modality values that a window spreads from black to white: LINEAR by PS3.3 C.11.2.1.2.1, LINEAR_EXACT by C.11.2.1.3.2.
 * A sigmoid has no ends; its range is that of the straight line through its middle.
 */
export function windowRange(
  window: Window,
  by: VoiFunction = 'linear',
): { readonly lower: number; readonly upper: number } {
  if (by !== 'linear') return { lower: window.center - window.width / 2, upper: window.center + window.width / 2 };
  const width = Math.max(1, window.width);
  return { lower: window.center - 0.5 - (width - 1) / 2, upper: window.center - 0.5 + (width - 1) / 2 };
}

/** Stored value to modality value (PS3.3 C.11.1.1.2) and back. */
export type Rescale = { readonly slope: number; readonly intercept: number };

/** The same window in stored values. A negative slope turns black and white around. */
export function storedRange(
  window: Window,
  rescale: Rescale,
  by: VoiFunction = 'linear',
): { readonly lower: number; readonly upper: number; readonly turned: boolean } {
  const { lower, upper } = windowRange(window, by);
  const slope = rescale.slope === 0 ? 1 : rescale.slope;
  const one = (lower - rescale.intercept) / slope;
  const other = (upper - rescale.intercept) / slope;
  return { lower: Math.min(one, other), upper: Math.max(one, other), turned: slope < 0 };
}

/** Grey from 0 to 1 of a modality value, before any inversion (PS3.3 C.11.2). */
export function greyOf(value: number, voi: ValuesOfInterest): number {
  if (voi.kind === 'presented') {
    const grey = greyOf(voi.modality === null ? value : entryOf(voi.modality, value), voi.by);
    if (voi.table === null) return grey;
    const { entries, bits } = voi.table;
    // The whole of what windows and tables give is spread over its entries (PS3.3 C.11.6.1.1).
    const at = Math.round(grey * (entries.length - 1));
    return Math.min(1, (entries[at] ?? 0) / (2 ** bits - 1));
  }
  if (voi.kind === 'table') return Math.min(1, entryOf(voi.table, value) / (2 ** voi.table.bits - 1));
  const { center, width } = voi.window;
  // PS3.3 C.11.2.1.3.1: the sigmoid reaches black and white only at infinity.
  if (voi.function === 'sigmoid') return 1 / (1 + Math.exp((-4 * (value - center)) / width));
  const { lower, upper } = windowRange(voi.window, voi.function);
  if (value <= lower) return 0;
  if (value > upper) return 1;
  return (value - lower) / (upper - lower);
}

/** What a table makes of a value: before its ends it takes its end entries. */
function entryOf({ entries, firstMapped }: LookUpTable, value: number): number {
  return entries[Math.min(entries.length - 1, Math.max(0, Math.round(value) - firstMapped))] ?? 0;
}

/** Values of interest with the tables of a presentation state before and behind them, where there are any. */
export function presentedBy(
  by: PlainValues,
  tables: { readonly modality: LookUpTable | null; readonly table: LookUpTable | null } | null,
): ValuesOfInterest {
  return tables === null || (tables.modality === null && tables.table === null)
    ? by
    : { kind: 'presented', by, modality: tables.modality, table: tables.table };
}

/** Greys from 0 to 255 of the pixels from `min` to `max`, both included, not rounded. */
export function greysOf(voi: ValuesOfInterest, rescale: Rescale, min: number, max: number): Float32Array {
  return Float32Array.from(
    { length: max - min + 1 },
    (_, at) => 255 * greyOf((min + at) * rescale.slope + rescale.intercept, voi),
  );
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
  { name: 'Stroke', window: { center: 40, width: 40 } },
  { name: 'Subdural', window: { center: 75, width: 215 } },
  { name: 'Spine', window: { center: 50, width: 250 } },
];

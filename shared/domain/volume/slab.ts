import type { PlaneKind } from './plane.ts';

/** Highest, lowest, or mean of what lies within the slab. */
export const slabModes = ['max', 'min', 'mean'] as const;
export type SlabMode = (typeof slabModes)[number];

/** Thickness in millimetres; 0 is the plane alone. */
export type Slab = { readonly mode: SlabMode; readonly thickness: number };

export const thinSlab: Slab = { mode: 'max', thickness: 0 };

const modeWords: { readonly [Mode in SlabMode]: string } = { max: 'MIP', min: 'MinIP', mean: 'average' };

/** Thicknesses that keys go through, in millimetres. */
export const slabThicknesses = [0, 3, 5, 10, 15, 20, 30, 50, 100] as const;

export function thicker(slab: Slab, by: 1 | -1): Slab {
  const next =
    by === 1
      ? slabThicknesses.find((one) => one > slab.thickness)
      : slabThicknesses.findLast((one) => one < slab.thickness);
  return next === undefined ? slab : { ...slab, thickness: next };
}

export function nextMode(slab: Slab): Slab {
  const next = slabModes[(slabModes.indexOf(slab.mode) + 1) % slabModes.length] ?? 'max';
  // A mode without a thickness would show nothing of itself.
  return slab.thickness === 0 ? { mode: slab.mode, thickness: 10 } : { ...slab, mode: next };
}

/** "MIP 10 mm", or nothing for the plane alone. */
export function slabWords({ mode, thickness }: Slab): string {
  return thickness === 0 ? '' : `${modeWords[mode]} ${thickness} mm`;
}

/** "MPR coronal, computed, 0.7 mm pixels, MIP 10 mm": what no computed picture is ever without. */
export function planeWords(kind: PlaneKind, spacing: number, slab: Slab): string {
  return [`MPR ${kind}`, 'computed', `${spacing.toFixed(2)} mm pixels`, slabWords(slab)]
    .filter((one) => one !== '')
    .join(', ');
}

/** Offsets in millimetres from the middle plane at which a slab is sampled: at most `step` apart, both ends and the plane itself included. */
export function slabOffsets({ thickness }: Slab, step: number): readonly number[] {
  if (thickness <= 0) return [0];
  const parts = 2 * Math.max(1, Math.min(200, Math.ceil(thickness / 2 / step - 1e-9)));
  return Array.from({ length: parts + 1 }, (_, at) => -thickness / 2 + (at * thickness) / parts);
}

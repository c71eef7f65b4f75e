import type { Plane } from '../../../shared/domain/volume/index.ts';
import { along } from '../../../shared/domain/volume/index.ts';
import type { DecodedFrame, SeriesImages, StudyImages } from '../../imaging/index.ts';

/** The PET to lay over a series, or why there is none. */
export type FusionChoice =
  | { readonly ok: true; readonly series: SeriesImages }
  | { readonly ok: false; readonly words: string };

/**
 * The PET of the same study that lies over this series: of the same Frame of Reference (0020,0052), since only then a place in the one is
 * known in the other. Of several the first whose values can be told as SUV, which is the one corrected for attenuation.
 */
export function fusionFor(series: SeriesImages, study: StudyImages): FusionChoice {
  const base = series.computed?.source ?? series;
  if (base.modality === 'PT') return { ok: false, words: 'PET is laid over other images: choose the CT or MR first.' };
  const pets = study.series.filter((one) => one.modality === 'PT' && one.frames.length >= 3);
  if (pets.length === 0) return { ok: false, words: 'This study holds no PET to lay over its images.' };
  if (base.frameOfReferenceUid === null)
    return { ok: false, words: 'These images name no frame of reference: where the PET lies on them is not known.' };
  const here = pets.filter((one) => one.frameOfReferenceUid === base.frameOfReferenceUid);
  const best = here.find((one) => one.frames.every((frame) => frame.uptake !== null)) ?? here[0];
  return best === undefined
    ? {
        ok: false,
        words:
          'The PET is of another frame of reference: where it lies on these images is not known, so it is not laid over them.',
      }
    : { ok: true, series: best };
}

/** The same rectangle in the patient with fewer pixels: never finer than `step` millimetres, which is all that the PET holds. */
export function coarser(plane: Plane, step: number): Plane {
  const side = (count: number, spacing: number): { readonly count: number; readonly spacing: number } => {
    const pixels = Math.max(1, Math.min(count, Math.ceil((count * spacing) / step)));
    return { count: pixels, spacing: (count * spacing) / pixels };
  };
  const across = side(plane.columns, plane.spacing.column);
  const down = side(plane.rows, plane.spacing.row);
  return {
    ...plane,
    columns: across.count,
    rows: down.count,
    spacing: { row: down.spacing, column: across.spacing },
    origin: along(
      plane.origin,
      [(across.spacing - plane.spacing.column) / 2, plane.row],
      [(down.spacing - plane.spacing.row) / 2, plane.column],
    ),
  };
}

/** Hot metal: black, red, orange, yellow, white. `share` from 0 to 1. */
export function hotMetal(share: number): readonly [red: number, green: number, blue: number] {
  const rise = (from: number, to: number): number =>
    Math.round(255 * Math.min(1, Math.max(0, (share - from) / (to - from))));
  return [rise(0, 0.5), rise(0.3, 0.8), rise(0.7, 1)];
}

/** Values in these units: SUV where every image gives it. */
export type FusionScale = { readonly factor: number; readonly unit: string; readonly top: number };

/** Tops of the colours that keys go through: SUV, or a share of the highest value where there is none. */
const suvTops = [2.5, 4, 5, 7, 10, 15, 20, 30] as const;
const shareTops = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1] as const;

export function fusionScale(pet: SeriesImages, level: number, highest: number): FusionScale {
  const factor = pet.frames[0]?.uptake ?? null;
  if (factor !== null && pet.frames.every((frame) => frame.uptake === factor))
    return { factor, unit: 'SUVbw', top: suvTops[Math.min(suvTops.length - 1, level)] ?? 10 };
  const unit = pet.frames[0]?.rescaleUnit ?? '';
  return { factor: 1, unit, top: highest * (shareTops[Math.min(shareTops.length - 1, level)] ?? 1) };
}

export const fusionLevels = suvTops.length;
export const firstFusionLevel = 4;
export const fusionOpacities = [0.15, 0.3, 0.45, 0.6, 0.75, 0.9] as const;

/** RGBA of a PET picture: what is low lets the image below through, whatever the opacity; what was not acquired is clear. */
export function fusionPixels(
  frame: DecodedFrame,
  outside: number,
  rescale: { readonly slope: number; readonly intercept: number },
  scale: FusionScale,
  opacity: number,
): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(frame.rows * frame.columns * 4);
  const table = Array.from({ length: 256 }, (_, at) => [...hotMetal(at / 255), 255 * opacity * Math.min(1, at / 64)]);
  for (let at = 0; at < frame.pixels.length; at += 1) {
    const stored = frame.pixels[at] as number;
    if (stored === outside) continue;
    const share = ((stored * rescale.slope + rescale.intercept) * scale.factor) / scale.top;
    const colour = table[Math.round(255 * Math.min(1, Math.max(0, share)))] ?? [0, 0, 0, 0];
    out.set(colour, at * 4);
  }
  return out;
}

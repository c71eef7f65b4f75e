import { readExamWords } from '../../../shared/domain/order/index.ts';
import type { WindowPreset } from '../../case/index.ts';
import {
  computedTomographyPresets,
  type FrameReference,
  type SeriesImages,
  type VoiFunction,
  type Window,
  windowRange,
} from '../../imaging/index.ts';

const byName: { readonly [Name in WindowPreset]: string | null } = {
  default: null,
  lung: 'Lung',
  bone: 'Bone',
  'soft-tissue': 'Soft tissue',
  brain: 'Brain',
  liver: 'Liver',
  stroke: 'Stroke',
  subdural: 'Subdural',
  angiography: 'Angio',
  spine: 'Spine',
  'full-range': null,
};

/** A named window's figures; null where the name asks for the image's own or for all values. */
export function presetWindow(name: WindowPreset): Window | null {
  return computedTomographyPresets.find((preset) => preset.name === byName[name])?.window ?? null;
}

/** SUV by body weight at which PET is black or white, for the keys that name windows in CT. The first is how PET hangs. */
const uptakeTops: { readonly [Name in WindowPreset]?: number } = { 'soft-tissue': 7, lung: 5, bone: 15 };

/** The window from no uptake to this SUV, in the values of the image; null where it does not give what SUV needs. */
function uptakeWindow({ uptake, windowFunction }: FrameReference, top: number): Window | null {
  if (uptake === null || uptake <= 0) return null;
  // LINEAR spreads one value less than its width (PS3.3 C.11.2.1.2.1).
  const more = windowFunction === 'linear' ? 1 : 0;
  return { center: (top / uptake + more) / 2, width: top / uptake + more };
}

/**
 * How a series is first shown where neither a rule nor the reader has said: PET whose SUV is known from 0 to 7, since the windows that
 * scanners write spread whatever was hottest. Null for all others: as the image asks.
 */
export function firstWindow(series: SeriesImages): Window | null {
  const first = series.modality === 'PT' ? series.frames[0] : undefined;
  return first === undefined ? null : uptakeWindow(first, uptakeTops['soft-tissue'] ?? 7);
}

/** What a named window is on this image; null: as it asks itself; undefined where the name means nothing on it. */
export function windowOn(
  name: WindowPreset,
  modality: string | null,
  reference: FrameReference | null,
): Window | null | undefined {
  if (modality === 'PT' && reference !== null && reference.uptake !== null) {
    // Its first window is not its own: that one is given back by its figures.
    if (name === 'default') return reference.window;
    const top = uptakeTops[name];
    return top === undefined ? undefined : (uptakeWindow(reference, top) ?? undefined);
  }
  return name === 'default' || modality === 'CT' ? presetWindow(name) : undefined;
}

/** "SUV 0–7": the ends of a window by body weight, for an image whose factor is known. */
export function uptakeWords(window: Window, by: VoiFunction, uptake: number): string {
  const { lower, upper } = windowRange(window, by);
  const figure = (value: number): string =>
    (value * uptake)
      .toFixed(1)
      .replace(/^-?0\.0$/, '0')
      .replace(/\.0$/, '');
  return `SUV ${figure(lower)}–${figure(upper)}`;
}

/** The name of a window in CT, where windows have names. */
export function windowName(window: Window, modality: string): string | null {
  if (modality !== 'CT') return null;
  return (
    computedTomographyPresets.find(
      (preset) => preset.window.center === window.center && preset.window.width === window.width,
    )?.name ?? null
  );
}

const soft = ['soft-tissue', 'Soft'] as const;
const lung = ['lung', 'Lung'] as const;
const bone = ['bone', 'Bone'] as const;

/** The windows that a reader of this part of the body changes between, with the words of their buttons. Every other has its key. */
export function offeredWindows(series: SeriesImages | null): readonly (readonly [WindowPreset, string])[] {
  if (series?.modality === 'PT' && series.frames[0]?.uptake != null)
    return [
      ['soft-tissue', 'SUV 0–7'],
      ['lung', 'SUV 0–5'],
      ['bone', 'SUV 0–15'],
      ['full-range', 'All values'],
    ];
  if (series === null || series.modality !== 'CT') return [['full-range', 'All values']];
  const { regions } = readExamWords(`${series.hanging.bodyPart} ${series.description}`);
  if (regions.has('head')) return [['brain', 'Brain'], ['stroke', 'Stroke'], ['subdural', 'Subdural'], bone];
  if (regions.has('lumbar spine') || regions.has('cervical spine') || regions.has('thoracic spine'))
    return [bone, ['spine', 'Spine'], soft];
  if (regions.has('chest')) return [soft, lung, bone];
  if (regions.has('abdomen') || regions.has('pelvis')) return [soft, ['liver', 'Liver'], lung, bone];
  return [soft, lung, bone];
}

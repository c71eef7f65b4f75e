import { readExamWords } from '../../../shared/domain/order/index.ts';
import type { WindowPreset } from '../../case/index.ts';
import { computedTomographyPresets, type SeriesImages, type Window } from '../../imaging/index.ts';

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
  if (series === null || series.modality !== 'CT') return [['full-range', 'All values']];
  const { regions } = readExamWords(`${series.hanging.bodyPart} ${series.description}`);
  if (regions.has('head')) return [['brain', 'Brain'], ['stroke', 'Stroke'], ['subdural', 'Subdural'], bone];
  if (regions.has('lumbar spine') || regions.has('cervical spine') || regions.has('thoracic spine'))
    return [bone, ['spine', 'Spine'], soft];
  if (regions.has('chest')) return [soft, lung, bone];
  if (regions.has('abdomen') || regions.has('pelvis')) return [soft, ['liver', 'Liver'], lung, bone];
  return [soft, lung, bone];
}

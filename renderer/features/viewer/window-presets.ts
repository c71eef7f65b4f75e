import type { WindowPreset } from '../../case/index.ts';
import { computedTomographyPresets, type Window } from '../../imaging/index.ts';

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

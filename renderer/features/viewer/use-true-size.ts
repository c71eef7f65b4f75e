import { useState } from 'react';
import type { FrameReference, ViewportHandle, ViewportState } from '../../imaging/index.ts';
import type { Hung } from './hung.ts';
import type { ViewerKeyCommand } from './viewer-commands.ts';

export type TrueSize = {
  /** Why the image cannot be shown in true size; null when it can, or was not asked for. */
  readonly words: string | null;
  /** "true size" beside an image that is shown so, and for projections at what; null for all others. */
  note(hung: Hung | null, state: ViewportState): string | null;
  /** True when the command was one about true size. */
  run(command: ViewerKeyCommand): boolean;
};

/** Screen (CSS) pixels for each image pixel along a row at which the image is as large as what it shows; null where that is not known. */
export function trueZoom({ pixelSize }: Pick<FrameReference, 'pixelSize'>, screenMillimetre: number): number | null {
  return pixelSize.kind === 'unknown' ? null : pixelSize.column * screenMillimetre;
}

/** What a size is measured at, where it is not in the patient. */
export function sizeWords({ pixelSize }: Pick<FrameReference, 'pixelSize'>): string {
  return pixelSize.kind === 'detector' ? 'true size at the detector: the body part is smaller' : 'true size';
}

/** Images as large on the glass as what they show, on screens that a reader has measured. */
export function useTrueSize(
  active: Hung | null,
  handle: ViewportHandle | null,
  /** CSS pixels to a millimetre of the screen under this window; null while nobody has measured it. */
  screenMillimetre: () => number | null,
): TrueSize {
  const [words, setWords] = useState<string | null>(null);

  function show(): void {
    const state = handle?.state() ?? null;
    const reference = state === null ? undefined : active?.series.frames[state.slice - 1];
    if (handle === null || state === null || state.zoom === null || reference === undefined) return;
    const millimetre = screenMillimetre();
    if (millimetre === null) {
      setWords('This screen was not measured: find “Measure this screen” with Ctrl+K, and press Alt+Shift+T again.');
      return;
    }
    const zoom = trueZoom(reference, millimetre);
    if (zoom === null) {
      setWords('This image does not say what its pixels measure: it has no true size.');
      return;
    }
    const act = (): void => {
      const now = handle.state().zoom;
      if (now !== null) handle.zoomBy(zoom / now);
    };
    if (words === null) {
      act();
      return;
    }
    setWords(null);
    // The words leave room to the viewports, which takes their zoom along: only then is it set.
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(act, 0)));
  }

  return {
    words,
    note(hung, state) {
      const reference = hung?.series.frames[state.slice - 1];
      const millimetre = reference === undefined || state.zoom === null ? null : screenMillimetre();
      if (reference === undefined || millimetre === null || state.zoom === null) return null;
      const zoom = trueZoom(reference, millimetre);
      return zoom === null || Math.abs(state.zoom / zoom - 1) > 0.005 ? null : sizeWords(reference);
    },
    run(command) {
      if (command.type !== 'true-size') return false;
      show();
      return true;
    },
  };
}

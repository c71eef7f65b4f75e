import { type ReactNode, useState } from 'react';
import type { ViewportHandle, ViewportState } from '../../../imaging/index.ts';
import type { Hung } from '../hung.ts';
import type { ViewerKeyCommand } from '../viewer-commands.ts';
import { OverlayPlaneLayer } from './overlay-plane-layer.tsx';

/** Groups that a presentation state shows in a viewport, each with its layer's colour where that has one; null where none is applied to its frame. */
export type ActivatedOverlays = ReadonlyMap<number, string | null> | null;

export type OverlayPlanes = {
  layer(handle: ViewportHandle, state: ViewportState, activated: ActivatedOverlays): ReactNode;
  /** What stands in the corner of an image that has overlay planes: whether they are seen. Null for all others. */
  words(
    hung: Hung | null,
    handle: ViewportHandle | null,
    state: ViewportState,
    activated: ActivatedOverlays,
  ): string | null;
  /** True when the command was one about overlay planes. */
  run(command: ViewerKeyCommand): boolean;
};

/** Overlay planes of the images: seen until the reader hides them by key, in all viewports alike. */
export function useOverlayPlanes(): OverlayPlanes {
  const [shown, setShown] = useState(true);
  return {
    layer(handle, state, activated) {
      const current = state.painted && shown ? handle.current() : null;
      const overlays = (current?.frame.overlays ?? []).filter(({ group }) => activated?.has(group) !== false);
      if (current === null || overlays.length === 0) return null;
      const { rows, columns } = current.frame;
      const planes = overlays.map((overlay) => ({ overlay, colour: activated?.get(overlay.group) ?? null }));
      return <OverlayPlaneLayer handle={handle} planes={planes} rows={rows} columns={columns} />;
    },
    words(hung, handle, state, activated) {
      const described = hung?.series.frames[state.slice - 1]?.overlays ?? [];
      if (described.length === 0) return null;
      if (!shown) return 'overlay hidden (Alt+Shift+O)';
      if (activated !== null && !described.some((group) => activated.has(group)))
        return 'overlay not shown by the presentation state';
      const overlays = state.painted ? (handle?.current()?.frame.overlays ?? []) : null;
      if (overlays === null) return null;
      if (overlays.length === 0) return 'overlay is for other frames or could not be read';
      const labels = [...new Set(overlays.map((overlay) => overlay.label).filter((label) => label !== ''))];
      return `overlay shown${labels.length === 0 ? '' : `: ${labels.join(', ')}`}`;
    },
    run(command) {
      if (command.type !== 'toggle-overlays') return false;
      setShown((before) => !before);
      return true;
    },
  };
}

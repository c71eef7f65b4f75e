import { useEffect, useRef } from 'react';
import type { Point, ViewportHandle, ViewportState } from '../../imaging/index.ts';
import type { CaseStudy, Hung } from './hung.ts';
import { applySlot, type KeptView, placeOf } from './view-memory.ts';

/**
 * Hangs what was kept as soon as its study is there, priors as they come, and shows each viewport as it stood once its own image is
 * painted. What cannot be found again is left as a new case would have it.
 */
export function useKeptView(parts: {
  readonly kept: KeptView | null;
  readonly current: CaseStudy | null;
  readonly priors: readonly CaseStudy[];
  readonly hang: (slot: number, study: CaseStudy, series: Hung['series'], index?: number) => void;
  readonly sizeOf: (slot: number) => Point | null;
  readonly show: (view: KeptView) => void;
  /** Opens the planes again; false where their series is not here yet. */
  readonly planesBack: (view: KeptView) => boolean;
  /** Lays the PET over the images again; false where its series is not here yet. */
  readonly fusionBack: (view: KeptView) => boolean;
}): (slot: number, state: ViewportState, handle: ViewportHandle | null) => void {
  const { kept, current, priors } = parts;
  const hungSlots = useRef(new Set<number>());
  const shownSlots = useRef(new Set<number>());
  const showing = useRef(false);
  const openedPlanes = useRef(false);
  const laidFusion = useRef(false);
  const latest = useRef(parts);
  latest.current = parts;

  useEffect(() => {
    if (kept === null || current === null) return;
    const { hang, show, planesBack, fusionBack } = latest.current;
    if (!showing.current) {
      showing.current = true;
      show(kept);
    }
    if (kept.planes !== null && !openedPlanes.current) openedPlanes.current = planesBack(kept);
    if (kept.fusion !== null && !laidFusion.current) laidFusion.current = fusionBack(kept);
    for (const [slot, one] of kept.slots.entries()) {
      // Planes come back with their volume.
      const place =
        one === null || one.plane !== 'stack' || hungSlots.current.has(slot)
          ? null
          : placeOf(one, [current, ...priors]);
      if (place === null) continue;
      hungSlots.current.add(slot);
      hang(slot, place.study, place.series, place.index);
    }
  }, [kept, current, priors]);

  return (slot, state, handle) => {
    const one = kept?.slots[slot] ?? null;
    if (one === null || handle === null || shownSlots.current.has(slot)) return;
    if (!state.painted || state.seriesUid !== one.seriesUid) return;
    shownSlots.current.add(slot);
    const size = latest.current.sizeOf(slot);
    // After the engine has told of this image: it may not be drawn anew while it tells.
    setTimeout(() => applySlot(one, handle, handle.state(), size), 0);
  };
}

import { useRef } from 'react';
import type { Point, ViewportHandle, ViewportState } from '../../imaging/index.ts';
import type { Hung } from './hung.ts';
import { type Box, boxOf, place, zoomOf } from './placing.ts';

type Placed = {
  readonly hung: Hung;
  readonly screen: string;
  readonly zoom: number | null;
  readonly corner: Point | null;
};

/**
 * Places what a rule hung by size and edge as soon as it is painted, and again when its viewport takes another size, unless the reader
 * has zoomed or moved it herself.
 */
export function usePlacing(parts: {
  readonly hung: readonly (Hung | null)[];
  readonly count: number;
  readonly sizeOf: (slot: number) => Point | null;
}): {
  readonly painted: (slot: number, state: ViewportState, handle: ViewportHandle | null) => void;
  readonly again: (slot: number) => void;
} {
  const latest = useRef(parts);
  latest.current = parts;
  const placed = useRef(new Map<number, Placed>());
  const waiting = useRef(new Set<number>());

  const boxes = (): readonly (Box | null)[] =>
    latest.current.hung.slice(0, latest.current.count).map((one, slot) => {
      const screen = latest.current.sizeOf(slot);
      return one === null || screen === null ? null : boxOf(one, one.index, screen);
    });

  const settle = (slot: number, handle: ViewportHandle): void => {
    const hung = latest.current.hung[slot] ?? null;
    const all = boxes();
    const box = all[slot] ?? null;
    const state = handle.state();
    if (hung?.display == null || box === null || !state.painted || state.seriesUid !== hung.series.seriesUid) return;
    const present = all.flatMap((one) => one ?? []);
    place(handle, box, zoomOf(box, present, null), hung.display);
    const { zoom } = handle.state();
    placed.current.set(slot, { hung, screen: box.screen.join('x'), zoom, corner: handle.toScreen([0, 0]) });
  };

  return {
    painted(slot, state, handle) {
      const hung = latest.current.hung[slot] ?? null;
      const screen = latest.current.sizeOf(slot);
      if (handle === null || hung?.display == null || screen === null || !state.painted) return;
      if (hung.display.size === 'fit' && hung.display.justification === 'center') return;
      const before = placed.current.get(slot);
      if (before?.hung === hung) {
        if (before.screen === screen.join('x')) {
          // Zoomed or moved by hand: from now on it is hers, whatever the window does.
          const corner = handle.toScreen([0, 0]);
          const moved =
            corner !== null &&
            before.corner !== null &&
            Math.hypot(corner[0] - before.corner[0], corner[1] - before.corner[1]) > 1;
          const zoomed = state.zoom !== null && before.zoom !== null && Math.abs(state.zoom / before.zoom - 1) > 0.005;
          if (moved || zoomed) placed.current.set(slot, { ...before, screen: 'by hand' });
          return;
        }
        if (before.screen === 'by hand') return;
      }
      if (waiting.current.has(slot)) return;
      waiting.current.add(slot);
      // After the engine has told of this image: it may not be drawn anew while it tells.
      setTimeout(() => {
        waiting.current.delete(slot);
        settle(slot, handle);
      }, 0);
    },
    again: (slot) => void placed.current.delete(slot),
  };
}

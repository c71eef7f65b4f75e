import { useLayoutEffect, useRef } from 'react';
import type { Point, ViewportHandle } from '../../imaging/index.ts';
import type { Hung } from './hung.ts';
import { type Box, boxOf, homeOf } from './placing.ts';

/**
 * Tells each viewport where its image is placed: those of one size at one scale, mammograms with their chest walls in the middle. It
 * holds through changes of size until the reader zooms or moves the image herself.
 */
export function usePlacing(parts: {
  readonly hung: readonly (Hung | null)[];
  readonly handles: readonly (ViewportHandle | null)[];
  readonly count: number;
  readonly sizeOf: (slot: number) => Point | null;
  /** CSS pixels to a millimetre of the screen; null while nobody has measured it. */
  readonly screenMillimetre: () => number | null;
}): void {
  const latest = useRef(parts);
  latest.current = parts;
  const { hung, handles, count } = parts;

  useLayoutEffect(() => {
    const boxes = (): readonly (Box | null)[] =>
      latest.current.hung.slice(0, latest.current.count).map((one, slot) => {
        const screen = latest.current.sizeOf(slot);
        return one === null || screen === null ? null : boxOf(one, one.index, screen);
      });
    for (const [slot, handle] of handles.slice(0, count).entries()) {
      if (handle === null) continue;
      const placed = hung[slot]?.display ?? null;
      const plain = placed === null || (placed.size === 'fit' && placed.justification === 'center');
      handle.setHome(
        plain
          ? null
          : () => {
              const all = boxes();
              return homeOf(
                all[slot] ?? null,
                all,
                latest.current.hung[slot]?.display ?? null,
                handle.state().rotation,
                latest.current.screenMillimetre(),
              );
            },
      );
    }
  }, [hung, handles, count]);
}

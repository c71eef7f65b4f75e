import { useMemo, useRef } from 'react';
import type { ViewportState, Window } from '../../imaging/index.ts';
import type { ShownBefore } from './hang-slots.ts';
import type { Hung } from './hung.ts';

/** Series whose windows are remembered; the oldest go first. */
const mostWindows = 2_000;

/**
 * A series that hangs again (another stage, another box, later in the session) has the window that the reader gave it, and within a case
 * stands at the slice where she left it.
 */
export function useShownBefore(
  windows: Map<string, Window> | null,
): ShownBefore & { readonly note: (hung: Hung | null, state: ViewportState) => void } {
  const own = useRef(new Map<string, Window>());
  const slices = useRef(new Map<string, number>());
  return useMemo(() => {
    const known = windows ?? own.current;
    const nameOf = (seriesUid: string, windowName: string): string => `${seriesUid}|${windowName}`;
    return {
      window: (seriesUid, windowName) => known.get(nameOf(seriesUid, windowName)) ?? null,
      slice: (seriesUid) => slices.current.get(seriesUid) ?? null,
      note: (hung, state) => {
        if (hung === null || !state.painted || state.seriesUid !== hung.series.seriesUid) return;
        slices.current.set(hung.series.seriesUid, state.slice - 1);
        const name = nameOf(hung.series.seriesUid, hung.display?.windowName ?? '');
        if (!state.windowIsOwn || state.window === null) {
          known.delete(name);
          return;
        }
        const before = known.get(name);
        if (before?.center === state.window.center && before.width === state.window.width) return;
        known.delete(name);
        known.set(name, state.window);
        const [oldest] = known.keys();
        if (known.size > mostWindows && oldest !== undefined) known.delete(oldest);
      },
    };
  }, [windows]);
}

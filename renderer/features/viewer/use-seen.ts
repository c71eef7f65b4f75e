import { useCallback, useEffect, useRef, useState } from 'react';
import type { ViewportHandle, ViewportState } from '../../imaging/index.ts';
import type { Hung } from './hung.ts';

export type Seen = {
  /** Image ids of the frames that were painted in this opening of the case. */
  readonly seen: ReadonlySet<string>;
  /** A viewport's state as it changes: what is painted was seen. */
  note(hung: Hung | null, state: ViewportState): void;
  add(images: ReadonlySet<string>): void;
};

/**
 * Slices are noted as they are painted and told to React a few times a second. A prior is a comparison from the moment that one of its
 * images stands on the screen, whoever hung it, and never for having been asked for; `onPriorPainted` hears of it once.
 */
export function useSeen(onPriorPainted: (studyUid: string) => void): Seen {
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const pending = useRef(new Set<string>());
  const told = useRef(seen);
  told.current = seen;
  const compared = useRef(new Set<string>());
  const latest = useRef(onPriorPainted);
  latest.current = onPriorPainted;

  useEffect(() => {
    const timer = setInterval(() => {
      if (pending.current.size === 0) return;
      const fresh = pending.current;
      pending.current = new Set();
      setSeen((before) => new Set([...before, ...fresh]));
    }, 250);
    return () => clearInterval(timer);
  }, []);

  const note = useCallback((hung: Hung | null, state: ViewportState): void => {
    const frame = hung?.series.frames[state.slice - 1];
    if (!state.painted || frame === undefined || state.seriesUid !== hung?.series.seriesUid) return;
    if (!told.current.has(frame.imageId)) pending.current.add(frame.imageId);
    const { studyUid } = hung.series;
    if (hung.study.prior === null || compared.current.has(studyUid)) return;
    compared.current.add(studyUid);
    latest.current(studyUid);
  }, []);
  const add = useCallback(
    (images: ReadonlySet<string>): void => setSeen((before) => new Set([...before, ...images])),
    [],
  );
  return { seen, note, add };
}

/** Brings the next slice that was never painted to the viewport; nothing where all were. */
export function goToUnseen(hung: Hung | null, handle: ViewportHandle | null, seen: ReadonlySet<string>): void {
  if (hung === null || handle === null) return;
  const here = handle.state().slice - 1;
  const { frames } = hung.series;
  const order = [...frames.keys()].map((step) => (here + 1 + step) % frames.length);
  const next = order.find((index) => !seen.has(frames[index]?.imageId ?? ''));
  if (next !== undefined) handle.goTo(next);
}

import { useEffect, useRef, useState } from 'react';
import type { SeriesImages, ViewportHandle } from '../../imaging/index.ts';
import { clipsOf, nextFrame } from './clips.ts';

const usualRate = 15;

/** Plays the stack of a viewport at the rate that its images name (Frame Time), else 15 a second; waits for what is not painted yet. */
export function useCine(
  handle: ViewportHandle | null,
  series: SeriesImages | null,
  onActivity: () => void,
  /** Viewports that show other clips of the same series: they play together. */
  others: readonly ViewportHandle[] = [],
) {
  const beside = useRef(others);
  beside.current = others;
  const [playing, setPlaying] = useState<SeriesImages | null>(null);
  const [factor, setFactor] = useState(1);
  const isOn = playing !== null && playing === series && handle !== null;
  const rate = Math.min(60, Math.max(1, (series?.frameTime == null ? usualRate : 1000 / series.frameTime) * factor));

  // biome-ignore lint/correctness/useExhaustiveDependencies: `onActivity` is called, not watched.
  useEffect(() => {
    if (!isOn || handle === null) return;
    onActivity();
    const clips = series === null ? [] : clipsOf(series);
    let timer: ReturnType<typeof setTimeout>;
    // Each frame stands for its own time where the images give one for each.
    const pause = (): number => {
      const own = series?.frameTimes?.[handle.state().slice - 1];
      return own === undefined ? 1000 / rate : Math.max(1000 / 60, own / factor);
    };
    const step = (): void => {
      for (const one of clips.length > 1 ? [handle, ...beside.current] : [handle]) {
        const { slice, slices, painted, problem } = one.state();
        if (painted || problem !== null) one.goTo(nextFrame(clips, slices, slice - 1));
      }
      timer = setTimeout(step, pause());
    };
    timer = setTimeout(step, pause());
    return () => clearTimeout(timer);
  }, [isOn, handle, rate, factor, series]);

  return {
    playing: isOn,
    rate,
    possible: series !== null && series.frames.length > 1,
    toggle: () => setPlaying(isOn ? null : series),
    stop: () => setPlaying(null),
    changeRate: (by: number) => setFactor((now) => Math.min(4, Math.max(0.1, now * by))),
  };
}

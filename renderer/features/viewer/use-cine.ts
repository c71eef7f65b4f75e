import { useEffect, useState } from 'react';
import type { SeriesImages, ViewportHandle } from '../../imaging/index.ts';

const usualRate = 15;

/** Plays the stack of a viewport at the rate that its images name (Frame Time), else 15 a second; waits for what is not painted yet. */
export function useCine(handle: ViewportHandle | null, series: SeriesImages | null, onActivity: () => void) {
  const [playing, setPlaying] = useState<SeriesImages | null>(null);
  const [factor, setFactor] = useState(1);
  const isOn = playing !== null && playing === series && handle !== null;
  const rate = Math.min(60, Math.max(1, (series?.frameTime == null ? usualRate : 1000 / series.frameTime) * factor));

  // biome-ignore lint/correctness/useExhaustiveDependencies: `onActivity` is called, not watched.
  useEffect(() => {
    if (!isOn || handle === null) return;
    onActivity();
    let timer: ReturnType<typeof setTimeout>;
    // Each frame stands for its own time where the images give one for each.
    const pause = (): number => {
      const own = series?.frameTimes?.[handle.state().slice - 1];
      return own === undefined ? 1000 / rate : Math.max(1000 / 60, own / factor);
    };
    const step = (): void => {
      const { slice, slices, painted, problem } = handle.state();
      if (painted || problem !== null) handle.goTo(slice >= slices ? 0 : slice);
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

import { useCallback, useEffect, useMemo, useState } from 'react';
import type { PrefetchView } from '../../shared/api/index.ts';
import type { HostClient } from '../host/index.ts';
import { type RowAhead, rowsAhead } from './images-ahead-words.ts';

const askEvery = { working: 3_000, idle: 15_000 };
const nothing: ReadonlyMap<string, RowAhead> = new Map();

/** What the host tells of images fetched ahead, asked again and again while somebody reads here. */
export type ImagesAheadBook = {
  readonly view: PrefetchView | null;
  readonly trouble: string | null;
  readonly rows: ReadonlyMap<string, RowAhead>;
  readonly pause: (paused: boolean) => Promise<void>;
  /** While somebody looks at it, it is asked more often. */
  readonly setWatched: (watched: boolean) => void;
};

export function useImagesAhead(host: Pick<HostClient, 'call'>, asks: boolean): ImagesAheadBook {
  const [view, setView] = useState<PrefetchView | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isWatched, setWatched] = useState(false);
  const isWorking = view?.state === 'running' || isWatched;

  const ask = useCallback(async (): Promise<void> => {
    const answered = await host.call('prefetch');
    setTrouble(answered.ok ? null : answered.error.message);
    if (answered.ok) setView(answered.value);
  }, [host]);
  useEffect(() => {
    if (!asks) return undefined;
    void ask();
    const timer = setInterval(() => void ask(), isWorking ? askEvery.working : askEvery.idle);
    return () => clearInterval(timer);
  }, [ask, asks, isWorking]);

  const pause = useCallback(
    async (paused: boolean): Promise<void> => {
      const answered = await host.call('pausePrefetch', { input: { paused } });
      setTrouble(answered.ok ? null : answered.error.message);
      if (answered.ok) setView(answered.value);
    },
    [host],
  );
  const rows = useMemo(() => (view === null ? nothing : rowsAhead(view)), [view]);
  return { view, trouble, rows, pause, setWatched };
}

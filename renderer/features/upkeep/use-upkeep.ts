import { useEffect, useState } from 'react';
import type { CallOutput } from '../../../shared/api/index.ts';
import type { HostClient } from '../../host/index.ts';

export type Upkeep = CallOutput<'upkeep'>;

const askEvery = 300_000;

/** How the host keeps what it holds, asked at start and now and then; null for whoever is not to see it, and until it is known. */
export function useUpkeep(host: Pick<HostClient, 'call'>, wanted: boolean): Upkeep | null {
  const [upkeep, setUpkeep] = useState<Upkeep | null>(null);
  useEffect(() => {
    if (!wanted) return;
    const ended = new AbortController();
    const ask = async (): Promise<void> => {
      const answered = await host.call('upkeep', { signal: ended.signal });
      // What was last known stays: the top bar says when the host is silent.
      if (!ended.signal.aborted && answered.ok) setUpkeep(answered.value);
    };
    void ask();
    const timer = setInterval(() => void ask(), askEvery);
    return () => {
      ended.abort();
      clearInterval(timer);
    };
  }, [host, wanted]);
  return upkeep;
}

/** One line for the foot of the page; null where there is nothing to say there. */
export function backupLine({ backup }: Upkeep): { readonly words: string; readonly signal: boolean } | null {
  if (backup.kind === 'off') return backup.asked ? { words: 'No backup is set', signal: true } : null;
  if (backup.lastGood === null) return { words: 'No good backup yet', signal: true };
  return backup.old
    ? { words: `Last good backup ${backup.lastGood}`, signal: true }
    : { words: `Backup ${backup.lastGood}`, signal: false };
}

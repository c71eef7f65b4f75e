import { useEffect, useState } from 'react';
import type { CallOutput } from '../../../shared/api/index.ts';
import type { HostClient } from '../../host/index.ts';

export type Upkeep = CallOutput<'upkeep'>;

const askEvery = 300_000;

/**
 * How the host keeps what it holds, asked at start and now and then; null for whoever is not to see it, and until it is known. It is asked
 * for again whenever `setting` changes: whether somebody is at the settings that it tells of.
 */
export function useUpkeep(host: Pick<HostClient, 'call'>, wanted: boolean, setting: boolean): Upkeep | null {
  const [upkeep, setUpkeep] = useState<Upkeep | null>(null);
  useEffect(() => {
    // Settings are asked about before and after: what was mended is said no more.
    if (!wanted || setting) return;
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
  }, [host, wanted, setting]);
  return upkeep;
}

/** Sites whose clocks never stop as they are set, in one line for the foot of the page; null where there are none. */
export function clockLine({ clocks }: Upkeep): { readonly words: string; readonly title: string } | null {
  const [first, ...others] = new Set(clocks.map(({ site }) => site));
  if (first === undefined) return null;
  return {
    words: others.length === 0 ? `Clock never stops: ${first}` : `Clocks of ${others.length + 1} sites never stop`,
    title: clocks.map(({ site, words, next }) => `${site}: ${words} ${next}`).join('\n'),
  };
}

/** One line for the foot of the page; null where there is nothing to say there. */
export function backupLine({ backup }: Upkeep): { readonly words: string; readonly signal: boolean } | null {
  if (backup.kind === 'off') return backup.asked ? { words: 'No backup is set', signal: true } : null;
  if (backup.lastGood === null) return { words: 'No good backup yet', signal: true };
  return backup.old
    ? { words: `Last good backup ${backup.lastGood}`, signal: true }
    : { words: `Backup ${backup.lastGood}`, signal: false };
}

import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { HostStatus } from '../../shared/api/index.ts';
import type { HostClient } from '../host/index.ts';
import type { LinkState } from './signed-in.ts';

const askEvery = 30_000;

/** What the host says about archive, record and waiting reports: asked at start, on its word, and now and then. */
export function useHostStatus(host: HostClient, link: StoreApi<LinkState>): HostStatus | null {
  const [status, setStatus] = useState<HostStatus | null>(null);
  const version = useStore(link, (state) => `${state.statusVersion}|${state.link}`);
  useEffect(() => {
    // Asked again whenever the host said that it changed, or came back.
    if (version === '') return;
    const ended = new AbortController();
    const ask = async (): Promise<void> => {
      const answered = await host.call('status', { signal: ended.signal });
      if (!ended.signal.aborted && answered.ok) setStatus(answered.value);
    };
    void ask();
    const timer = setInterval(() => void ask(), askEvery);
    return () => {
      ended.abort();
      clearInterval(timer);
    };
  }, [host, version]);
  return status;
}

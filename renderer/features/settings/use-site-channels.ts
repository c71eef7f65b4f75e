import { useCallback, useEffect, useState } from 'react';
import type { SiteChannels } from '../../../shared/api/index.ts';
import type { ChannelValues, GatewayRecipient, SetChannel } from '../../../shared/domain/delivery/index.ts';
import type { HostClient } from '../../host/index.ts';

/** One site's channel as it is typed. */
export type TypedChannel = {
  readonly siteId: string;
  readonly channel: SetChannel;
  readonly values: ChannelValues;
  readonly recipients: readonly GatewayRecipient[];
};

/** `hostKey`: the key that a server showed, which nobody has confirmed. */
export type ChannelTest = {
  readonly answers: boolean;
  readonly words: string;
  readonly hostKey?: string | undefined;
};

export type SiteChannelsDesk = {
  /** Null until the host has answered. */
  readonly view: SiteChannels | null;
  readonly trouble: string | null;
  ask(): Promise<void>;
  /** Null: kept; else why not, in words. */
  keep(typed: TypedChannel): Promise<string | null>;
  remove(which: Pick<TypedChannel, 'siteId' | 'channel'>): Promise<string | null>;
  /** Connects and sends nothing. */
  test(typed: TypedChannel): Promise<ChannelTest>;
};

/** Where each site's reports go, as the host is set. */
export function useSiteChannels(host: Pick<HostClient, 'call'>): SiteChannelsDesk {
  const [view, setView] = useState<SiteChannels | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const ask = useCallback(async () => {
    const answered = await host.call('siteChannels');
    setTrouble(answered.ok ? null : answered.error.message);
    if (answered.ok) setView(answered.value);
  }, [host]);
  useEffect(() => void ask(), [ask]);
  const version = view?.version ?? '';
  return {
    view,
    trouble,
    ask,
    keep: async (typed) => {
      const answered = await host.call('keepChannel', { input: { version, ...typed } });
      if (!answered.ok) return answered.error.message;
      setView(answered.value);
      return null;
    },
    remove: async ({ siteId, channel }) => {
      const answered = await host.call('removeChannel', { input: { version, siteId, channel } });
      if (!answered.ok) return answered.error.message;
      setView(answered.value);
      return null;
    },
    test: async (typed) => {
      const answered = await host.call('testChannel', { input: typed });
      return answered.ok ? answered.value : { answers: false, words: answered.error.message };
    },
  };
}

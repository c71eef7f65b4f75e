import { useCallback } from 'react';
import type { SiteChannels } from '../../../shared/api/index.ts';
import type { ChannelValues, GatewayRecipient, SetChannel } from '../../../shared/domain/delivery/index.ts';
import type { HostClient } from '../../host/index.ts';
import { type AskedView, useAskedView } from '../../ui/index.ts';

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

export type SiteChannelsDesk = Pick<AskedView<SiteChannels>, 'view' | 'trouble' | 'ask'> & {
  /** Null: kept; else why not, in words. */
  keep(typed: TypedChannel): Promise<string | null>;
  remove(which: Pick<TypedChannel, 'siteId' | 'channel'>): Promise<string | null>;
  /** Connects and sends nothing. */
  test(typed: TypedChannel): Promise<ChannelTest>;
};

/** Where each site's reports go, as the host is set. */
export function useSiteChannels(host: Pick<HostClient, 'call'>): SiteChannelsDesk {
  const question = useCallback((signal: AbortSignal) => host.call('siteChannels', { signal }), [host]);
  const { view, trouble, ask, take } = useAskedView(question);
  const version = view?.version ?? '';
  return {
    view,
    trouble,
    ask,
    keep: async (typed) => take(await host.call('keepChannel', { input: { version, ...typed } })),
    remove: async ({ siteId, channel }) =>
      take(await host.call('removeChannel', { input: { version, siteId, channel } })),
    test: async (typed) => {
      const answered = await host.call('testChannel', { input: typed });
      return answered.ok ? answered.value : { answers: false, words: answered.error.message };
    },
  };
}

import { useCallback } from 'react';
import type { DevicesView } from '../../../shared/api/index.ts';
import type { HostClient } from '../../host/index.ts';
import { type AskedView, useAskedView } from '../../ui/index.ts';

export type DeviceDesk = Pick<AskedView<DevicesView>, 'view' | 'trouble' | 'ask'> & {
  /** Null: done; else why not, in words. */
  revoke(deviceId: string, typed: string, reason: string): Promise<string | null>;
  setHours(hours: number): Promise<string | null>;
};

const askEvery = 5_000;

/** Readers' computers, asked again while the list is on screen: a contact is news. */
export function useDevices(host: Pick<HostClient, 'call'>): DeviceDesk {
  const question = useCallback((signal: AbortSignal) => host.call('devices', { signal }), [host]);
  const { view, trouble, ask, take } = useAskedView(question, askEvery);
  return {
    view,
    trouble,
    ask,
    revoke: async (deviceId, typed, reason) =>
      take(await host.call('revokeDevice', { params: { deviceId }, input: { typed, reason } })),
    setHours: async (hours) => take(await host.call('setOfflineHours', { input: { hours } })),
  };
}

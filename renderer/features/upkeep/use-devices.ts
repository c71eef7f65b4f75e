import { useCallback, useEffect, useState } from 'react';
import type { CallOutput, DevicesView, Failure } from '../../../shared/api/index.ts';
import type { Result } from '../../../shared/lib/result.ts';
import type { HostClient } from '../../host/index.ts';

export type DeviceDesk = {
  /** Null until the host has answered. */
  readonly view: DevicesView | null;
  readonly trouble: string | null;
  /** Null: done; else why not, in words. */
  revoke(deviceId: string, typed: string, reason: string): Promise<string | null>;
  setHours(hours: number): Promise<string | null>;
};

const askEvery = 5_000;

/** Readers' computers, asked again while the list is on screen: a contact is news. */
export function useDevices(host: Pick<HostClient, 'call'>): DeviceDesk {
  const [view, setView] = useState<DevicesView | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const take = useCallback((answered: Result<CallOutput<'devices'>, Pick<Failure, 'message'>>): string | null => {
    if (!answered.ok) return answered.error.message;
    setView(answered.value);
    return null;
  }, []);
  useEffect(() => {
    const ended = new AbortController();
    const ask = async (): Promise<void> => {
      const answered = await host.call('devices', { signal: ended.signal });
      if (!ended.signal.aborted) setTrouble(take(answered));
    };
    void ask();
    const timer = setInterval(() => void ask(), askEvery);
    return () => {
      ended.abort();
      clearInterval(timer);
    };
  }, [host, take]);
  return {
    view,
    trouble,
    revoke: async (deviceId, typed, reason) =>
      take(await host.call('revokeDevice', { params: { deviceId }, input: { typed, reason } })),
    setHours: async (hours) => take(await host.call('setOfflineHours', { input: { hours } })),
  };
}

import { useEffect, useState } from 'react';
import { instant } from '../../shared/lib/instant.ts';
import { timeInZone } from '../../shared/lib/zoned-time.ts';
import { DevicesDialog, type ThisDevice, ThisDeviceDialog, useDevices } from '../features/upkeep/index.ts';
import type { HostClient } from '../host/index.ts';
import { Message, useNow } from '../ui/index.ts';

type Room = { readonly host: Pick<HostClient, 'call'>; readonly onClose: () => void };

/** Readers' computers, for the lead. */
export function DevicesRoom({ host, onClose }: Room) {
  return <DevicesDialog desk={useDevices(host)} onClose={onClose} />;
}

/** The computer at which this reader sits. */
export function ThisDeviceRoom({ host, onClose }: Room) {
  const [device, setDevice] = useState<ThisDevice | null>(null);
  useEffect(() => {
    void host.call('thisDevice').then((answered) => {
      if (answered.ok) setDevice(answered.value.device);
    });
  }, [host]);
  if (device === null) return null;
  const rename = async (name: string): Promise<string | null> => {
    const answered = await host.call('nameThisDevice', { input: { name } });
    if (!answered.ok) return answered.error.message;
    setDevice(answered.value.device);
    return null;
  };
  return <ThisDeviceDialog device={device} onName={rename} onClose={onClose} />;
}

/** From four hours before a computer that is away from its group destroys its keys. */
export function DeletionWarning({ deletesAt }: { readonly deletesAt: number | undefined }) {
  const now = instant(useNow(30_000));
  if (deletesAt === undefined) return null;
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Message
      tone="ask"
      title={`This computer’s images and drafts are deleted at ${timeInZone(instant(deletesAt), zone, now)} unless it reaches the group.`}
    >
      Lost would be the images here and every draft that is not signed. What you sign is kept, sealed for the group
      alone, and given back to you. Bring this computer to a network, and phone what cannot wait.
    </Message>
  );
}

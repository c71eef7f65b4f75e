import type { DeviceId } from '../../../shared/domain/devices/index.ts';
import type { Group } from '../group/open-group.ts';
import type { Journal } from '../journal/types.ts';
import { envelopeKeysOf } from '../keys/device-keys.ts';
import type { KeyRing } from '../keys/types.ts';
import type { Ports } from '../ports.ts';
import { firstOf, startLoop } from '../reading/loop.ts';
import { createDeviceBook, type DeviceBook } from './device-book.ts';
import { shelfInJournal, shelfInRecord } from './device-shelf.ts';
import { createDisplayShelf, type DisplayShelf } from './display-shelf.ts';

/** Milliseconds between two looks at what other hosts of the group know of devices, and how long the start waits for the first. */
const lookEvery = 4_000;
const firstLook = 5_000;

export async function openDevices(parts: {
  readonly group: Group | null;
  readonly journal: Journal;
  readonly keyRing: KeyRing;
  readonly ports: Ports;
  readonly onBarred: (id: DeviceId) => void;
  readonly onGivenBack: (taskId: string) => void;
}): Promise<{ readonly devices: DeviceBook; readonly displays: DisplayShelf; stop(): Promise<void> }> {
  const { group, ports } = parts;
  const shelf = group === null ? await shelfInJournal(parts.journal) : shelfInRecord(group.items);
  const displays = createDisplayShelf(shelf);
  const devices = createDeviceBook({
    ...parts,
    shelf,
    envelopeKeys: envelopeKeysOf(group === null ? parts.keyRing.derive('device envelopes') : group.envelopeSeed),
  });
  await firstOf(devices.cycle(), firstLook);
  if (group === null) return { devices, displays, stop: async () => undefined };
  const loop = startLoop(
    'devices',
    () => lookEvery,
    async () => {
      await devices.cycle();
    },
    ports,
  );
  return { devices, displays, stop: loop.stop };
}

import { randomBytes } from 'node:crypto';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';
import type { OfflineClock, TimeEvidence } from '../../../shared/domain/devices/index.ts';
import { millis } from '../../../shared/lib/instant.ts';
import { type KeyPair, newDeviceKeys } from '../keys/device-keys.ts';
import { type SealedValue, sealedValue } from '../keys/sealed-text-file.ts';
import type { KeyRing } from '../keys/types.ts';
import type { Ports } from '../ports.ts';
import { HostStartError } from '../start-error.ts';

/** Who this computer is to its group; sealed with the data. */
export type DeviceIdentity = {
  readonly id: string;
  readonly name: string;
  readonly keys: KeyPair;
  /** What the group last told; null before somebody signed in here. */
  readonly told: { readonly offlineHours: number; readonly envelopeKey: string } | null;
};

export type DeviceFiles = {
  identity(): DeviceIdentity;
  keepIdentity(identity: DeviceIdentity): Promise<void>;
  /** `lost`: the group knows this computer, and how long it was away cannot be told. */
  clock(): OfflineClock | null | 'lost';
  keepClock(clock: OfflineClock): Promise<void>;
};

export function timeNow(ports: Pick<Ports, 'now' | 'uptime'>): TimeEvidence {
  return { wall: ports.now(), uptime: ports.uptime?.() ?? millis(Math.round(uptime() * 1_000)) };
}

/** Throws `HostStartError` where the identity is there and not readable: without it no signed report could be handed over. */
export async function openDeviceFiles(directory: string, keyRing: KeyRing): Promise<DeviceFiles> {
  const sealer = keyRing.sealer('device');
  const file: SealedValue<DeviceIdentity> = sealedValue(
    join(directory, 'device', 'identity.sealed'),
    sealer,
    'device-identity',
  );
  const clockFile: SealedValue<OfflineClock> = sealedValue(
    join(directory, 'device', 'clock.sealed'),
    sealer,
    'device-clock',
  );
  const read = await file.read();
  if (read === 'damaged')
    throw new HostStartError(
      'device/identity.sealed is damaged, so this computer cannot say to its group who it is. Nothing was changed. Put the file back from a copy.',
    );
  let identity: DeviceIdentity = read ?? {
    id: randomBytes(16).toString('hex'),
    name: hostname().slice(0, 80) || 'A computer',
    keys: newDeviceKeys(),
    told: null,
  };
  if (read === null) await file.write(identity);
  const kept = await clockFile.read();
  let clock: OfflineClock | null | 'lost' =
    kept === 'damaged' || (kept === null && identity.told !== null) ? 'lost' : kept;
  return {
    identity: () => identity,
    keepIdentity: async (changed) => {
      await file.write(changed);
      identity = changed;
    },
    clock: () => clock,
    keepClock: async (changed) => {
      clock = changed;
      await clockFile.write(changed);
    },
  };
}

import type { DeviceContact } from '../../../shared/api/index.ts';
import {
  type Device,
  type DeviceId,
  type DeviceMove,
  isBarred,
  isOfflineHours,
  moveDevice,
  offlineHours,
} from '../../../shared/domain/devices/index.ts';
import type { ReportVersion } from '../../../shared/domain/report/index.ts';
import { type Instant, minutes } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { KeyPair } from '../keys/device-keys.ts';
import type { Ports } from '../ports.ts';
import type { DeviceShelf, ShelfKind } from './device-shelf.ts';

/** A report that came from a device after it was revoked or its keys were gone: given back to its signer with its words. */
export type GivenBack = {
  readonly deviceId: DeviceId;
  readonly commandId: string;
  readonly takenAt: Instant;
  readonly version: ReportVersion;
};

type Failure = 'unknown' | 'not-a-legal-move' | 'other-key' | 'unreachable';

/** Readers' desktops as all hosts of the group know them. */
export type DeviceBook = {
  all(): readonly Device[];
  /** As this host last knew it: without asking the record. */
  isBarred(id: DeviceId): boolean;
  find(id: DeviceId): Promise<Result<Device | null, 'unreachable'>>;
  move(id: DeviceId, move: DeviceMove): Promise<Result<Device, Failure>>;
  /** A sign-in there; a device that nobody knows becomes known. */
  signedIn(
    contact: DeviceContact,
    publicKey: string,
    user: { readonly id: string; readonly name: string },
  ): Promise<Result<Device, Failure>>;
  offlineHours(): number;
  setOfflineHours(hours: number): Promise<Result<void, 'unreachable'>>;
  /** Answers when the record, or the journal of a host that stands alone, has it. */
  giveBack(report: GivenBack): Promise<Result<void, 'unreachable'>>;
  givenBack(taskId: string): readonly GivenBack[];
  givenBackBy(id: DeviceId): number;
  /** Pairs by which envelopes are opened. */
  readonly envelopeKeys: KeyPair;
  /** Learns what other hosts did; false when the record did not answer. */
  cycle(): Promise<boolean>;
};

/** A contact comes every few seconds: so long it is told to this host's own lead alone. */
const contactWrittenEvery = minutes(2);
const mostTries = 5;
const rulesId = 'rules';

export function createDeviceBook(parts: {
  readonly shelf: DeviceShelf;
  readonly envelopeKeys: KeyPair;
  readonly ports: Pick<Ports, 'now' | 'log'>;
  /** A device was revoked or has no keys any more: its sessions end. */
  readonly onBarred: (id: DeviceId) => void;
  readonly onGivenBack: (taskId: string) => void;
}): DeviceBook {
  const { shelf, ports } = parts;
  const devices = new Map<DeviceId, Device>();
  const writtenContact = new Map<DeviceId, Instant>();
  const reports = new Map<string, GivenBack>();
  let hours: number = offlineHours.usual;

  const take = (device: Device): void => {
    const before = devices.get(device.id);
    const kept =
      before !== undefined && before.lastContact > device.lastContact
        ? { ...device, lastContact: before.lastContact }
        : device;
    devices.set(device.id, kept);
    if (isBarred(device) && (before === undefined || !isBarred(before))) parts.onBarred(device.id);
  };
  const takeReport = (report: GivenBack): void => {
    const isNew = !reports.has(report.commandId);
    reports.set(report.commandId, report);
    if (isNew) parts.onGivenBack(report.version.content.taskId);
  };
  /** Writes what `next` makes of what stands there now; another host may write between the two. */
  const change = async (
    kind: ShelfKind,
    id: string,
    next: (body: unknown | null) => Result<unknown, Failure>,
  ): Promise<Result<unknown, Failure>> => {
    for (let turn = 0; turn < mostTries; turn += 1) {
      const found = await shelf.read(kind, id);
      if (!found.ok) return found;
      const made = next(found.value?.body ?? null);
      if (!made.ok) return made;
      const put = await shelf.put(kind, id, made.value, found.value?.version ?? null);
      if (put.ok) return made;
      if (put.error === 'unreachable') return err('unreachable');
    }
    return err('unreachable');
  };
  const changeDevice = async (
    id: DeviceId,
    next: (device: Device | null) => Result<Device, Failure>,
  ): Promise<Result<Device, Failure>> => {
    const changed = await change('device', id, (body) => next(body as Device | null));
    if (!changed.ok) return changed;
    const device = changed.value as Device;
    take(device);
    writtenContact.set(id, device.lastContact);
    return ok(device);
  };

  return {
    all: () => [...devices.values()],
    isBarred: (id) => {
      const device = devices.get(id);
      return device !== undefined && isBarred(device);
    },
    find: async (id) => {
      const known = devices.get(id);
      if (known !== undefined) return ok(known);
      const found = await shelf.read('device', id);
      if (!found.ok || found.value === null) return found.ok ? ok(null) : found;
      take(found.value.body as Device);
      return ok(found.value.body as Device);
    },
    move: async (id, move) => {
      const known = devices.get(id);
      if (move.kind === 'contact' && known !== undefined) {
        const moved = moveDevice(known, move);
        const isOld = move.at - (writtenContact.get(id) ?? 0) >= contactWrittenEvery;
        const isOther = known.name !== move.name || known.version !== move.version || known.zone !== move.zone;
        if (moved.ok && !isOld && !isOther) {
          devices.set(id, moved.value);
          return moved;
        }
      }
      return changeDevice(id, (device) => (device === null ? err('unknown') : moveDevice(device, move)));
    },
    signedIn: (contact, publicKey, user) =>
      changeDevice(contact.deviceId, (device) => {
        const at = ports.now();
        const { name, zone, version, heldBytes } = contact;
        if (device !== null && device.publicKey !== publicKey) return err('other-key');
        const known: Device = device ?? {
          ...{ id: contact.deviceId, name, publicKey, firstSeen: at, lastContact: at, zone, lastUser: null },
          ...{ version, heldBytes, state: { kind: 'active' } },
        };
        const moved = moveDevice(known, { kind: 'signed-in', at, user });
        return moved.ok ? ok({ ...moved.value, name, zone, version, heldBytes }) : moved;
      }),
    offlineHours: () => hours,
    setOfflineHours: async (wanted) => {
      const changed = await change('device-rules', rulesId, () => ok({ offlineHours: wanted }));
      if (!changed.ok) return err('unreachable');
      hours = wanted;
      return ok(undefined);
    },
    giveBack: async (report) => {
      const changed = await change('device-report', report.commandId, (body) => ok(body ?? report));
      if (!changed.ok) return err('unreachable');
      takeReport(changed.value as GivenBack);
      return ok(undefined);
    },
    givenBack: (taskId) => [...reports.values()].filter((one) => one.version.content.taskId === taskId),
    givenBackBy: (id) => [...reports.values()].filter((one) => one.deviceId === id).length,
    envelopeKeys: parts.envelopeKeys,
    cycle: async () => {
      const [found, rules, back] = await Promise.all([
        shelf.list('device'),
        shelf.read('device-rules', rulesId),
        shelf.list('device-report'),
      ]);
      if (found.ok) for (const { body } of found.value) take(body as Device);
      if (rules.ok && rules.value !== null) {
        const told = (rules.value.body as { readonly offlineHours: number }).offlineHours;
        if (isOfflineHours(told)) hours = told;
      }
      if (back.ok) for (const { body } of back.value) takeReport(body as GivenBack);
      return found.ok && rules.ok && back.ok;
    },
  };
}

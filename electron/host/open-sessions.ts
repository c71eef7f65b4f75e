import { type DeviceId, deviceOfWindow } from '../../shared/domain/devices/index.ts';
import { openDevices } from './devices/open-devices.ts';
import { openGroup } from './group/open-group.ts';
import { type Accounts, createSessions } from './identity/index.ts';
import type { Journal } from './journal/index.ts';
import type { KeyRing } from './keys/types.ts';
import type { Ports } from './ports.ts';
import type { RecordClient } from './record/types.ts';
import { createEventHub } from './routes/event-stream.ts';
import { createPasswordTries } from './routes/password-tries.ts';
import type { Settings } from './settings/types.ts';

/** Who may be here: the group, its readers' computers, the sessions of people, and the stream by which their pages are told. */
export async function openSessions(parts: {
  readonly settings: Settings;
  readonly ports: Ports;
  readonly record: RecordClient;
  readonly accounts: Accounts;
  readonly journal: Journal;
  readonly keyRing: KeyRing;
}) {
  const { settings, ports, record, accounts, journal, keyRing } = parts;
  const passwords = createPasswordTries(accounts, ports);
  const group = await openGroup({ settings, record, accounts, ports });
  /** Nobody is signed in and no page listens before these are there. */
  const tellOfDevices = { barred: (_id: DeviceId): void => undefined, givenBack: (_taskId: string): void => undefined };
  const {
    devices,
    displays,
    stop: stopDevices,
  } = await openDevices({
    ...{ group, journal, keyRing, ports },
    onBarred: (id) => tellOfDevices.barred(id),
    onGivenBack: (taskId) => tellOfDevices.givenBack(taskId),
  });
  const sessions = createSessions({
    ports,
    idleLockMinutes: settings.idleLockMinutes,
    idleEndMinutes: settings.idleEndMinutes,
    ...(group === null ? {} : { portable: group.tokens }),
    isBarred: (window) => {
      const device = deviceOfWindow(window);
      return device !== null && devices.isBarred(device);
    },
  });
  const hub = createEventHub(ports);
  tellOfDevices.barred = (id) => sessions.endWhere((window) => deviceOfWindow(window) === id);
  tellOfDevices.givenBack = (taskId) => hub.publish({ type: 'case-changed', taskId });
  return { group, devices, displays, stopDevices, passwords, sessions, hub };
}

import type { ButtonEvent, DictationDevice, DictationDeviceManager } from 'dictation_support';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type DeviceHands, type DevicePress, handsOff, kindOfDevice, readButtons } from './device-buttons.ts';

export type DevicesState = {
  /** `none`: this browser knows no such devices. */
  readonly support: 'none' | 'opening' | 'ready';
  /** Names of those that are connected. */
  readonly names: readonly string[];
  /** Why the last thing that was asked for was not done, with the next step. */
  readonly trouble: string | null;
};

export type DeviceListener = {
  press(press: DevicePress): void;
  lost(name: string): void;
};

export type DictationDevices = {
  readonly state: StoreApi<DevicesState>;
  /** Takes those that were allowed before; once, however often it is asked for. */
  open(): Promise<void>;
  /** Who is asked by the buttons, and told when one was unplugged: the strip of the case on screen, one at a time. Answers how to end it. */
  listen(listener: DeviceListener): () => void;
  /** Asks the reader which one may be used; only right after a press or a key of hers. */
  connect(): Promise<void>;
  /** The light of the devices: on while it is listened. */
  light(on: boolean): void;
  close(): void;
};

/** The library, as far as it is used. */
export type DeviceLibrary = { readonly DictationDeviceManager: new (hid: HID) => DictationDeviceManager };

/** Kept out of the first bundle. */
export async function loadDeviceLibrary(): Promise<DeviceLibrary> {
  const loaded = (await import('dictation_support')) as DeviceLibrary & { readonly default?: DeviceLibrary };
  return loaded.default ?? loaded;
}

export const noDevicesWords =
  'This browser knows no dictation devices (WebHID): use the desktop app, Chrome or Edge. A device that types as a keyboard works everywhere.';

/** Where the library's own numbers are those of an unknown device. */
function nameOf(device: DictationDevice): string {
  const { productName } = device.hidDevice;
  if (productName.trim() !== '') return productName.trim();
  return kindOfDevice(device.getDeviceType()) === 'pedals' ? 'Foot control' : 'Dictation microphone';
}

/**
 * SpeechMikes, PowerMics and foot pedals of this computer, by WebHID. They stay open from case to case: a device that is closed and opened
 * at once may end up closed.
 */
export function createDictationDevices(options: {
  readonly hid: HID | undefined;
  readonly load: () => Promise<DeviceLibrary>;
}): DictationDevices {
  const { hid, load } = options;
  const state = createStore<DevicesState>(() => ({
    support: hid === undefined ? 'none' : 'opening',
    names: [],
    trouble: null,
  }));
  const hands = new Map<number, DeviceHands>();
  let manager: DictationDeviceManager | null = null;
  let listener: DeviceListener | null = null;
  let opening: Promise<void> | null = null;
  let isClosed = false;

  const tell = (trouble: string | null = null): void =>
    state.setState({ support: 'ready', names: manager?.getDevices().map(nameOf) ?? [], trouble });
  const hear = (device: DictationDevice, mask: ButtonEvent): void => {
    const read = readButtons(kindOfDevice(device.getDeviceType()), hands.get(device.id) ?? handsOff, mask);
    hands.set(device.id, read.hands);
    for (const press of read.presses) listener?.press(press);
  };
  const shut = async (one: DictationDeviceManager): Promise<void> => {
    try {
      await one.shutdown();
    } catch {
      // Unplugged while it was let go of.
    }
  };
  const begin = async (api: HID): Promise<void> => {
    try {
      const { DictationDeviceManager: Manager } = await load();
      const made = new Manager(api);
      made.addButtonEventListener(hear);
      made.addDeviceConnectedEventListener(() => tell());
      made.addDeviceDisconnectedEventListener((device) => {
        hands.delete(device.id);
        // The library forgets it after this has been told.
        const names = made.getDevices().flatMap((one) => (one === device ? [] : [nameOf(one)]));
        state.setState({ support: 'ready', names, trouble: null });
        listener?.lost(nameOf(device));
      });
      await made.init();
      manager = made;
      tell();
      if (isClosed) void shut(made);
    } catch {
      tell(
        'The dictation devices of this computer could not be opened. Close other programs that use them, then load this page again.',
      );
    }
  };
  return {
    state,
    open: () => {
      if (hid === undefined || isClosed) return Promise.resolve();
      opening ??= begin(hid);
      return opening;
    },
    listen: (mine) => {
      listener = mine;
      return () => {
        if (listener === mine) listener = null;
      };
    },
    connect: async () => {
      if (hid === undefined || manager === null) return;
      try {
        const before = manager.getDevices().length;
        const added = await manager.requestDevice();
        if (isClosed) return;
        const isThere = added.length > 0 || manager.getDevices().length > before;
        tell(isThere ? null : 'No device was connected. Plug it in, and choose it where the browser asks.');
      } catch {
        if (!isClosed) tell('The device could not be opened. Close other programs that use it, then connect it again.');
      }
    },
    light: (on) => {
      for (const device of manager?.getDevices() ?? []) {
        const set =
          'setSimpleLedState' in device
            ? device.setSimpleLedState(on ? 1 : 0)
            : 'setLed' in device
              ? device.setLed(on ? 1 : 0)
              : null;
        // A light that cannot be set stops nobody.
        void set?.catch(() => undefined);
      }
    },
    close: () => {
      isClosed = true;
      listener = null;
      if (manager !== null) void shut(manager);
      manager = null;
    },
  };
}

import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DevicePress } from './device-buttons.ts';
import { createDictationDevices, type DeviceLibrary, loadDeviceLibrary } from './dictation-devices.ts';

/** A device on a fake WebHID, as Google's library sees it. */
class FakeDevice extends EventTarget {
  opened = false;
  readonly sent: number[][] = [];
  failsToOpen = false;
  readonly vendorId: number;
  readonly productId: number;
  readonly productName: string;
  readonly collections: readonly { readonly usagePage: number; readonly usage: number }[];
  /** A SpeechMike answers questions for its kind with this code; others are not asked. */
  private readonly code: number | null;
  constructor(
    [vendorId, productId]: readonly [number, number],
    productName: string,
    [usagePage, usage]: readonly [number, number],
    code: number | null = null,
  ) {
    super();
    this.vendorId = vendorId;
    this.productId = productId;
    this.productName = productName;
    this.collections = [{ usagePage, usage }];
    this.code = code;
  }
  async open(): Promise<void> {
    if (this.failsToOpen) throw new DOMException('in use', 'NotAllowedError');
    this.opened = true;
  }
  async close(): Promise<void> {
    this.opened = false;
  }
  async sendReport(_id: number, data: Uint8Array): Promise<void> {
    this.sent.push([...data]);
    const [command = 0] = data;
    if (this.code === null || command < 128) return;
    const answer = new DataView(new ArrayBuffer(9));
    answer.setUint8(0, command);
    // 131: a SpeechMike Premium; 139: its code.
    if (command === 131) answer.setUint8(8, 128);
    if (command === 139) answer.setUint16(2, this.code);
    queueMicrotask(() => this.report(answer));
  }
  report(data: DataView): void {
    this.dispatchEvent(Object.assign(new Event('inputreport'), { data }));
  }
}

class FakeHid extends EventTarget {
  allowed: FakeDevice[] = [];
  offered: FakeDevice[] = [];
  async getDevices(): Promise<FakeDevice[]> {
    return this.allowed;
  }
  async requestDevice(_options: unknown): Promise<FakeDevice[]> {
    this.allowed.push(...this.offered);
    return this.offered;
  }
  unplug(device: FakeDevice): void {
    this.dispatchEvent(Object.assign(new Event('disconnect'), { device }));
  }
  plug(device: FakeDevice): void {
    this.dispatchEvent(Object.assign(new Event('connect'), { device }));
  }
}

const powerMic = (): FakeDevice => new FakeDevice([1364, 4097], 'PowerMic III', [1, 0]);
const speechMike = (code: number): FakeDevice => new FakeDevice([2321, 3100], 'SpeechMike Premium', [65_440, 1], code);
const pedal = (): FakeDevice => new FakeDevice([2321, 6212], '', [1, 4]);

/** Reports as the devices send them: two bytes after the first on a PowerMic, the last two on a SpeechMike, one on a pedal. */
const onPowerMic = (device: FakeDevice, bits: number): void => {
  const data = new DataView(new ArrayBuffer(3));
  data.setUint16(1, bits, true);
  device.report(data);
};
const onSpeechMike = (device: FakeDevice, bits: number): void => {
  const data = new DataView(new ArrayBuffer(9));
  data.setUint8(0, 128);
  data.setUint16(7, bits, true);
  device.report(data);
};
const onPedal = (device: FakeDevice, bits: number): void => device.report(new DataView(new Uint8Array([bits]).buffer));

let library: DeviceLibrary;
beforeAll(async () => {
  // The library is a page's: it looks for these when it is loaded and while it asks a device.
  vi.stubGlobal('self', globalThis);
  vi.stubGlobal('window', globalThis);
  library = await loadDeviceLibrary();
});
let close = (): void => undefined;
afterEach(() => close());

async function devicesOf(hid: FakeHid | undefined) {
  const presses: DevicePress['type'][] = [];
  const lost: string[] = [];
  const devices = createDictationDevices({
    hid: hid as unknown as HID | undefined,
    load: async () => library,
  });
  const end = devices.listen({ press: ({ type }) => presses.push(type), lost: (name) => lost.push(name) });
  close = devices.close;
  await devices.open();
  return { devices, presses, lost, end };
}
const settle = async (): Promise<void> => {
  for (let step = 0; step < 50; step += 1) await Promise.resolve();
};

describe('dictation devices', () => {
  it('that were allowed before are there at once; their buttons ask for what they are marked with', async () => {
    const hid = new FakeHid();
    const [mic, foot, mike] = [powerMic(), pedal(), speechMike(3700)];
    hid.allowed = [mic, foot, mike];
    const { devices, presses } = await devicesOf(hid);
    expect(devices.state.getState()).toEqual({
      support: 'ready',
      names: ['PowerMic III', 'Foot control', 'SpeechMike Premium'],
      trouble: null,
    });
    for (const bits of [4, 0, 8, 0, 2, 0, 256, 0]) onPowerMic(mic, bits);
    expect(presses.splice(0)).toEqual(['record-down', 'record-up', 'next-field', 'previous-field', 'sign']);
    for (const bits of [2, 0, 4, 0]) onPedal(foot, bits);
    expect(presses.splice(0)).toEqual(['record-down', 'record-up', 'next-field']);
    for (const bits of [256, 0, 512, 0, 2_048, 0, 8_192, 0]) onSpeechMike(mike, bits);
    expect(presses.splice(0)).toEqual(['record-down', 'record-up', 'stop', 'next-field', 'sign']);
  });

  it('with a slide begin and end by it, whatever buttons are pressed meanwhile', async () => {
    const hid = new FakeHid();
    const mike = speechMike(3710);
    hid.allowed = [mike];
    const { presses } = await devicesOf(hid);
    // Slide to record, a function key down and up, slide to stop: the bits of the slide stand in each report.
    for (const bits of [256, 256 + 2, 256, 512]) onSpeechMike(mike, bits);
    expect(presses).toEqual(['begin', 'stop']);
  });

  it('are connected when the reader chooses one, and not when she chooses none', async () => {
    const hid = new FakeHid();
    const { devices } = await devicesOf(hid);
    expect(devices.state.getState()).toMatchObject({ names: [], trouble: null });
    await devices.connect();
    expect(devices.state.getState().trouble).toMatch(/No device was connected\. Plug it in/);
    hid.offered = [powerMic()];
    await devices.connect();
    expect(devices.state.getState()).toMatchObject({ names: ['PowerMic III'], trouble: null });
  });

  it('that are unplugged are told of and gone; plugged in again they are there', async () => {
    const hid = new FakeHid();
    const mic = powerMic();
    hid.allowed = [mic];
    const { devices, lost, presses } = await devicesOf(hid);
    onPowerMic(mic, 4);
    hid.unplug(mic);
    await settle();
    expect(lost).toEqual(['PowerMic III']);
    expect(devices.state.getState().names).toEqual([]);
    hid.plug(mic);
    await settle();
    expect(devices.state.getState().names).toEqual(['PowerMic III']);
    // Nothing is still held from before.
    onPowerMic(mic, 4);
    expect(presses).toEqual(['record-down', 'record-down']);
  });

  it('show by their light that they are listened to', async () => {
    const hid = new FakeHid();
    const [mic, mike] = [powerMic(), speechMike(3700)];
    hid.allowed = [mic, mike];
    const { devices } = await devicesOf(hid);
    devices.light(true);
    devices.light(false);
    await settle();
    expect(mic.sent).toEqual([[1], [0]]);
    expect(mike.sent.filter(([command]) => command === 2)).toHaveLength(2);
  });

  it('ask for nothing between two cases, and the next one is asked alone', async () => {
    const hid = new FakeHid();
    const mic = powerMic();
    hid.allowed = [mic];
    const { devices, presses, end } = await devicesOf(hid);
    onPowerMic(mic, 4);
    end();
    onPowerMic(mic, 0);
    onPowerMic(mic, 8);
    onPowerMic(mic, 0);
    const next: string[] = [];
    devices.listen({ press: ({ type }) => next.push(type), lost: () => undefined });
    await devices.open();
    onPowerMic(mic, 2);
    expect([presses, next]).toEqual([['record-down'], ['previous-field']]);
  });

  it('are let go of when the reader signs out', async () => {
    const hid = new FakeHid();
    const mic = powerMic();
    hid.allowed = [mic];
    const { devices, presses } = await devicesOf(hid);
    devices.close();
    await settle();
    onPowerMic(mic, 4);
    expect(presses).toEqual([]);
    expect(mic.opened).toBe(false);
  });

  it('of a browser without WebHID are none, and that is no fault', async () => {
    const { devices } = await devicesOf(undefined);
    await devices.connect();
    expect(devices.state.getState()).toEqual({ support: 'none', names: [], trouble: null });
  });

  it('that another program holds are told of', async () => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const hid = new FakeHid();
    const mic = powerMic();
    mic.failsToOpen = true;
    hid.offered = [mic];
    const { devices } = await devicesOf(hid);
    await devices.connect();
    expect(devices.state.getState()).toMatchObject({
      names: [],
      trouble: expect.stringMatching(/No device was connected/),
    });
    complaint.mockRestore();
  });
});

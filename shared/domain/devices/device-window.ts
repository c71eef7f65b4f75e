/** A reader's desktop as its group knows it: 32 random hex digits, told by nothing of the computer. */
export type DeviceId = string;

export const deviceIdPattern = /^[0-9a-f]{32}$/;

/**
 * The window by which a desktop signs in at its group. It names the device, and a session's token vouches for its window, so that every
 * host of the group knows which sessions end with a device.
 */
export function windowOfDevice(device: DeviceId, nonce: string): string {
  return `desk-${device}-${nonce}`.slice(0, 64);
}

/** Null for a browser's window, and for a desktop that its group does not know yet. */
export function deviceOfWindow(window: string): DeviceId | null {
  return /^desk-([0-9a-f]{32})-/.exec(window)?.[1] ?? null;
}

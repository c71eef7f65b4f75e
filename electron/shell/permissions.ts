import type * as Electron from 'electron';
import type { MediaAccessPermissionRequest, Session } from 'electron';
import { isOwn } from './own-origin.ts';

/**
 * What the page may ask the system for, only from its own main frame: the microphone (dictation), writing to the clipboard, full
 * screen, notifications of a code, where the screens are (image windows), dictation devices (`isDictationDevice` says which). Electron
 * grants everything where nobody says no.
 */
export function mayHave(asked: {
  readonly permission: string;
  readonly origin: string;
  readonly isMainFrame: boolean;
  /** Kinds of media that are wanted; others than sound are refused. */
  readonly media: readonly string[];
}): boolean {
  if (!isOwn(asked.origin) || !asked.isMainFrame) return false;
  switch (asked.permission) {
    case 'media':
      return asked.media.length > 0 && asked.media.every((one) => one === 'audio');
    case 'clipboard-sanitized-write':
    case 'fullscreen':
    // A code study; its words name no patient (renderer/app/code-tone.ts).
    case 'notifications':
    // Places of image windows on more screens than one (Window Management API).
    case 'window-management':
    // Which devices: `isDictationDevice`.
    case 'hid':
      return true;
    default:
      return false;
  }
}

/** By USB vendor and product (as npm's dictation_support lists them): SpeechMikes and foot controls of Philips, PowerMics of Nuance. */
const dictationDevices: Readonly<Record<number, readonly number[]>> = {
  2321: [3100, 3101, 3102, 4000, 6212, 2330],
  1364: [100, 4097],
};

/** Whether it is a device for dictation. No other one is handed out, whoever asks. */
export function isDictationDevice(device: { readonly vendorId?: number; readonly productId?: number }): boolean {
  const { vendorId, productId } = device;
  if (vendorId === undefined || productId === undefined || !Object.hasOwn(dictationDevices, vendorId)) return false;
  return dictationDevices[vendorId]?.includes(productId) === true;
}

/** Sets every door of a session through which a permission or a device could come. */
export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const { mediaTypes } = details as MediaAccessPermissionRequest;
    const { requestingUrl: origin, isMainFrame } = details;
    answer(mayHave({ permission, origin, isMainFrame, media: mediaTypes ?? [] }));
  });
  session.setPermissionCheckHandler((_contents, permission, origin, { isMainFrame, mediaType }) =>
    mayHave({ permission, origin, isMainFrame, media: mediaType === undefined ? [] : [mediaType] }),
  );
  session.setDevicePermissionHandler(
    ({ deviceType, origin, device }) =>
      deviceType === 'hid' && isOwn(origin) && isDictationDevice(device as Electron.HIDDevice),
  );
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null));
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }));
  session.on('select-hid-device', (happening, { deviceList, frame }, answer) => {
    happening.preventDefault();
    const isOwnPage = frame !== null && isOwn(frame.url);
    answer(isOwnPage ? deviceList.find(isDictationDevice)?.deviceId : undefined);
  });
  session.on('select-usb-device', (happening, _details, answer) => {
    happening.preventDefault();
    answer();
  });
  session.on('select-serial-port', (happening, _ports, _contents, answer) => {
    happening.preventDefault();
    answer('');
  });
}

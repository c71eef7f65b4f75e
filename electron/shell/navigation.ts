import type { BrowserWindowConstructorOptions, WebContents } from 'electron';
import { isOwn, isOwnWindow, mayOpenOutside } from './own-origin.ts';
import { placeAsked } from './window-place.ts';

/**
 * Keeps a page where it is: no other origin, no frame, no webview, no window but our own `/window/{id}`. Set on every web contents the
 * moment it is made, also those that we never meant to make.
 */
export function guardNavigation(
  contents: WebContents,
  options: {
    readonly windowOptions: () => BrowserWindowConstructorOptions;
    readonly openOutside: (address: string) => void;
  },
): void {
  contents.on('will-navigate', (event) => {
    if (!isOwn(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isOwn(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwn(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url, features }) => {
    if (isOwnWindow(url))
      return {
        action: 'allow',
        overrideBrowserWindowOptions: { ...options.windowOptions(), ...placeAsked(features ?? '') },
      };
    if (mayOpenOutside(url)) options.openOutside(url);
    return { action: 'deny' };
  });
}

import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { createHostClient, type SessionStore } from '../../host/index.ts';
import { createImagingSlot } from '../imaging-slot.ts';
import { createImageLink } from './image-link.ts';
import { ImageWindow, NoReadingWindow } from './image-window.tsx';

/** The id in the address of an image window; null for every other address. */
export function imageWindowId(path: string): string | null {
  return /^\/window\/([A-Za-z0-9-]{1,64})$/.exec(path)?.[1] ?? null;
}

/**
 * The page of an image window. Its session is the reading window's, lent over the port and held in memory alone: what the browser copied
 * into this window's storage when it was opened is taken out.
 */
export function startImageWindow(root: HTMLElement, id: string): void {
  document.title = 'Overread images';
  const reading = window.opener as WindowProxy | null;
  if (reading === null || reading.closed) {
    createRoot(root).render(createElement(NoReadingWindow));
    return;
  }
  try {
    sessionStorage.clear();
  } catch {
    // Storage refused: then nothing was copied.
  }
  const link = createImageLink({
    page: window,
    origin: location.origin,
    opener: reading,
    id,
    placeNow: () => ({
      left: window.screenX,
      top: window.screenY,
      width: Math.max(100, window.outerWidth),
      height: Math.max(100, window.outerHeight),
    }),
    now: () => performance.now(),
    newId: () => crypto.randomUUID(),
  });
  const session: SessionStore = {
    get windowId() {
      return link.state.getState().session?.window ?? id;
    },
    token: () => link.state.getState().session?.token ?? null,
    keep: () => undefined,
    forget: () => undefined,
  };
  const host = createHostClient({ origin: location.origin, session });
  createRoot(root).render(createElement(ImageWindow, { link, slot: createImagingSlot(host), id }));
}

import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { type CaretIn, caretIn, putCaret } from '../ui/index.ts';

type Place = { readonly element: HTMLElement; readonly caret: CaretIn | null };

function placeNow(): Place | null {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body) return null;
  return { element, caret: caretIn(element) };
}

/**
 * Locking hides the whole screen and makes it inert, and lets nothing of it go: image, window and caret are as they were. Dialogs that
 * are open are hidden with it, the lock lies above them.
 */
export function useLock(): {
  readonly locked: boolean;
  readonly lock: () => void;
  readonly unlock: () => void;
  readonly covered: RefObject<HTMLDivElement | null>;
} {
  const [locked, setLocked] = useState(false);
  const place = useRef<Place | null>(null);
  const covered = useRef<HTMLDivElement>(null);

  const lock = useCallback(() => {
    setLocked((before) => {
      if (!before) place.current = placeNow();
      return true;
    });
  }, []);
  const unlock = useCallback(() => setLocked(false), []);

  useLayoutEffect(() => {
    if (locked) return;
    const back = place.current;
    place.current = null;
    if (back === null || !back.element.isConnected) return;
    // After the lock's own dialog has closed and given focus to where it thinks best.
    const timer = setTimeout(() => {
      back.element.focus({ preventScroll: true });
      if (back.caret !== null) putCaret(back.element, back.caret);
    }, 0);
    return () => clearTimeout(timer);
  }, [locked]);

  return { locked, lock, unlock, covered };
}

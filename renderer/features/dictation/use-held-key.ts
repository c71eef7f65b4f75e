import { useEffect, useRef } from 'react';

/** A key that is held longer is let go of to end; a shorter press begins, and the next one ends. */
export const heldFor = 500;

/**
 * Push to talk and open microphone on one key: `press` is told once for each press, however the keyboard repeats it, and `letGo` when a
 * key that was held is released.
 */
export function useHeldKey(parts: { readonly press: () => void; readonly letGo: () => void }): () => void {
  const latest = useRef(parts);
  latest.current = parts;
  const lastDown = useRef<{ readonly key: string; readonly repeat: boolean; readonly at: number } | null>(null);
  const held = useRef<{ readonly key: string; readonly since: number } | null>(null);
  useEffect(() => {
    const down = ({ key, repeat, timeStamp }: KeyboardEvent): void => {
      lastDown.current = { key, repeat, at: timeStamp };
    };
    const up = ({ key, timeStamp }: KeyboardEvent): void => {
      const before = held.current;
      if (before === null || before.key !== key) return;
      held.current = null;
      if (timeStamp - before.since >= heldFor) latest.current.letGo();
    };
    // Capturing: before the page's own listener runs the command of this press.
    window.addEventListener('keydown', down, true);
    window.addEventListener('keyup', up, true);
    return () => {
      window.removeEventListener('keydown', down, true);
      window.removeEventListener('keyup', up, true);
    };
  }, []);
  return () => {
    const down = lastDown.current;
    if (down?.repeat === true) return;
    if (down !== null) held.current = { key: down.key, since: down.at };
    latest.current.press();
  };
}

/** Tells the host at most this often that somebody is there (issue 2, point 3). */
const tellEvery = 20_000;
const lookEvery = 1_000;

export type Activity = {
  /** Speech, a device button, a spoken word: all that no listener of the page can see. */
  note(): void;
  stop(): void;
};

/**
 * Watches pointer, keys and wheel. The host locks idle sessions; the page also locks by itself after the same time, so that a screen
 * whose host is away does not stay open.
 */
export function watchActivity(options: {
  readonly target: Pick<Window, 'addEventListener' | 'removeEventListener'>;
  readonly now: () => number;
  readonly idleLockMinutes: number;
  readonly tell: () => void;
  readonly onIdle: () => void;
}): Activity {
  let last = options.now();
  let told = options.now();
  let waiting = false;
  const note = (): void => {
    last = options.now();
    if (last - told >= tellEvery) {
      told = last;
      waiting = false;
      options.tell();
    } else waiting = true;
  };
  const look = (): void => {
    const now = options.now();
    if (waiting && now - told >= tellEvery) {
      told = now;
      waiting = false;
      options.tell();
    }
    if (options.idleLockMinutes > 0 && now - last >= options.idleLockMinutes * 60_000) {
      last = now;
      options.onIdle();
    }
  };
  const kinds = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const;
  for (const kind of kinds) options.target.addEventListener(kind, note, { capture: true, passive: true });
  const timer = setInterval(look, lookEvery);
  return {
    note,
    stop: () => {
      clearInterval(timer);
      for (const kind of kinds) options.target.removeEventListener(kind, note, { capture: true });
    },
  };
}

import { flushSync } from 'react-dom';

/**
 * Words about what a canvas shows, committed before the frame in which they were said is painted: left to React's own schedule they
 * come one frame after the image, and each slice costs two frames. Of several in one step the last is taken.
 */
export function inThisFrame<Value>(commit: (value: Value) => void): { say(value: Value): void; close(): void } {
  let waiting: { readonly value: Value } | null = null;
  let closed = false;
  const flush = (): void => {
    const next = waiting;
    waiting = null;
    if (closed || next === null) return;
    flushSync(() => commit(next.value));
  };
  return {
    say(value) {
      // Not at once: it may be said while React itself commits, which flushes nothing then.
      if (waiting === null) queueMicrotask(flush);
      waiting = { value };
    },
    close() {
      closed = true;
    },
  };
}

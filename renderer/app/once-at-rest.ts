/** Milliseconds in which nobody has waited for the page. */
const rest = 1_500;

/** Work for a moment of rest, which is worth nothing once what it prepares has begun: `drop` ends it for good. */
export function onceAtRest(): { plan(work: () => void): void; drop(): void } {
  let over = false;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let idle = 0;
  return {
    plan(work) {
      if (over || waiting !== undefined) return;
      waiting = setTimeout(() => {
        idle = requestIdleCallback(() => work());
      }, rest);
    },
    drop() {
      over = true;
      clearTimeout(waiting);
      cancelIdleCallback(idle);
    },
  };
}

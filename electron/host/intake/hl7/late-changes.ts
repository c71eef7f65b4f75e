import type { Instant } from '../../../../shared/lib/instant.ts';
import type { Change } from './applied.ts';

/** A change as it was applied: by which message, and when. */
export type AppliedChange = { readonly change: Change; readonly key: string; readonly at: Instant };

/**
 * Changes of orders whose exam is on no list of this host yet: another host took the order in, or it came a moment ago. They are told once
 * the exam is there.
 */
export type LateChanges = {
  add(changes: readonly AppliedChange[]): void;
  waiting(): number;
  /** Tells what can be told by now. */
  work(): Promise<void>;
};

/** Milliseconds after which the exam of an order is not waited for any more: the order is none that is read here. */
export const lateFor = 600_000;
const mostWaiting = 10_000;

export function createLateChanges(parts: {
  readonly knows: (orderId: string) => boolean;
  /** Told once, however often it is asked; false where that failed. */
  readonly tell: (changes: readonly AppliedChange[]) => Promise<boolean>;
  readonly now: () => Instant;
}): LateChanges {
  let late: readonly AppliedChange[] = [];
  return {
    add: (changes) => {
      late = [...late, ...changes].slice(-mostWaiting);
    },
    waiting: () => late.length,
    work: async () => {
      const ripe = late.filter(({ change }) => parts.knows(change.orderId));
      if (ripe.length > 0 && (await parts.tell(ripe))) {
        const told = new Set(ripe);
        late = late.filter((one) => !told.has(one));
      }
      const since = parts.now() - lateFor;
      if (late.some(({ at }) => at < since)) late = late.filter(({ at }) => at >= since);
    },
  };
}

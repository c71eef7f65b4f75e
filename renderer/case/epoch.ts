/** Where the last epoch outlives a reload of the window: sessionStorage, or memory alone where that is refused. */
export type EpochStore = { getItem(key: string): string | null; setItem(key: string, value: string): void };

export type Epochs = {
  /** A number that no opening in this window has had, above all before it. */
  next(): number;
};

const key = 'overread.epoch';

/**
 * Epochs start from the clock, in milliseconds, so that two windows of one session do not share any; they grow by one where the clock
 * does not (stopped, set back). An answer that carries another epoch than the case on screen is another case's answer.
 */
export function createEpochs(options: { readonly storage: EpochStore; readonly now: () => number }): Epochs {
  let last = 0;
  const stored = (): number => {
    try {
      const value = Number(options.storage.getItem(key));
      return Number.isSafeInteger(value) && value > 0 ? value : 0;
    } catch {
      return 0;
    }
  };
  return {
    next: () => {
      last = Math.max(last, stored()) + 1;
      last = Math.max(last, Math.floor(options.now()));
      try {
        options.storage.setItem(key, String(last));
      } catch {
        // Memory keeps it for this page; the clock keeps it for the next.
      }
      return last;
    },
  };
}

import type { Ports } from '../../../electron/host/ports.ts';

/** How often the works of a host have looked. */
export type Looks = {
  readonly looked: (work: string) => void;
  /** Waits until the named work has looked so many times more: from two on, one look at least began after this was called. */
  readonly looks: (work: 'intake' | 'images after report' | 'outbox' | 'prefetch', times: number) => Promise<void>;
};

export function countLooks(): Looks {
  const counts = new Map<string, number>();
  const count = (work: string): number => counts.get(work) ?? 0;
  return {
    looked: (work) => {
      counts.set(work, count(work) + 1);
    },
    looks: async (work, times) => {
      const enough = count(work) + times;
      while (count(work) < enough) await new Promise((resolve) => setTimeout(resolve, 50));
    },
  };
}

/** Milliseconds; a host with nothing to do shall still leave the processor to others. */
const shortest = 100;

/** A host that looks ten times as often as the product does, and tells when it has looked. */
export function quickPace(looked: Looks['looked'] = () => undefined): NonNullable<Ports['pace']> {
  return (work, usual) => {
    looked(work);
    return Math.min(usual, Math.max(shortest, usual / 10));
  };
}

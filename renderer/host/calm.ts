import type { CallName } from '../../shared/api/index.ts';

/**
 * A moment in which the page asks only for what the first image of a case needs: each answer is read, rendered and drawn by the processors
 * that decode and draw that image.
 */
export type Calm = {
  /** Begins, or goes on: over after so many milliseconds at the latest. */
  begin(atMost: number): void;
  end(): void;
  /** Resolves when this call may be made: at once for all but those that only tell what stands around the images. */
  before(name: CallName): Promise<void> | undefined;
};

const canWait: ReadonlySet<CallName> = new Set<CallName>([
  'status',
  'codes',
  'prefetch',
  'upkeep',
  'deliveryTroubles',
  'displayChecks',
  'criticalResults',
  'timeline',
  'orderChecks',
  'worklist',
]);

export function createCalm(): Calm {
  let ending: ReturnType<typeof setTimeout> | undefined;
  let waiting: (() => void)[] = [];
  const end = (): void => {
    clearTimeout(ending);
    ending = undefined;
    const ready = waiting;
    waiting = [];
    for (const go of ready) go();
  };
  return {
    begin: (atMost) => {
      clearTimeout(ending);
      ending = setTimeout(end, atMost);
    },
    end,
    before: (name) =>
      ending === undefined || !canWait.has(name) ? undefined : new Promise((resolve) => waiting.push(resolve)),
  };
}

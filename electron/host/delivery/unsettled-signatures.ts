import type { Settlement } from '../journal/types.ts';

/**
 * Signatures of which nobody knows yet whether the journal has them: the disk had them in its hands when the time was up. Until it has
 * told, nothing else is signed for that study, and a press that is asked again waits for the same answer.
 */
export type UnsettledSignatures = {
  /** `taken` runs once the signature turns out to be kept, before anybody who waits goes on. */
  hold(taskId: string, settled: Promise<Settlement>, taken: () => Promise<void>): void;
  /** True once nothing about this study is in doubt any more; false when that takes longer than `milliseconds`. */
  settledWithin(taskId: string, milliseconds: number): Promise<boolean>;
};

export function createUnsettledSignatures(onTrouble: () => void): UnsettledSignatures {
  const open = new Map<string, Promise<void>>();
  return {
    hold: (taskId, settled, taken) => {
      const told = settled.then(async (settlement) => {
        // Only a start reads what a journal that stopped holds: the doubt stands until then.
        if (settlement.kind === 'never-known') return;
        try {
          if (settlement.kind === 'kept') await taken();
        } catch {
          onTrouble();
        } finally {
          open.delete(taskId);
        }
      });
      open.set(taskId, told);
    },
    settledWithin: async (taskId, milliseconds) => {
      const told = open.get(taskId);
      if (told === undefined) return true;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds);
      });
      await Promise.race([told, late]);
      clearTimeout(timer);
      return !open.has(taskId);
    },
  };
}

import { statfs } from 'node:fs/promises';
import { type PrefetchBudget, usualBudget } from '../../../shared/domain/prefetch/index.ts';
import { type Millis, minutes } from '../../../shared/lib/instant.ts';
import type { Settings } from '../settings/types.ts';
import type { StudyProgress } from './prefetcher.ts';

/** How images fetched ahead stand, for one reader. `state` `local`: the archive is on this disk and nothing has to be fetched. */
export type PrefetchStanding = {
  readonly state: 'local' | 'off' | 'paused' | 'running' | 'ready';
  /** Bytes a second; null before anything was measured. */
  readonly bandwidth: number | null;
  readonly slow: boolean;
  readonly held: number;
  readonly budget: number;
  readonly studies: readonly StudyProgress[];
};

/** Milliseconds of fetching ahead, the same for the readers of a host and for a desktop of the group. */
export const aheadPace = {
  every: { working: 1_000, idle: 10_000 },
  /** How long a queue, or what the group host offered, is believed. */
  believedFor: 20_000,
  /** How long one round works at most. */
  roundFor: minutes(1 / 4),
  /** After so long without a question of her page a reader's studies are looked after no more. */
  presentFor: 90_000,
  purgeEvery: 30_000,
} as const;

/** How much may be fetched ahead, how long it stays after its reader has gone, and how many bytes the data folder's disk has left. */
export function aheadTerms({ imagesAhead, dataDirectory }: Settings): {
  readonly budget: PrefetchBudget;
  readonly grace: Millis;
  readonly diskFree: () => Promise<number>;
} {
  const megabytes = imagesAhead?.megabytes;
  return {
    budget: megabytes === undefined ? usualBudget : { ...usualBudget, bytes: megabytes * 1024 ** 2 },
    grace: minutes(imagesAhead?.graceMinutes ?? 120),
    diskFree: async () => {
      const { bavail, bsize } = await statfs(dataDirectory);
      return bavail * bsize;
    },
  };
}

/** How it stands for one reader. `isUnknown`: before it is known what her studies consist of nothing is "here". */
export function aheadStanding(of: {
  readonly paused: boolean;
  readonly isUnknown: boolean;
  readonly studies: readonly StudyProgress[];
  readonly bandwidth: number | null;
  readonly budget: PrefetchBudget;
}): Pick<PrefetchStanding, 'state' | 'bandwidth' | 'slow' | 'studies'> {
  const { paused, isUnknown, studies, bandwidth, budget } = of;
  const isComing = studies.some((one) => one.series.some(({ state }) => state === 'waiting' || state === 'coming'));
  return {
    state: paused ? 'paused' : isUnknown || isComing ? 'running' : 'ready',
    bandwidth,
    slow: bandwidth !== null && bandwidth < budget.slowBelow,
    studies,
  };
}

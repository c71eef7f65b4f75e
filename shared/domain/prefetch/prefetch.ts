import { after, type Instant, type Millis, minutes } from '../../lib/instant.ts';

/** One series that may be fetched before anybody opens it. */
export type SeriesAhead = {
  readonly seriesUid: string;
  readonly modality: string;
  /** Instances by the archive's count. */
  readonly instances: number;
  /** Bytes that it is expected to take; see `expectedBytes`. */
  readonly bytes: number;
  /** Whether all of it is in the sealed cache. */
  readonly here: boolean;
};

/** One study of the queue: of a task that this reader may read and is likely to get, or a relevant prior of one. */
export type StudyAhead = {
  readonly taskId: string;
  readonly studyUid: string;
  readonly role: 'current' | 'prior';
  /** Place of its task in her queue, 0 the most urgent. Priors stand after their current study, the most relevant first. */
  readonly place: number;
  /** Whether its first useful image is in the cache. */
  readonly firstHere: boolean;
  /** In the order in which they hang. */
  readonly series: readonly SeriesAhead[];
};

export type PrefetchBudget = {
  /** Bytes that images fetched ahead may take in all. */
  readonly bytes: number;
  /** Bytes of disk that stay free. */
  readonly keepFree: number;
  /** What cannot be here within this time is not begun. */
  readonly within: Millis;
  /** Bytes a second below which a link is slow: each study's first image goes before the rest of any. */
  readonly slowBelow: number;
};

/** 4 GB, 2 GB free, half an hour; below 2 MB/s (a chest CT takes more than a minute) a link is slow. */
export const usualBudget: PrefetchBudget = {
  bytes: 4 * 1024 ** 3,
  keepFree: 2 * 1024 ** 3,
  within: minutes(30),
  slowBelow: 2 * 1024 ** 2,
};

export type PrefetchStep =
  | { readonly kind: 'first-image'; readonly studyUid: string; readonly seriesUid: string; readonly bytes: number }
  | { readonly kind: 'series'; readonly studyUid: string; readonly seriesUid: string; readonly bytes: number };

/** Bytes of one instance where nobody has told, compressed as archives usually hold them. */
const usualBytes: Readonly<Record<string, number>> = {
  CT: 350_000,
  MR: 200_000,
  PT: 60_000,
  NM: 500_000,
  CR: 8_000_000,
  DX: 10_000_000,
  MG: 20_000_000,
  US: 2_000_000,
  XA: 20_000_000,
  RF: 10_000_000,
};

export function expectedBytes(modality: string, instances: number): number {
  return instances * (usualBytes[modality] ?? 1_000_000);
}

/** Documents about images are small, asked for as data and not fetched ahead. */
const documents: ReadonlySet<string> = new Set(['SR', 'KO', 'PR', 'DOC', 'AU']);

export function isFetchedAhead(series: Pick<SeriesAhead, 'modality' | 'instances'>): boolean {
  return series.instances > 0 && !documents.has(series.modality);
}

/**
 * What is fetched next, in order. The most urgent task's study and its priors come whole before the next task's; on a slow link the first
 * useful image of every study comes before the rest of any. `bandwidth` in bytes a second, null until it was measured. Nothing less urgent
 * is begun where something more urgent had to be left for want of room or time.
 */
export function planPrefetch(
  queue: readonly StudyAhead[],
  budget: PrefetchBudget,
  state: { readonly bandwidth: number | null; readonly held: number; readonly diskFree: number },
): readonly PrefetchStep[] {
  const inOrder = [...queue].sort((one, other) => one.place - other.place || roleRank(one) - roleRank(other));
  const studies = inOrder.filter((one, at) => inOrder.findIndex((two) => two.studyUid === one.studyUid) === at);
  const isSlow = state.bandwidth !== null && state.bandwidth < budget.slowBelow;
  const firsts = isSlow ? studies.flatMap(firstImage) : [];
  const series = studies.flatMap((study) =>
    study.series
      .filter((one) => !one.here && isFetchedAhead(one))
      .map(({ seriesUid, bytes }): PrefetchStep => ({ kind: 'series', studyUid: study.studyUid, seriesUid, bytes })),
  );
  const room = Math.min(budget.bytes - state.held, state.diskFree - budget.keepFree);
  const steps: PrefetchStep[] = [];
  let taken = 0;
  for (const step of [...firsts, ...series]) {
    taken += step.bytes;
    const seconds = state.bandwidth === null || state.bandwidth <= 0 ? 0 : taken / state.bandwidth;
    if (taken > room || seconds * 1_000 > budget.within) break;
    steps.push(step);
  }
  return steps;
}

function roleRank({ role }: StudyAhead): number {
  return role === 'current' ? 0 : 1;
}

function firstImage({ studyUid, series, firstHere }: StudyAhead): readonly PrefetchStep[] {
  const first = series.find(isFetchedAhead);
  if (first === undefined || firstHere || first.here) return [];
  return [
    { kind: 'first-image', studyUid, seriesUid: first.seriesUid, bytes: Math.ceil(first.bytes / first.instances) },
  ];
}

/** How a study's pixels are used here: as the study of a task, or as a prior of one. */
export type PixelUse = {
  /** True once the task's report is final or the task is cancelled. */
  readonly over: boolean;
  /** Who has the task now; null where nobody has. */
  readonly holder: string | null;
};

/** A reader of this machine. `away`: since when she is off shift or signed out; null while she is here. */
export type ReaderHere = { readonly id: string; readonly away: Instant | null };

/** How long a reader's pixels stay after her shift, where nobody set another time. */
export const usualGrace: Millis = minutes(120);

/**
 * Whether a study's pixels may stay. On screen they do; otherwise only for a task that is neither over nor another's, and while a reader
 * of this machine whose it may be is here, or was within the grace.
 */
export function mayStay(
  uses: readonly PixelUse[],
  readers: readonly ReaderHere[],
  isOnScreen: boolean,
  grace: Millis,
  now: Instant,
): boolean {
  if (isOnScreen) return true;
  const inTime = readers.filter(({ away }) => away === null || now < after(away, grace));
  return uses.some(({ over, holder }) => !over && inTime.some(({ id }) => holder === null || holder === id));
}

/** Bytes a second as they come to be known: each measurement counts for a third. Pieces too small to tell anything are left out. */
export function measured(before: number | null, bytes: number, time: Millis): number | null {
  if (bytes < 64 * 1024 || time <= 0) return before;
  const rate = (bytes / time) * 1_000;
  return before === null ? rate : before + (rate - before) / 3;
}

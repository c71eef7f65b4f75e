import {
  expectedBytes,
  isFetchedAhead,
  measured,
  type PrefetchBudget,
  type PrefetchStep,
  planPrefetch,
  type StudyAhead,
} from '../../../shared/domain/prefetch/index.ts';
import type { StudyUid } from '../../../shared/domain/study/index.ts';
import { type Instant, millis } from '../../../shared/lib/instant.ts';
import type { FrameCache } from '../archive/frame-cache.ts';
import { boundaryOf, createMultipartReader, parseContentType } from '../archive/multipart.ts';
import { acceptFrames, acceptObjects, fewImages, keptUnder } from '../archive/pass.ts';
import type { ArchiveClient } from '../archive/types.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Ports } from '../ports.ts';
import type { ListedSeries, SeriesLists } from './series-lists.ts';

/** A study that somebody here is likely to read next, or a prior of one. */
export type Wanted = Pick<StudyAhead, 'taskId' | 'studyUid' | 'role' | 'place'> & { readonly patient: string | null };

export type SeriesProgress = {
  readonly seriesUid: string;
  readonly modality: string;
  readonly instances: number;
  readonly state: 'here' | 'coming' | 'waiting' | 'left';
  /** Of its instances, those that have come: nothing counts as here before all have. */
  readonly came: number;
};
export type StudyProgress = Pick<Wanted, 'taskId' | 'studyUid' | 'role' | 'place'> & {
  readonly series: readonly SeriesProgress[];
};

/** Images of the reader's next studies, in the sealed cache before she opens them. */
export type Prefetcher = {
  /** One round: what is most urgent is fetched, until `until` or until all is here. */
  round(wanted: readonly (Wanted & { readonly user: string })[], until: Instant): Promise<void>;
  progress(wanted: readonly Wanted[]): readonly StudyProgress[];
  /** Whether it is known of which series a study consists; before that its progress names none. */
  isListed(studyUid: string): boolean;
  /** Bytes a second, as measured; null before. */
  bandwidth(): number | null;
  paused(): boolean;
  setPaused(paused: boolean): void;
  /** What is fetched at this moment is given up; it is begun again when somebody wants it. */
  giveUp(): void;
  /** A line that was cut stands again: what could not be fetched is tried at once. */
  tryAgain(): void;
  close(): void;
};

const acceptMetadata = 'application/dicom+json';
/** How long a series that could not be fetched is left, in milliseconds. */
const leftFor = 300_000;
/** Between two looks whether a reader's own images still stream. */
const yieldFor = 100;

export function createPrefetcher(parts: {
  readonly archive: Pick<ArchiveClient, 'name' | 'pass' | 'instances'>;
  readonly cache: FrameCache;
  readonly lists: SeriesLists;
  /** What rejection notes name: no first image is among it. */
  readonly rejected: (study: StudyUid) => Promise<ReadonlyMap<string, unknown>>;
  /** Requests of pages that stream now: they go first. */
  readonly streaming: () => number;
  /** Whether whoever is asked answers at all: while nobody does, nothing is begun, and nothing is put off for having failed. */
  readonly answers?: () => boolean;
  readonly diskFree: () => Promise<number>;
  readonly budget: PrefetchBudget;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly ports: Pick<Ports, 'now' | 'log'>;
}): Prefetcher {
  const { archive, cache, lists, ports, budget, answers = () => true } = parts;
  const left = new Map<string, number>();
  const firsts = new Set<string>();
  const sizes = new Map<string, number>();
  /** Objects in each series that was fetched by this run. */
  const counts = new Map<string, number>();
  /** Objects in the cache of each series that broke off. */
  const begun = new Map<string, number>();
  const aborter = new AbortController();
  let rate: number | null = null;
  let paused = false;
  let coming: { readonly seriesUid: string; instances: number } | null = null;
  let current = new AbortController();

  const pathOf = (studyUid: string, seriesUid: string): string => `/studies/${studyUid}/series/${seriesUid}`;
  /** A series that has grown since it was fetched is not here: what of it is kept is not given out either. */
  const isHere = (studyUid: string, { seriesUid, instances }: Pick<ListedSeries, 'seriesUid' | 'instances'>): boolean =>
    cache.holds(keptUnder(archive.name, pathOf(studyUid, seriesUid), acceptObjects)) &&
    (counts.get(seriesUid) ?? instances) === instances;
  const isLeft = (key: string): boolean => ports.now() - (left.get(key) ?? Number.NEGATIVE_INFINITY) < leftFor;

  const aheadOf = async (wanted: Wanted): Promise<StudyAhead> => {
    const series = (await lists.of(wanted.studyUid))
      .filter((one) => !one.set && !isLeft(one.seriesUid))
      .map(({ seriesUid, modality, instances }) => ({
        seriesUid,
        modality,
        instances,
        bytes: bytesLeft(seriesUid, modality, instances),
        here: isHere(wanted.studyUid, { seriesUid, instances }),
      }));
    return { ...wanted, series, firstHere: firsts.has(wanted.studyUid) };
  };

  /** Of a series that broke off only the rest comes over the line, and needs room. */
  const bytesLeft = (seriesUid: string, modality: string, instances: number): number => {
    const whole = sizes.get(seriesUid) ?? expectedBytes(modality, instances);
    const came = Math.min(begun.get(seriesUid) ?? 0, instances);
    return instances === 0 ? whole : Math.round(whole * (1 - came / instances));
  };

  const read = async (path: string, accept: string): Promise<number | 'refused' | 'broken'> => {
    const signal = AbortSignal.any([aborter.signal, current.signal]);
    // What is read again from this disk tells nothing of the line.
    const isResumed = (await cache.begun(keptUnder(archive.name, path, accept))) !== null;
    const answer = await archive.pass(path, accept, { signal, ahead: true });
    if (!answer.ok || answer.body === null) {
      await answer.body?.cancel().catch(() => undefined);
      return 'refused';
    }
    const reader = answer.body.getReader();
    const count = accept === acceptObjects ? countObjects(answer) : null;
    let bytes = 0;
    let time = 0;
    try {
      for (;;) {
        // Whoever looks at a screen goes first: what is not read here holds up the archive's answer and nobody else.
        while (parts.streaming() > 0 && !paused && !signal.aborted)
          await new Promise((resolve) => setTimeout(resolve, yieldFor));
        if (paused || signal.aborted) throw new Error('paused or given up');
        const since = performance.now();
        const { done, value } = await reader.read();
        time += performance.now() - since;
        if (done) break;
        bytes += value.length;
        if (count !== null && coming !== null) coming.instances = count(value);
        await cache.caughtUp();
      }
    } catch {
      await reader.cancel().catch(() => undefined);
      return 'broken';
    }
    // Metadata takes an archive long to gather and tells nothing of the line.
    if (accept !== acceptMetadata && !isResumed) rate = measured(rate, bytes, millis(Math.max(1, Math.round(time))));
    return bytes;
  };

  /** Whole objects that have come so far, of an answer that is pushed piece by piece. */
  const countObjects = (answer: Response): ((piece: Uint8Array) => number) | null => {
    const boundary = boundaryOf(parseContentType(answer.headers.get('Content-Type')));
    if (boundary === null) return null;
    let whole = 0;
    const ignore = (): void => undefined;
    const partEnd = (): void => {
      whole += 1;
    };
    const reader = createMultipartReader(boundary, { partStart: ignore, partData: ignore, partEnd });
    return (piece) => {
      reader.push(piece);
      return whole;
    };
  };

  const take = async (
    step: PrefetchStep,
    of: { readonly user: string; readonly patient: string | null },
  ): Promise<void> => {
    const { studyUid, seriesUid } = step;
    const noted = await parts.audit.record([
      { user: of.user, purpose: 'prefetch', patient: of.patient, studyUid, detail: 'into the sealed cache, not shown' },
    ]);
    if (!noted.ok) {
      left.set(seriesUid, ports.now());
      return;
    }
    coming = { seriesUid, instances: 0 };
    current = new AbortController();
    const { signal } = current;
    try {
      if (step.kind === 'first-image') {
        firsts.add(studyUid);
        const middle = await middleOf(studyUid, seriesUid);
        if (middle !== null) await read(`${pathOf(studyUid, seriesUid)}/instances/${middle}/frames/1`, acceptFrames);
        return;
      }
      const listed = lists.known(studyUid)?.find((one) => one.seriesUid === seriesUid);
      if ((listed?.instances ?? 0) > fewImages) await read(`${pathOf(studyUid, seriesUid)}/metadata`, acceptMetadata);
      const bytes = await whole(studyUid, seriesUid);
      if (bytes !== null) {
        begun.delete(seriesUid);
        sizes.set(seriesUid, bytes);
        if (coming.instances > 0) counts.set(seriesUid, coming.instances);
      }
      // Refused, broken off, or larger than the cache takes: later again.
      if (!paused && answers() && !signal.aborted && (listed === undefined || !isHere(studyUid, listed)))
        left.set(seriesUid, ports.now());
    } finally {
      coming = null;
    }
  };

  /**
   * A series, also over a line that breaks: as long as each try brings more of it, the rest is asked for at once. What broke off without
   * bringing any is asked for once more: by that the line is known to be cut. Null where not all came.
   */
  const whole = async (studyUid: string, seriesUid: string): Promise<number | null> => {
    const about = keptUnder(archive.name, pathOf(studyUid, seriesUid), acceptObjects);
    let before = (await cache.begun(about))?.names.length ?? 0;
    for (let inVain = 0; inVain < 2; ) {
      const bytes = await read(pathOf(studyUid, seriesUid), acceptObjects);
      await cache.settled();
      if (typeof bytes === 'number') return bytes;
      const came = (await cache.begun(about))?.names.length ?? 0;
      begun.set(seriesUid, came);
      if (coming !== null) coming.instances = came;
      if (paused || !answers() || aborter.signal.aborted || current.signal.aborted) return null;
      if (bytes === 'refused' && came <= before) return null;
      inVain = came > before ? 0 : inVain + 1;
      before = came;
    }
    return null;
  };

  const middleOf = async (studyUid: string, seriesUid: string): Promise<string | null> => {
    const all = await archive.instances(studyUid as StudyUid);
    const rejected = await parts.rejected(studyUid as StudyUid);
    const those = all.ok
      ? all.value.filter((one) => one.seriesUid === seriesUid && !rejected.has(one.instanceUid))
      : [];
    return those[Math.floor(those.length / 2)]?.instanceUid ?? null;
  };

  const progressOf = (studyUid: string, { seriesUid, modality, instances, set }: ListedSeries): SeriesProgress => {
    const about = { seriesUid, modality, instances };
    if (isHere(studyUid, about)) return { ...about, state: 'here', came: instances };
    if (coming?.seriesUid === seriesUid)
      return { ...about, state: 'coming', came: Math.min(coming.instances, instances) };
    const came = Math.min(begun.get(seriesUid) ?? 0, instances);
    return { ...about, state: set || isLeft(seriesUid) ? 'left' : 'waiting', came };
  };

  return {
    round: async (wanted, until) => {
      while (!paused && answers() && !aborter.signal.aborted && ports.now() < until) {
        const queue: StudyAhead[] = [];
        for (const one of wanted) queue.push(await aheadOf(one));
        const state = { bandwidth: rate, held: cache.size(), diskFree: await parts.diskFree() };
        const [step] = planPrefetch(queue, budget, state);
        const of = wanted.find((one) => one.studyUid === step?.studyUid);
        if (step === undefined || of === undefined) return;
        await take(step, of);
      }
    },
    progress: (wanted) =>
      wanted.map(({ taskId, studyUid, role, place }) => ({
        taskId,
        studyUid,
        role,
        place,
        series: (lists.known(studyUid) ?? []).filter(isFetchedAhead).map((one) => progressOf(studyUid, one)),
      })),
    isListed: (studyUid) => lists.known(studyUid) !== null,
    bandwidth: () => rate,
    paused: () => paused,
    setPaused: (next) => {
      paused = next;
    },
    giveUp: () => current.abort(),
    tryAgain: () => {
      left.clear();
      firsts.clear();
    },
    close: () => aborter.abort(),
  };
}

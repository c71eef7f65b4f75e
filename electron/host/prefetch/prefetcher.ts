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
import { number, tags, text } from '../../../shared/interop/dicom-json/index.ts';
import { type Instant, millis } from '../../../shared/lib/instant.ts';
import type { FrameCache } from '../archive/frame-cache.ts';
import { acceptObjects, keptUnder } from '../archive/pass.ts';
import type { ArchiveClient } from '../archive/types.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Ports } from '../ports.ts';

/** A study that somebody here is likely to read next, or a prior of one. */
export type Wanted = Pick<StudyAhead, 'taskId' | 'studyUid' | 'role' | 'place'> & { readonly patient: string | null };

export type SeriesProgress = {
  readonly seriesUid: string;
  readonly modality: string;
  readonly instances: number;
  readonly state: 'here' | 'coming' | 'waiting' | 'left';
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
  close(): void;
};

type Known = { readonly at: number; readonly series: readonly Listed[] };
type Listed = {
  readonly seriesUid: string;
  readonly modality: string;
  readonly instances: number;
  readonly set: boolean;
};

/** As the page asks for one frame. */
export const acceptFrames = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';

const acceptMetadata = 'application/dicom+json';
/** How long a list of series is believed, and how long one that could not be fetched is left, in milliseconds. */
const listedFor = 60_000;
const leftFor = 300_000;
/** Between two looks whether a reader's own images still stream. */
const yieldFor = 100;

export function createPrefetcher(parts: {
  readonly archive: Pick<ArchiveClient, 'name' | 'pass' | 'describeSeries' | 'instances'>;
  readonly cache: FrameCache;
  /** What rejection notes name: a series that holds any of it is not fetched as a whole. */
  readonly rejected: (study: StudyUid) => Promise<ReadonlyMap<string, unknown>>;
  /** Requests of pages that stream now: they go first. */
  readonly streaming: () => number;
  readonly diskFree: () => Promise<number>;
  readonly budget: PrefetchBudget;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly ports: Pick<Ports, 'now' | 'log'>;
}): Prefetcher {
  const { archive, cache, ports, budget } = parts;
  const known = new Map<string, Known>();
  const left = new Map<string, number>();
  const firsts = new Set<string>();
  const sizes = new Map<string, number>();
  const aborter = new AbortController();
  let rate: number | null = null;
  let paused = false;
  let coming: string | null = null;

  const pathOf = (studyUid: string, seriesUid: string): string => `/studies/${studyUid}/series/${seriesUid}`;
  const isHere = (studyUid: string, seriesUid: string): boolean =>
    cache.holds(keptUnder(archive.name, pathOf(studyUid, seriesUid), acceptObjects));
  const isLeft = (key: string): boolean => ports.now() - (left.get(key) ?? Number.NEGATIVE_INFINITY) < leftFor;

  const list = async (studyUid: string): Promise<readonly Listed[]> => {
    const before = known.get(studyUid);
    if (before !== undefined && ports.now() - before.at < listedFor) return before.series;
    const rows = await archive.describeSeries(studyUid as StudyUid);
    if (!rows.ok) return before?.series ?? [];
    const hasNotes = rows.value.some((row) => text(row, tags.Modality) === 'KO');
    const set = hasNotes ? await seriesSetAside(studyUid) : new Set<string>();
    // Not known which: then none of it is fetched before she asks for it herself.
    const series = rows.value.flatMap((row): Listed[] => {
      const seriesUid = text(row, tags.SeriesInstanceUID);
      if (seriesUid === null || !/^[0-9.]{1,64}$/.test(seriesUid)) return [];
      const instances = Math.max(0, Math.trunc(number(row, tags.NumberOfSeriesRelatedInstances) ?? 0));
      return [
        { seriesUid, modality: text(row, tags.Modality) ?? '', instances, set: set === null || set.has(seriesUid) },
      ];
    });
    known.set(studyUid, { at: ports.now(), series });
    if (known.size > 2_000) known.clear();
    return series;
  };

  /** Series of which rejection notes name something; null where it is not known which. */
  const seriesSetAside = async (studyUid: string): Promise<ReadonlySet<string> | null> => {
    const all = await archive.instances(studyUid as StudyUid);
    if (!all.ok) return null;
    const rejected = await parts.rejected(studyUid as StudyUid);
    return new Set(all.value.filter((one) => rejected.has(one.instanceUid)).map((one) => one.seriesUid));
  };

  const aheadOf = async (wanted: Wanted): Promise<StudyAhead> => {
    const series = (await list(wanted.studyUid))
      .filter((one) => !one.set && !isLeft(one.seriesUid))
      .map(({ seriesUid, modality, instances }) => ({
        seriesUid,
        modality,
        instances,
        bytes: sizes.get(seriesUid) ?? expectedBytes(modality, instances),
        here: isHere(wanted.studyUid, seriesUid),
      }));
    return { ...wanted, series, firstHere: firsts.has(wanted.studyUid) };
  };

  const read = async (path: string, accept: string): Promise<number | null> => {
    const answer = await archive.pass(path, accept, { signal: aborter.signal, ahead: true });
    if (!answer.ok || answer.body === null) {
      await answer.body?.cancel().catch(() => undefined);
      return null;
    }
    const reader = answer.body.getReader();
    let bytes = 0;
    let time = 0;
    try {
      for (;;) {
        // Whoever looks at a screen goes first: what is not read here holds up the archive's answer and nobody else.
        while (parts.streaming() > 0 && !paused && !aborter.signal.aborted)
          await new Promise((resolve) => setTimeout(resolve, yieldFor));
        if (paused) throw new Error('paused');
        const since = performance.now();
        const { done, value } = await reader.read();
        time += performance.now() - since;
        if (done) break;
        bytes += value.length;
        await cache.caughtUp();
      }
    } catch {
      await reader.cancel().catch(() => undefined);
      return null;
    }
    // Metadata takes an archive long to gather and tells nothing of the line.
    if (accept !== acceptMetadata) rate = measured(rate, bytes, millis(Math.max(1, Math.round(time))));
    return bytes;
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
    coming = seriesUid;
    try {
      if (step.kind === 'first-image') {
        firsts.add(studyUid);
        const middle = await middleOf(studyUid, seriesUid);
        if (middle !== null) await read(`${pathOf(studyUid, seriesUid)}/instances/${middle}/frames/1`, acceptFrames);
        return;
      }
      await read(`${pathOf(studyUid, seriesUid)}/metadata`, acceptMetadata);
      const bytes = await read(pathOf(studyUid, seriesUid), acceptObjects);
      await cache.settled();
      if (bytes !== null) sizes.set(seriesUid, bytes);
      // Refused, broken off, or larger than the cache takes: later again.
      if (!paused && !isHere(studyUid, seriesUid)) left.set(seriesUid, ports.now());
    } finally {
      coming = null;
    }
  };

  const middleOf = async (studyUid: string, seriesUid: string): Promise<string | null> => {
    const all = await archive.instances(studyUid as StudyUid);
    const rejected = await parts.rejected(studyUid as StudyUid);
    const those = all.ok
      ? all.value.filter((one) => one.seriesUid === seriesUid && !rejected.has(one.instanceUid))
      : [];
    return those[Math.floor(those.length / 2)]?.instanceUid ?? null;
  };

  return {
    round: async (wanted, until) => {
      while (!paused && !aborter.signal.aborted && ports.now() < until) {
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
        series: (known.get(studyUid)?.series ?? [])
          .filter(isFetchedAhead)
          .map(({ seriesUid, modality, instances, set }) => ({
            seriesUid,
            modality,
            instances,
            state: isHere(studyUid, seriesUid)
              ? ('here' as const)
              : coming === seriesUid
                ? ('coming' as const)
                : set || isLeft(seriesUid)
                  ? ('left' as const)
                  : ('waiting' as const),
          })),
      })),
    isListed: (studyUid) => known.has(studyUid),
    bandwidth: () => rate,
    paused: () => paused,
    setPaused: (next) => {
      paused = next;
    },
    close: () => aborter.abort(),
  };
}

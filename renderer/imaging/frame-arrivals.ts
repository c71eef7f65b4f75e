import type { ArchiveRequests } from './archive-requests.ts';
import { askFrame } from './ask-frame.ts';
import type { FrameState, FrameStore } from './frame-store.ts';
import type { PixelJob, PixelPool } from './pixel-pool.ts';
import { seriesStream } from './series-stream.ts';
import type { Rejections } from './study-metadata.ts';
import type { DecodedFrame, FrameReference, SeriesImages, SeriesProgress } from './types.ts';

export type SettledFrame = Exclude<FrameState, { kind: 'absent' }>;

/** The frames of all series of one opening of a case: what was asked for, what is on its way, what came. */
export type FrameArrivals = {
  /** The series as it is tracked: asking for a study twice gives the same series, with what came of it already. */
  track(series: SeriesImages, requests: ArchiveRequests): SeriesImages;
  /** What was decoded before its note came is forgotten with it: no viewport, thumbnail or measure gets it again. */
  setAside(studyUid: string, rejections: Rejections): void;
  /** A frame that was decoded before. */
  bring(series: SeriesImages, reference: FrameReference, frame: DecodedFrame): void;
  want(series: SeriesImages, reference: FrameReference): Promise<SettledFrame>;
  stream(series: SeriesImages, place: 'front' | 'back'): void;
  retry(series: SeriesImages): void;
  progress(series: SeriesImages): SeriesProgress;
  onProgress(listener: (progress: SeriesProgress) => void): () => void;
  /** How the series' archive is asked; null for a series of no study of this case. */
  requestsOf(series: SeriesImages): ArchiveRequests | null;
  /** Aborted when the case is closed. */
  readonly signal: AbortSignal;
  close(): void;
};

const cancelled: SettledFrame = { kind: 'failed', failure: { code: 'cancelled', words: 'The case was closed.' } };
const rejected: SettledFrame = {
  kind: 'failed',
  failure: { code: 'not-displayable', words: 'This image was rejected by a note of its site, so it is not shown.' },
};
const singlesAtOnce = 3;
const streamsAtOnce = 2;
/**
 * Milliseconds that a whole series waits for the one image that a reader waits for to come and be painted: beside it, that took a second
 * longer.
 */
const headStart = 500;

type Tracked = {
  readonly series: SeriesImages;
  readonly requests: ArchiveRequests;
  readonly byKey: ReadonlyMap<string, FrameReference>;
  state: SeriesProgress['state'];
  /** Frames that were decoded once, also those that made room again since. */
  readonly loaded: Set<string>;
  failed: number;
  bytes: number;
  words: string;
};

/**
 * Whether what is on its way for the series brings this frame as soon as asking for it would: a series of one image, or one of many frames
 * that can only be had with all the others (its overlays, its tables). Asking beside it would bring the same again, once for each frame.
 */
function comesWhole(series: SeriesImages, reference: FrameReference): boolean {
  return series.frames.length === 1 || (reference.needsInstance && reference.description.frames > 1);
}

/** When the page has drawn what has just come, and the screen is about to show it; where nothing is painted (a hidden page), soon. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    const done = () => resolve();
    setTimeout(done, 120);
    if (typeof requestAnimationFrame === 'function') requestAnimationFrame(() => setTimeout(done));
  });
}

export function frameArrivals(epoch: number, store: FrameStore, pool: PixelPool): FrameArrivals {
  const controller = new AbortController();
  const tracked = new Map<string, Tracked>();
  const waiting = new Map<string, ((state: SettledFrame) => void)[]>();
  const listeners = new Set<(progress: SeriesProgress) => void>();
  const singles = new Map<string, { readonly one: Tracked; readonly reference: FrameReference }>();
  const singlesRunning = new Set<string>();
  const jobs = new Set<PixelJob>();
  const streamQueue: Tracked[] = [];
  let streamsRunning = 0;
  let streamsWaitUntil = 0;
  let awaitsPaint = false;
  let streamTimer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  /** Of each study, what its rejection notes keep off the screen. */
  const asideOf = new Map<string, ReadonlySet<string>>();

  const isSetAside = (studyUid: string, instanceUid: string): boolean =>
    asideOf.get(studyUid)?.has(instanceUid) === true;

  function setAside(studyUid: string, { byInstance, withQuality }: Rejections): void {
    const gone = new Set(
      [...byInstance].flatMap(([instanceUid, why]) => (why === 'quality' && withQuality ? [] : [instanceUid])),
    );
    asideOf.set(studyUid, gone);
    for (const one of tracked.values()) {
      if (one.series.studyUid !== studyUid) continue;
      const lost = one.series.frames.filter((reference) => gone.has(reference.instanceUid));
      store.forget(lost.map((reference) => reference.imageId));
      for (const { imageId } of lost) {
        for (const resolve of waiting.get(imageId) ?? []) resolve(rejected);
        waiting.delete(imageId);
      }
    }
  }

  function progressOf(one: Tracked): SeriesProgress {
    return {
      seriesUid: one.series.seriesUid,
      loaded: one.loaded.size,
      total: one.series.partOf ?? one.series.frames.length,
      failed: one.failed,
      bytes: one.bytes,
      state: one.state,
      words: one.words,
    };
  }

  function tell(one: Tracked): void {
    if (closed) return;
    const progress = progressOf(one);
    for (const listener of listeners) listener(progress);
  }

  function settle(asked: Tracked, reference: FrameReference, state: SettledFrame): void {
    // It may have been asked for before the rest of its series was described.
    const one = find(asked.series) ?? asked;
    // An answer of a closed case has nowhere to go: it is dropped here, before any store or canvas sees it.
    if (closed) return;
    if (isSetAside(one.series.studyUid, reference.instanceUid)) return;
    const before = store.state(reference.imageId).kind;
    if (before === 'loaded') return;
    if (state.kind === 'loaded') store.put(reference.imageId, state.frame);
    else store.fail(reference.imageId, state.failure);
    if (state.kind === 'loaded') {
      one.loaded.add(reference.imageId);
      if (before === 'failed') one.failed -= 1;
    } else if (before === 'absent') one.failed += 1;
    singles.delete(reference.imageId);
    const waiters = waiting.get(reference.imageId) ?? [];
    waiting.delete(reference.imageId);
    for (const resolve of waiters) resolve(state);
    tell(one);
  }

  const isIn = (imageId: string, kind: FrameState['kind']): boolean => store.state(imageId).kind === kind;

  function track(series: SeriesImages, requests: ArchiveRequests): SeriesImages {
    const known = tracked.get(`${series.studyUid}/${series.seriesUid}`);
    // One image of it is no reason to forget the others.
    if (known !== undefined && known.series.partOf === undefined && series.partOf !== undefined) return known.series;
    const isSame = known?.series.partOf === series.partOf && known?.series.frames.length === series.frames.length;
    if (known !== undefined && isSame) return known.series;
    // What could not be had by itself may come with its series.
    if (known?.series.partOf !== undefined)
      store.forget(known.series.frames.flatMap(({ imageId }) => (isIn(imageId, 'failed') ? [imageId] : [])));
    const byKey = new Map(series.frames.map((reference) => [`${reference.instanceUid}/${reference.frame}`, reference]));
    tracked.set(`${series.studyUid}/${series.seriesUid}`, {
      series,
      requests,
      byKey,
      state: 'waiting',
      // What came before the series was described, or described anew, has come.
      loaded: new Set(series.frames.flatMap(({ imageId }) => (isIn(imageId, 'loaded') ? [imageId] : []))),
      failed: series.frames.filter(({ imageId }) => isIn(imageId, 'failed')).length,
      bytes: 0,
      words: '',
    });
    return series;
  }

  function find(series: SeriesImages): Tracked | null {
    return tracked.get(`${series.studyUid}/${series.seriesUid}`) ?? null;
  }

  function underWay(one: Tracked): boolean {
    return one.state === 'streaming' || streamQueue.includes(one);
  }

  /** What cannot be had is a failure only when nothing else is on its way that may bring it (`last`). */
  function askSingle(one: Tracked, reference: FrameReference, last: boolean): Promise<void> {
    return askFrame({
      series: one.series,
      reference,
      requests: one.requests,
      pool,
      signal: controller.signal,
      isNeedless: () => closed || store.state(reference.imageId).kind === 'loaded',
      onJob: (job) => jobs.add(job),
      onJobDone: (job) => jobs.delete(job),
      onLoaded: (frame) => settle(one, reference, { kind: 'loaded', frame }),
      onFailed: (failure) => {
        if (last || !underWay(find(one.series) ?? one)) settle(one, reference, { kind: 'failed', failure });
      },
    });
  }

  function pumpSingles(): void {
    while (!closed && singlesRunning.size < singlesAtOnce) {
      // The newest wish is what the reader looks at now.
      const newest = [...singles.keys()].reverse().find((imageId) => !singlesRunning.has(imageId));
      const wish = newest === undefined ? undefined : singles.get(newest);
      if (newest === undefined || wish === undefined) return;
      singles.delete(newest);
      singlesRunning.add(newest);
      void askSingle(wish.one, wish.reference, false).finally(() => {
        singlesRunning.delete(newest);
        pumpSingles();
        if (singlesRunning.size > 0) return;
        awaitsPaint = true;
        void painted().then(() => {
          awaitsPaint = false;
          pumpStreams();
        });
      });
    }
  }

  /** After what is asked for in this step: the image to look at is asked for a moment after its series. */
  function streamsSoon(): void {
    if (streamTimer !== undefined) return;
    if (streamsWaitUntil === 0) streamsWaitUntil = performance.now() + headStart;
    streamTimer = setTimeout(() => {
      streamTimer = undefined;
      pumpStreams();
    });
  }

  function pumpStreams(): void {
    if (closed || streamQueue.length === 0) return;
    const left = singlesRunning.size === 0 && !awaitsPaint ? 0 : streamsWaitUntil - performance.now();
    if (left > 0) {
      streamTimer ??= setTimeout(() => {
        streamTimer = undefined;
        pumpStreams();
      }, left);
      return;
    }
    streamsWaitUntil = 0;
    while (!closed && streamsRunning < streamsAtOnce) {
      const next = streamQueue.shift();
      if (next === undefined) return;
      streamsRunning += 1;
      void runStream(next).finally(() => {
        streamsRunning -= 1;
        pumpStreams();
      });
    }
  }

  async function runStream(one: Tracked): Promise<void> {
    one.state = 'streaming';
    tell(one);
    // A series asked for as a whole would bring what was rejected too: then its images come one by one.
    const stream = one.series.setAside.length === 0 ? seriesStream : async (): Promise<boolean> => false;
    await stream({
      series: one.series,
      requests: one.requests,
      pool,
      signal: controller.signal,
      onJob: (job) => jobs.add(job),
      onBytes: (bytes) => {
        one.bytes += bytes;
      },
      onFrame: (instanceUid, frame, image) => {
        const reference = one.byKey.get(`${instanceUid}/${frame}`);
        if (reference !== undefined) settle(one, reference, { kind: 'loaded', frame: image });
      },
      onFailed: (instanceUid, frame, failure) => {
        for (const reference of one.series.frames) {
          if (reference.instanceUid !== instanceUid || (frame !== null && reference.frame !== frame)) continue;
          settle(one, reference, { kind: 'failed', failure });
        }
      },
    });
    if (closed) return;
    // What the one request did not bring (refused, cut short, left out) is fetched frame by frame.
    const missing = one.series.frames.filter((reference) => store.state(reference.imageId).kind === 'absent');
    for (let at = 0; at < missing.length && !closed && !store.full(); at += singlesAtOnce) {
      await Promise.all(missing.slice(at, at + singlesAtOnce).map((reference) => askSingle(one, reference, true)));
    }
    if (closed) return;
    // With memory full the rest is left, except what a viewport waits for.
    const awaited = one.series.frames.filter(
      ({ imageId }) => waiting.has(imageId) && store.state(imageId).kind === 'absent',
    );
    await Promise.all(awaited.map((reference) => askSingle(one, reference, true)));
    if (closed) return;
    const total = one.series.frames.length;
    one.state = one.loaded.size >= total ? 'complete' : 'incomplete';
    one.words =
      one.failed > 0
        ? `${one.failed} of ${total} images could not be opened`
        : one.loaded.size < total
          ? 'Memory is full: the other images come as you reach them'
          : '';
    tell(one);
  }

  return {
    track,
    setAside,
    requestsOf: (series) => find(series)?.requests ?? null,
    signal: controller.signal,
    bring(series, reference, frame) {
      const one = series.epoch === epoch ? find(series) : null;
      if (one !== null) settle(one, reference, { kind: 'loaded', frame });
    },
    want(series, reference) {
      if (closed || series.epoch !== epoch) return Promise.resolve(cancelled);
      const one = find(series);
      if (one === null) return Promise.resolve(cancelled);
      if (isSetAside(one.series.studyUid, reference.instanceUid)) return Promise.resolve(rejected);
      const state = store.state(reference.imageId);
      if (state.kind !== 'absent') return Promise.resolve(state);
      return new Promise((resolve) => {
        const waiters = waiting.get(reference.imageId);
        if (waiters !== undefined) waiters.push(resolve);
        else waiting.set(reference.imageId, [resolve]);
        if ((underWay(one) && comesWhole(one.series, reference)) || singlesRunning.has(reference.imageId)) return;
        singles.delete(reference.imageId);
        singles.set(reference.imageId, { one, reference });
        pumpSingles();
      });
    },
    stream(series, place) {
      const one = find(series);
      // Of what is not described yet no image could be told from another.
      if (closed || one === null || one.series.frames.length === 0 || one.series.partOf !== undefined) return;
      const queued = streamQueue.indexOf(one);
      if (queued !== -1) {
        if (place === 'back') return;
        streamQueue.splice(queued, 1);
      } else if (one.state !== 'waiting') return;
      if (place === 'back' && store.full()) return;
      if (place === 'front') streamQueue.unshift(one);
      else streamQueue.push(one);
      streamsSoon();
    },
    retry(series) {
      const one = find(series);
      if (closed || one === null || one.state === 'streaming') return;
      const isPart = one.series.partOf !== undefined;
      const bad = one.series.frames.filter((reference) => store.state(reference.imageId).kind === 'failed');
      store.forget(bad.map((reference) => reference.imageId));
      one.failed = 0;
      one.words = '';
      one.state = 'waiting';
      if (!isPart) streamQueue.unshift(one);
      tell(one);
      streamsSoon();
    },
    progress(series) {
      const one = find(series);
      return one === null
        ? { seriesUid: series.seriesUid, loaded: 0, total: 0, failed: 0, bytes: 0, state: 'waiting', words: '' }
        : progressOf(one);
    },
    onProgress(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      if (closed) return;
      closed = true;
      controller.abort();
      clearTimeout(streamTimer);
      for (const job of jobs) job.drop();
      jobs.clear();
      streamQueue.length = 0;
      singles.clear();
      for (const waiters of waiting.values()) for (const resolve of waiters) resolve(cancelled);
      waiting.clear();
      listeners.clear();
      for (const one of tracked.values()) store.forget(one.series.frames.map((reference) => reference.imageId));
      tracked.clear();
    },
  };
}

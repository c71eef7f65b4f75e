import type { CaseContext } from '../../shared/domain/reading/index.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { ArchiveRequests } from './archive-requests.ts';
import { type DataSet, text, uid } from './dicom-json.ts';
import type { FrameState, FrameStore } from './frame-store.ts';
import type { PixelJob, PixelPool } from './pixel-pool.ts';
import { keyObjectsIn, rejectedInstances, rejectionSentences } from './rejection-notes.ts';
import { seriesStream } from './series-stream.ts';
import { describeSeries, type Rejections } from './study-metadata.ts';
import type { FrameReference, ImagingFailure, SeriesImages, SeriesProgress, StudyImages } from './types.ts';

export type SettledFrame = Exclude<FrameState, { kind: 'absent' }>;

/** All that one opening of a case has asked for. Closing it ends every request; nothing of it is heard afterwards. */
export type CaseImages = {
  readonly context: CaseContext;
  loadStudy(
    requests: ArchiveRequests,
    archive: string,
    studyUid: string,
    signal: AbortSignal,
    withQualityRejected?: boolean,
  ): Promise<Result<StudyImages, ImagingFailure>>;
  /** True when the key objects of a study are no longer those of its last `loadStudy`: a rejection note may have come. */
  notesChanged(requests: ArchiveRequests, studyUid: string, signal: AbortSignal): Promise<boolean>;
  /** Resolves when the frame is decoded or has failed; never rejects. A closed case answers `cancelled`. */
  want(series: SeriesImages, reference: FrameReference): Promise<SettledFrame>;
  /** Brings the whole series, one request for all of it. `front` overtakes what waits. */
  stream(series: SeriesImages, place: 'front' | 'back'): void;
  /** Asks again for what failed. */
  retry(series: SeriesImages): void;
  progress(series: SeriesImages): SeriesProgress;
  onProgress(listener: (progress: SeriesProgress) => void): () => void;
  close(): void;
};

const cancelled: SettledFrame = { kind: 'failed', failure: { code: 'cancelled', words: 'The case was closed.' } };
const rejected: SettledFrame = {
  kind: 'failed',
  failure: { code: 'not-displayable', words: 'This image was rejected by a note of its site, so it is not shown.' },
};
const singlesAtOnce = 3;
const streamsAtOnce = 2;
const metadataAtOnce = 4;

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

export function caseImages(context: CaseContext, store: FrameStore, pool: PixelPool): CaseImages {
  const controller = new AbortController();
  const tracked = new Map<string, Tracked>();
  const waiting = new Map<string, ((state: SettledFrame) => void)[]>();
  const listeners = new Set<(progress: SeriesProgress) => void>();
  const singles = new Map<string, { readonly one: Tracked; readonly reference: FrameReference }>();
  const singlesRunning = new Set<string>();
  const jobs = new Set<PixelJob>();
  const streamQueue: Tracked[] = [];
  let streamsRunning = 0;
  let closed = false;

  /** Of each study, what its rejection notes keep off the screen. */
  const asideOf = new Map<string, ReadonlySet<string>>();
  const keyObjects = new Map<string, string>();

  const isSetAside = (studyUid: string, instanceUid: string): boolean =>
    asideOf.get(studyUid)?.has(instanceUid) === true;

  /** What was decoded before its note came is forgotten with it: no viewport, thumbnail or measure gets it again. */
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
      total: one.series.frames.length,
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

  function settle(one: Tracked, reference: FrameReference, state: SettledFrame): void {
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

  /** The series as it is tracked: asking for a study twice gives the same series, with what came of it already. */
  function track(series: SeriesImages, requests: ArchiveRequests): SeriesImages {
    const known = tracked.get(`${series.studyUid}/${series.seriesUid}`);
    if (known !== undefined && known.series.frames.length === series.frames.length) return known.series;
    const byKey = new Map(series.frames.map((reference) => [`${reference.instanceUid}/${reference.frame}`, reference]));
    tracked.set(`${series.studyUid}/${series.seriesUid}`, {
      series,
      requests,
      byKey,
      state: 'waiting',
      loaded: new Set(),
      failed: 0,
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

  /**
   * Asks for one frame; the whole instance where the frame alone cannot be decoded or is refused. What cannot be had is a failure only
   * when nothing else is on its way that may bring it (`last`).
   */
  async function askSingle(one: Tracked, reference: FrameReference, whole: boolean, last: boolean): Promise<void> {
    const giveUp = (failure: ImagingFailure): void => {
      if (last || !underWay(one)) settle(one, reference, { kind: 'failed', failure });
    };
    const { studyUid, seriesUid } = one.series;
    const { instanceUid, frame, description } = reference;
    const useInstance = whole || reference.needsInstance;
    const answer = useInstance
      ? await one.requests.instance(studyUid, seriesUid, instanceUid, controller.signal)
      : await one.requests.frame(studyUid, seriesUid, instanceUid, frame, controller.signal);
    if (closed || store.state(reference.imageId).kind === 'loaded') {
      if (answer.ok) await answer.value.body?.cancel().catch(() => undefined);
      return;
    }
    if (!answer.ok) {
      // Some archives cannot cut frames out of some transfer syntaxes (Orthanc 1.10 and HTJ2K) but give the whole object.
      if (!useInstance && answer.error.code === 'refused') return askSingle(one, reference, true, last);
      return giveUp(answer.error);
    }
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await answer.value.arrayBuffer());
    } catch {
      return giveUp({ code: 'truncated', words: 'The answer for this image was cut short.' });
    }
    if (closed) return;
    const failure = await new Promise<ImagingFailure | null>((resolve) => {
      let bad: ImagingFailure | null = null;
      const job = pool.open('single', {
        onImage: (message) => {
          if (message.instanceUid !== instanceUid || message.frame !== frame) return;
          settle(one, reference, { kind: 'loaded', frame: message.image });
        },
        onFailed: (message) => {
          bad = message.failure;
        },
        onDone: () => {
          jobs.delete(job);
          resolve(bad);
        },
      });
      jobs.add(job);
      const contentType = answer.value.headers.get('Content-Type') ?? '';
      job.send({ type: 'frame', job: job.job, studyUid, contentType, bytes, instanceUid, frame, description }, [
        bytes.buffer as ArrayBuffer,
      ]);
    });
    if (closed || store.state(reference.imageId).kind === 'loaded') return;
    if (!useInstance) return askSingle(one, reference, true, last);
    giveUp(failure ?? { code: 'undecodable', words: 'The archive did not send this image.' });
  }

  function pumpSingles(): void {
    while (!closed && singlesRunning.size < singlesAtOnce) {
      // The newest wish is what the reader looks at now.
      const newest = [...singles.keys()].reverse().find((imageId) => !singlesRunning.has(imageId));
      const wish = newest === undefined ? undefined : singles.get(newest);
      if (newest === undefined || wish === undefined) return;
      singles.delete(newest);
      singlesRunning.add(newest);
      void askSingle(wish.one, wish.reference, false, false).finally(() => {
        singlesRunning.delete(newest);
        pumpSingles();
      });
    }
  }

  function pumpStreams(): void {
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
      await Promise.all(
        missing.slice(at, at + singlesAtOnce).map((reference) => askSingle(one, reference, false, true)),
      );
    }
    if (closed) return;
    // With memory full the rest is left, except what a viewport waits for.
    const awaited = one.series.frames.filter(
      ({ imageId }) => waiting.has(imageId) && store.state(imageId).kind === 'absent',
    );
    await Promise.all(awaited.map((reference) => askSingle(one, reference, false, true)));
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
    context,
    async loadStudy(requests, archive, studyUid, signal, withQualityRejected = false) {
      const both = AbortSignal.any([signal, controller.signal]);
      const listed = await requests.series(studyUid, both);
      if (closed) return err({ code: 'cancelled', words: 'The case was closed.' });
      if (!listed.ok) return listed;
      const problems: string[] = [];
      const found: { readonly data: DataSet; readonly seriesUid: string; readonly instances: readonly DataSet[] }[] =
        [];
      const rows = listed.value.flatMap((data) => {
        const seriesUid = uid(data, '0020000E');
        return seriesUid === null ? [] : [{ data, seriesUid }];
      });
      for (let at = 0; at < rows.length; at += metadataAtOnce) {
        const answers = await Promise.all(
          rows.slice(at, at + metadataAtOnce).map(async (row) => ({
            row,
            answer: await requests.metadata(studyUid, row.seriesUid, both),
          })),
        );
        for (const { row, answer } of answers) {
          if (answer.ok) found.push({ ...row, instances: answer.value });
          else problems.push(answer.error.words);
        }
      }
      if (closed || signal.aborted) return err({ code: 'cancelled', words: 'The case was closed.' });
      const origin = { archive, epoch: context.epoch, studyUid };
      keyObjects.set(studyUid, keyObjectsIn(listed.value));
      const byInstance = rejectedInstances(
        studyUid,
        found.flatMap((row) => row.instances),
      );
      const rejections = { byInstance, withQuality: withQualityRejected };
      setAside(studyUid, rejections);
      const series = found
        .map((row) => track(describeSeries(origin, row.seriesUid, row.instances, row.data, rejections), requests))
        .sort(
          (one, other) => (one.number ?? 1e9) - (other.number ?? 1e9) || one.seriesUid.localeCompare(other.seriesUid),
        );
      const first = found[0]?.instances[0] ?? found[0]?.data ?? {};
      return ok({
        epoch: context.epoch,
        archive,
        studyUid,
        patientName: text(first, '00100010'),
        patientId: text(first, '00100020'),
        issuer: text(first, '00100021'),
        birthDate: text(first, '00100030'),
        sex: text(first, '00100040'),
        studyDate: text(first, '00080020'),
        studyTime: text(first, '00080030'),
        timezone: text(first, '00080201'),
        description: text(first, '00081030'),
        accession: text(first, '00080050'),
        series,
        documents: found.flatMap((row) =>
          row.instances.filter((data) => text(data, '00080016').startsWith('1.2.840.10008.5.1.4.1.1.88.')),
        ),
        problems,
        rejections: rejectionSentences(byInstance, withQualityRejected),
        rejectedForQuality: [...byInstance.values()].filter((why) => why === 'quality').length,
      });
    },
    async notesChanged(requests, studyUid, signal) {
      const listed = await requests.series(studyUid, AbortSignal.any([signal, controller.signal]));
      return !closed && listed.ok && keyObjectsIn(listed.value) !== keyObjects.get(studyUid);
    },
    want(series, reference) {
      if (closed || series.epoch !== context.epoch) return Promise.resolve(cancelled);
      const one = find(series);
      if (one === null) return Promise.resolve(cancelled);
      if (isSetAside(one.series.studyUid, reference.instanceUid)) return Promise.resolve(rejected);
      const state = store.state(reference.imageId);
      if (state.kind !== 'absent') return Promise.resolve(state);
      return new Promise((resolve) => {
        const waiters = waiting.get(reference.imageId);
        if (waiters !== undefined) waiters.push(resolve);
        else waiting.set(reference.imageId, [resolve]);
        // A series of one image is on its way as a whole; asking for its frame beside it would bring it twice.
        if ((one.series.frames.length === 1 && underWay(one)) || singlesRunning.has(reference.imageId)) return;
        singles.delete(reference.imageId);
        singles.set(reference.imageId, { one, reference });
        pumpSingles();
      });
    },
    stream(series, place) {
      const one = find(series);
      if (closed || one === null || one.series.frames.length === 0) return;
      const queued = streamQueue.indexOf(one);
      if (queued !== -1) {
        if (place === 'back') return;
        streamQueue.splice(queued, 1);
      } else if (one.state !== 'waiting') return;
      if (place === 'back' && store.full()) return;
      if (place === 'front') streamQueue.unshift(one);
      else streamQueue.push(one);
      pumpStreams();
    },
    retry(series) {
      const one = find(series);
      if (closed || one === null || one.state === 'streaming') return;
      const bad = one.series.frames.filter((reference) => store.state(reference.imageId).kind === 'failed');
      store.forget(bad.map((reference) => reference.imageId));
      one.failed = 0;
      one.words = '';
      one.state = 'waiting';
      streamQueue.unshift(one);
      tell(one);
      pumpStreams();
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

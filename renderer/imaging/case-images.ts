import type { CaseContext } from '../../shared/domain/reading/index.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { ArchiveRequests } from './archive-requests.ts';
import { frameArrivals, type SettledFrame } from './frame-arrivals.ts';
import type { FrameStore } from './frame-store.ts';
import { loadStudy } from './load-study.ts';
import { openObject } from './objects/open-object.ts';
import type { ObjectAsked, ObjectRead } from './objects/read-object.ts';
import type { PixelPool } from './pixel-pool.ts';
import { keyObjectsIn } from './rejection-notes.ts';
import type { FrameReference, ImagingFailure, SeriesImages, SeriesProgress, StudyImages } from './types.ts';

/** All that one opening of a case has asked for. Closing it ends every request; nothing of it is heard afterwards. */
export type CaseImages = {
  readonly context: CaseContext;
  loadStudy(
    requests: ArchiveRequests,
    archive: string,
    studyUid: string,
    signal: AbortSignal,
    options?: { readonly withQualityRejected?: boolean | undefined; readonly likely?: readonly string[] },
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
  /** Brings and reads one object that is no image. What a rejection note names is not brought. */
  open(
    series: SeriesImages,
    asked: Omit<ObjectAsked, 'studyUid'>,
    signal: AbortSignal,
  ): Promise<Result<ObjectRead, ImagingFailure>>;
  onProgress(listener: (progress: SeriesProgress) => void): () => void;
  close(): void;
};

export function caseImages(context: CaseContext, store: FrameStore, pool: PixelPool): CaseImages {
  const arrivals = frameArrivals(context.epoch, store, pool);
  const keyObjects = new Map<string, string>();
  return {
    context,
    async loadStudy(requests, archive, studyUid, signal, { withQualityRejected = false, likely = [] } = {}) {
      const both = AbortSignal.any([signal, arrivals.signal]);
      const { epoch } = context;
      const read = await loadStudy({
        requests,
        archive,
        epoch,
        studyUid,
        withQuality: withQualityRejected,
        likely,
        signal: both,
      });
      if (!read.ok) return read;
      const { study, rejections } = read.value;
      keyObjects.set(studyUid, read.value.keyObjects);
      arrivals.setAside(studyUid, rejections);
      return ok({ ...study, series: study.series.map((series) => arrivals.track(series, requests)) });
    },
    async notesChanged(requests, studyUid, signal) {
      const listed = await requests.series(studyUid, AbortSignal.any([signal, arrivals.signal]));
      return !arrivals.signal.aborted && listed.ok && keyObjectsIn(listed.value) !== keyObjects.get(studyUid);
    },
    want: arrivals.want,
    stream: arrivals.stream,
    retry: arrivals.retry,
    progress: arrivals.progress,
    async open(series, asked, signal) {
      const requests = series.epoch === context.epoch ? arrivals.requestsOf(series) : null;
      if (requests === null) return err({ code: 'cancelled', words: 'The case was closed.' });
      if (series.setAside.includes(asked.instanceUid))
        return err({ code: 'not-displayable', words: 'This object was rejected by a note of its site: not shown.' });
      const both = AbortSignal.any([signal, arrivals.signal]);
      return openObject(requests, series, { ...asked, studyUid: series.studyUid }, both);
    },
    onProgress: arrivals.onProgress,
    close: arrivals.close,
  };
}

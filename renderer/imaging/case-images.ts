import type { CaseContext } from '../../shared/domain/reading/index.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { ArchiveRequests } from './archive-requests.ts';
import { frameArrivals, type SettledFrame } from './frame-arrivals.ts';
import type { FrameStore } from './frame-store.ts';
import { loadStudy, type StudyRead } from './load-study.ts';
import { openObject } from './objects/open-object.ts';
import type { ObjectAsked, ObjectRead } from './objects/read-object.ts';
import type { PixelPool } from './pixel-pool.ts';
import { keyObjectsIn } from './rejection-notes.ts';
import type {
  DecodedFrame,
  FrameReference,
  ImagingFailure,
  SeriesImages,
  SeriesProgress,
  StudyImages,
} from './types.ts';

/** All that one opening of a case has asked for. Closing it ends every request; nothing of it is heard afterwards. */
export type CaseImages = {
  readonly context: CaseContext;
  loadStudy(
    requests: ArchiveRequests,
    archive: string,
    studyUid: string,
    signal: AbortSignal,
    options?: {
      readonly withQualityRejected?: boolean | undefined;
      readonly likely?: readonly string[];
      /** Told before the answer, where that takes longer: the study by one image of each stack (`SeriesImages.partOf`). */
      readonly onFirst?: ((study: StudyImages) => void) | undefined;
    },
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

/** The same, for what opens cases. */
export type OpeningImages = CaseImages & {
  /** A study as it was read by `loadStudy` or `adopt`; null before. */
  read(studyUid: string): StudyRead | null;
  /** A study that was read, and frames of it that were decoded, before the case was opened: they are this opening's from now on. */
  adopt(requests: ArchiveRequests, read: StudyRead, frames: ReadonlyMap<string, DecodedFrame>): StudyImages;
};

export function caseImages(context: CaseContext, store: FrameStore, pool: PixelPool): OpeningImages {
  const arrivals = frameArrivals(context.epoch, store, pool);
  const reads = new Map<string, StudyRead>();
  const tracked = (requests: ArchiveRequests, study: StudyImages): StudyImages => ({
    ...study,
    series: study.series.map((series) => arrivals.track(series, requests)),
  });
  const take = (requests: ArchiveRequests, read: StudyRead): StudyImages => {
    const { study, rejections } = read;
    reads.set(study.studyUid, read);
    arrivals.setAside(study.studyUid, rejections);
    return tracked(requests, study);
  };
  return {
    context,
    read: (studyUid) => reads.get(studyUid) ?? null,
    adopt(requests, read, frames) {
      const study = take(requests, read);
      for (const series of study.series)
        for (const reference of series.frames) {
          const frame = frames.get(reference.imageId);
          if (frame !== undefined) arrivals.bring(series, reference, frame);
        }
      return study;
    },
    async loadStudy(requests, archive, studyUid, signal, { withQualityRejected = false, likely = [], onFirst } = {}) {
      const both = AbortSignal.any([signal, arrivals.signal]);
      const { epoch } = context;
      const read = await loadStudy({
        requests,
        archive,
        epoch,
        studyUid,
        withQuality: withQualityRejected,
        likely,
        // What was described whole before is not looked at by one image again.
        ...(onFirst === undefined || reads.has(studyUid)
          ? {}
          : { onFirst: ({ study }) => onFirst(tracked(requests, study)) }),
        signal: both,
      });
      return read.ok ? ok(take(requests, read.value)) : read;
    },
    async notesChanged(requests, studyUid, signal) {
      const listed = await requests.series(studyUid, AbortSignal.any([signal, arrivals.signal]));
      return !arrivals.signal.aborted && listed.ok && keyObjectsIn(listed.value) !== reads.get(studyUid)?.keyObjects;
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

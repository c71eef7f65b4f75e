import type { CaseContext, TaskId } from '../../shared/domain/reading/index.ts';
import type { StudyUid } from '../../shared/domain/study/index.ts';
import type { ArchiveRequests } from './archive-requests.ts';
import { type CaseImages, caseImages, type OpeningImages } from './case-images.ts';
import { imageIdOf } from './describe-frames.ts';
import type { FrameStore } from './frame-store.ts';
import type { StudyRead } from './load-study.ts';
import type { PixelPool } from './pixel-pool.ts';
import type { DecodedFrame, StudyImages } from './types.ts';

/** What the host allowed this window to remember, and what stands for all that the archive told of it then. */
export type StudyToRemember = {
  readonly taskId: string;
  readonly archive: string;
  readonly studyUid: string;
  readonly print: string;
};

/**
 * Descriptions and first images of studies that are likely to be opened next, in this window's memory. Nothing of them is shown: an opening
 * of the very case takes them where the host says in its answer that the archive tells the same now, byte for byte.
 */
export type RememberedStudies = {
  /** Null where the study could not be described. What is wanted of its images is decoded and remembered with it. */
  remember(
    asked: StudyToRemember,
    requests: ArchiveRequests,
    signal: AbortSignal,
  ): Promise<{ readonly images: CaseImages; readonly study: StudyImages } | null>;
  /** What stands for what is remembered of a case; null where nothing is. */
  printOf(taskId: string): string | null;
  /** The study as this opening's, and those of its frames that are decoded, by their ids in it. Null where anything differs. */
  take(
    context: CaseContext,
    archive: string,
    studyUid: string,
    print: string,
  ): { readonly read: StudyRead; readonly frames: ReadonlyMap<string, DecodedFrame> } | null;
  /** Lets go of all whose case is not among these. */
  keep(isKept: (taskId: string) => boolean): void;
};

/** Epochs of cases begin at 1 and that of the rehearsal is -1: no answer, command or event of a case has one of these. */
const firstEpoch = -2;

type Remembered = StudyToRemember & { readonly images: OpeningImages };

export function rememberedStudies(store: FrameStore, pool: PixelPool): RememberedStudies {
  const remembered = new Map<string, Remembered>();
  let epoch = firstEpoch;

  function letGo(taskId: string): void {
    const one = remembered.get(taskId);
    remembered.delete(taskId);
    one?.images.close();
  }

  return {
    async remember(asked, requests, signal) {
      const { taskId, archive, studyUid } = asked;
      letGo(taskId);
      const context: CaseContext = {
        ...{ archive, studyUid: studyUid as StudyUid, taskId: taskId as TaskId, epoch },
        ...{ patientId: null, issuer: null, accession: null, orderId: null },
      };
      epoch -= 1;
      const images = caseImages(context, store, pool);
      const answer = await images.loadStudy(requests, archive, studyUid, signal);
      if (!answer.ok || answer.value.problems.length > 0 || signal.aborted) {
        images.close();
        return null;
      }
      letGo(taskId);
      remembered.set(taskId, { ...asked, images });
      return { images, study: answer.value };
    },
    printOf: (taskId) => remembered.get(taskId)?.print ?? null,
    take(context, archive, studyUid, print) {
      const one = remembered.get(context.taskId);
      if (one === undefined || one.archive !== archive || one.studyUid !== studyUid || one.print !== print) return null;
      const before = one.images.read(studyUid);
      if (before === null || context.studyUid !== studyUid) return null;
      const frames = new Map<string, DecodedFrame>();
      const origin = { archive, studyUid, epoch: context.epoch };
      const series = before.study.series.map((each) => ({
        ...each,
        epoch: context.epoch,
        frames: each.frames.map((reference) => {
          const imageId = imageIdOf(origin, reference.instanceUid, reference.frame);
          const state = store.state(reference.imageId);
          if (state.kind === 'loaded') frames.set(imageId, state.frame);
          return { ...reference, imageId };
        }),
      }));
      return { read: { ...before, study: { ...before.study, epoch: context.epoch, series } }, frames };
    },
    keep(isKept) {
      for (const taskId of [...remembered.keys()]) if (!isKept(taskId)) letGo(taskId);
    },
  };
}

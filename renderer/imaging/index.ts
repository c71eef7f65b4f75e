import { getRenderingEngines } from '@cornerstonejs/core';
import type { CaseContext } from '../../shared/domain/reading/index.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import { type ArchiveFetch, type ArchiveRequests, type AskedFor, archiveRequests } from './archive-requests.ts';
import { type CaseImages, caseImages, type OpeningImages } from './case-images.ts';
import { startDrawing } from './cornerstone.ts';
import { frameStore } from './frame-store.ts';
import { type PixelPool, startedPool } from './pixel-pool.ts';
import { rehearsal } from './rehearsal.ts';
import { rememberedStudies, type StudyToRemember } from './remembered-studies.ts';
import { type CaseSubtractions, caseSubtractions } from './subtraction/case-subtractions.ts';
import type { ImagingFailure, SeriesProgress, StudyImages } from './types.ts';
import { openViewport } from './viewport.ts';
import type { ViewportHandle, ViewportState } from './viewport-state.ts';
import { type CaseVolumes, caseVolumes } from './volume/case-volumes.ts';

export type { ArchiveFetch } from './archive-requests.ts';
export type { CaseImages } from './case-images.ts';
export type { ContentDocument, ContentNode, ImageName } from './content-tree.ts';
export { rescaleOf, valuesOfInterest } from './frame-values.ts';
export { framePicture, type PicturePlace, picturePlace } from './key-picture.ts';
export { type ObjectAbout, otherPatient } from './objects/about.ts';
export { type OpenedPdf, openPdf } from './objects/pdf.ts';
export type { GraphicShape, GraphicText, GraphicUnits } from './objects/presentation-graphics.ts';
export type { Shutter } from './objects/presentation-shutters.ts';
export { type PresentationState, withParts } from './objects/presentation-state.ts';
export { activatedPlanes, type PresentedGraphics, presentationOf, presentedGraphics } from './objects/presented.ts';
export type { ObjectRead } from './objects/read-object.ts';
export { fitSegmentation, type SegmentFit, type SegmentPlace } from './objects/segment-fit.ts';
export type { Segmentation } from './objects/segmentation.ts';
export type { StudyObject } from './objects/study-object.ts';
export { isInCentimetres, type UltrasoundRegion } from './objects/ultrasound-regions.ts';
export type { Waveform, WaveformAnnotation, WaveformChannel, WaveformGroup } from './objects/waveform.ts';
export type { EdgeLetters } from './orientation.ts';
export { type FrameOverlay, isOverlaid } from './overlay-planes.ts';
export type { Paint } from './paint.ts';
export { acquiredSeries } from './stack-kin.ts';
export type { CaseSubtractions, ReaderMask, Subtracted } from './subtraction/case-subtractions.ts';
export type {
  DecodedFrame,
  FrameReference,
  ImagingFailure,
  PixelSize,
  Point,
  SeriesImages,
  SeriesProgress,
  StudyImages,
  ValuesOfInterest,
  VoiFunction,
  Window,
} from './types.ts';
export type { Home, ViewportHandle, ViewportState } from './viewport-state.ts';
export type { CaseVolumes } from './volume/case-volumes.ts';
export type { ComputedVolume } from './volume/computed-volume.ts';
export { type PlaneWish, planeOfFrame } from './volume/plane-frames.ts';
export type { VolumeFailure } from './volume/volume-source.ts';
export { computedTomographyPresets, greyOf, type WindowPreset, windowRange } from './window.ts';

export type ImagingOptions = {
  readonly fetchArchive: ArchiveFetch;
  /** What `fetchArchive` adds, for a worker that asks for a whole series by itself. */
  readonly sessionHeaders: () => Readonly<Record<string, string>>;
  /** `auto` draws by the processor where there is no graphics hardware: twice as fast as software WebGL for stacks. */
  readonly useCpu: 'auto' | boolean;
  /** Value of the Overread-Window header. */
  readonly windowId: string;
  /** Decoded pixels kept at most, in bytes. */
  readonly maximumBytes?: number;
  /** Voxels of volumes kept at most for one case, in bytes. */
  readonly maximumVolumeBytes?: number;
  /** Threads that decode, where they are running already; they end with the engine. */
  readonly pool?: PixelPool;
};

/** The one drawing engine, decoders and pixels of a window. Make it once, outside React. */
export type Imaging = {
  readonly drawnBy: 'cpu' | 'gpu';
  /** Series of a study within a case (its own or a prior's). Everything of a case ends with `closeCase`. */
  loadStudy(
    context: CaseContext,
    archive: string,
    studyUid: string,
    options: {
      readonly signal: AbortSignal;
      readonly onProgress?: (progress: SeriesProgress) => void;
      /** True when the reader has asked for images that were rejected for quality. */
      readonly withQualityRejected?: boolean;
      /** Told before the answer, where that takes longer: the study by the image of each stack that hangs first (`SeriesImages.partOf`). */
      readonly onFirst?: (study: StudyImages) => void;
    },
  ): Promise<Result<StudyImages, ImagingFailure>>;
  /**
   * Asks for the series of a study that is about to be shown, before its viewer stands: the next `loadStudy` of the same study in the same
   * opening has this answer. `signal` ends with the case.
   */
  expectStudy(
    context: CaseContext,
    archive: string,
    studyUid: string,
    signal: AbortSignal,
    options: {
      /** Series that it is known to have had, which need not wait for the list of them. */
      readonly likely: readonly string[];
      /** As of `loadStudy`; absent where the whole description is quickly had. */
      readonly onFirst?: (study: StudyImages) => void;
    },
  ): Promise<Result<StudyImages, ImagingFailure>>;
  /**
   * Takes the description of a study that is likely to be opened next into this window's memory; the images that are wanted of the answer
   * are decoded and remembered with it. Shows nothing. Null where it could not be had.
   */
  rememberStudy(
    asked: StudyToRemember,
    signal: AbortSignal,
  ): Promise<{ readonly images: CaseImages; readonly study: StudyImages } | null>;
  /** What stands for what is remembered of a case, to be told at its opening; null where nothing is. */
  rememberedPrint(taskId: string): string | null;
  /** Lets go of what is remembered of all other cases. */
  keepRemembered(isKept: (taskId: string) => boolean): void;
  /**
   * As `expectStudy`, of what is remembered and, as the host said at this opening, still stands. Null where it is not what was remembered. `knownStudy`
   * has it at once.
   */
  openRemembered(
    context: CaseContext,
    archive: string,
    studyUid: string,
    print: string,
    signal: AbortSignal,
  ): StudyImages | null;
  /** A study of this opening that is there already, for the first screen of it; null where it has to be waited for. */
  knownStudy(epoch: number, archive: string, studyUid: string): StudyImages | null;
  /** True when a rejection note may have come since the study was loaded; false where nothing can be known. */
  notesChanged(context: CaseContext, archive: string, studyUid: string, signal: AbortSignal): Promise<boolean>;
  /** The images of an opening that is still open; null after `closeCase`. */
  images(epoch: number): CaseImages | null;
  /** The volumes that planes of an opening are computed from; null after `closeCase`. */
  volumes(epoch: number): CaseVolumes | null;
  /** Pictures with masks subtracted of an opening; null after `closeCase`. */
  subtractions(epoch: number): CaseSubtractions | null;
  /**
   * The same engine over a made study that is nobody's, for a viewer that is drawn once where nobody sees it: what draws the first case
   * has run by then. `end` forgets its pictures.
   */
  rehearsal(): {
    readonly imaging: Imaging;
    readonly context: CaseContext;
    readonly archive: string;
    readonly studyUid: string;
    end(): void;
  };
  openViewport(element: HTMLDivElement, onState: (state: ViewportState) => void): ViewportHandle;
  closeCase(epoch: number): void;
  /** For the self-test and tests: rendering engines in this window (1), open cases, decoded bytes held. */
  figures(): {
    readonly engines: number;
    readonly cases: number;
    readonly bytes: number;
    readonly viewports: number;
    readonly volumeBytes: number;
  };
  close(): void;
};

const gibibyte = 1_073_741_824;

export async function createImaging(options: ImagingOptions): Promise<Imaging> {
  const drawing = startDrawing(options.useCpu);
  const pool = options.pool ?? startedPool();
  const store = frameStore(options.maximumBytes ?? gibibyte, (imageId) => drawing.forget(imageId));
  const cases = new Map<number, OpeningImages>();
  const requestsFor = (context: AskedFor, archive: string): ArchiveRequests =>
    archiveRequests(options.fetchArchive, context, archive, options.windowId, options.sessionHeaders);
  const volumesOf = new Map<number, CaseVolumes>();
  const subtractionsOf = new Map<number, CaseSubtractions>();

  type Expected = {
    readonly archive: string;
    readonly studyUid: string;
    readonly answer: ReturnType<CaseImages['loadStudy']>;
    /** Where it did not have to be asked for. */
    readonly study?: StudyImages;
    /** By one image of each stack; null where the answer comes first. */
    readonly first?: Promise<StudyImages | null>;
  };
  const expected = new Map<number, Expected>();
  const remembered = rememberedStudies(store, pool);

  function expect(epoch: number, one: Expected, signal: AbortSignal): void {
    expected.set(epoch, one);
    // A case that is left before its viewer stood has nobody else who closes it.
    signal.addEventListener('abort', () => expected.has(epoch) && closeCase(epoch), { once: true });
  }

  function imagesOf(context: CaseContext): OpeningImages {
    const images = cases.get(context.epoch) ?? caseImages(context, store, pool);
    cases.set(context.epoch, images);
    if (!subtractionsOf.has(context.epoch)) subtractionsOf.set(context.epoch, caseSubtractions(store));
    if (!volumesOf.has(context.epoch))
      volumesOf.set(context.epoch, caseVolumes(store, options.maximumVolumeBytes ?? 1.5 * gibibyte));
    return images;
  }

  function closeCase(epoch: number): void {
    expected.delete(epoch);
    volumesOf.get(epoch)?.close();
    volumesOf.delete(epoch);
    subtractionsOf.get(epoch)?.close();
    subtractionsOf.delete(epoch);
    cases.get(epoch)?.close();
    cases.delete(epoch);
  }

  const imaging: Imaging = {
    drawnBy: drawing.cpu ? 'cpu' : 'gpu',
    async loadStudy(context, archive, studyUid, { signal, onProgress, withQualityRejected, onFirst }) {
      if (archive === '') return err({ code: 'no-archive', words: 'No archive holds images for this case.' });
      const images = imagesOf(context);
      if (onProgress !== undefined) images.onProgress(onProgress);
      const before = expected.get(context.epoch);
      expected.delete(context.epoch);
      if (before?.archive === archive && before.studyUid === studyUid && withQualityRejected !== true) {
        void before.first?.then((first) => first !== null && !signal.aborted && onFirst?.(first));
        return before.answer;
      }
      const more = { withQualityRejected, onFirst };
      return images.loadStudy(requestsFor(context, archive), archive, studyUid, signal, more);
    },
    expectStudy(context, archive, studyUid, signal, { likely, onFirst }) {
      if (archive === '' || signal.aborted)
        return Promise.resolve(err({ code: 'cancelled', words: 'Nothing is expected.' }));
      const { promise: first, resolve: tellFirst } = Promise.withResolvers<StudyImages | null>();
      const answer = imagesOf(context).loadStudy(requestsFor(context, archive), archive, studyUid, signal, {
        likely,
        ...(onFirst === undefined
          ? {}
          : {
              onFirst: (study) => {
                tellFirst(study);
                onFirst(study);
              },
            }),
      });
      void answer.then(() => tellFirst(null));
      expect(context.epoch, { archive, studyUid, answer, first }, signal);
      return answer;
    },
    rememberStudy: (asked, signal) =>
      remembered.remember(asked, requestsFor({ taskId: asked.taskId, epoch: 'remember' }, asked.archive), signal),
    rememberedPrint: remembered.printOf,
    keepRemembered: remembered.keep,
    openRemembered(context, archive, studyUid, print, signal) {
      const taken = signal.aborted ? null : remembered.take(context, archive, studyUid, print);
      if (taken === null) return null;
      const study = imagesOf(context).adopt(requestsFor(context, archive), taken.read, taken.frames);
      expect(context.epoch, { archive, studyUid, study, answer: Promise.resolve(ok(study)) }, signal);
      return study;
    },
    knownStudy(epoch, archive, studyUid) {
      const one = expected.get(epoch);
      return one?.archive === archive && one.studyUid === studyUid ? (one.study ?? null) : null;
    },
    async notesChanged(context, archive, studyUid, signal) {
      const images = cases.get(context.epoch);
      if (images === undefined) return false;
      return images.notesChanged(requestsFor(context, archive), studyUid, signal);
    },
    rehearsal() {
      const { study, images, ...made } = rehearsal(store);
      return {
        ...made,
        imaging: {
          ...imaging,
          loadStudy: () => Promise.resolve(ok(study)),
          knownStudy: () => null,
          notesChanged: () => Promise.resolve(false),
          images: () => images,
          volumes: () => null,
          subtractions: () => null,
          closeCase: () => undefined,
        },
      };
    },
    images: (epoch) => cases.get(epoch) ?? null,
    volumes: (epoch) => volumesOf.get(epoch) ?? null,
    subtractions: (epoch) => subtractionsOf.get(epoch) ?? null,
    openViewport: (element, onState) => openViewport(drawing, store, element, onState),
    closeCase,
    figures: () => ({
      engines: getRenderingEngines()?.length ?? 0,
      cases: cases.size,
      bytes: store.bytes(),
      viewports: drawing.engine.getViewports().length,
      volumeBytes: [...volumesOf.values()].reduce((sum, volumes) => sum + volumes.bytes(), 0),
    }),
    close() {
      for (const epoch of [...cases.keys()]) closeCase(epoch);
      remembered.keep(() => false);
      pool.close();
      drawing.close();
    },
  };
  return imaging;
}

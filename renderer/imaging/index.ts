import { getRenderingEngines } from '@cornerstonejs/core';
import type { CaseContext } from '../../shared/domain/reading/index.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import { type ArchiveFetch, type ArchiveRequests, archiveRequests } from './archive-requests.ts';
import { type CaseImages, caseImages } from './case-images.ts';
import { startDrawing } from './cornerstone.ts';
import { frameStore } from './frame-store.ts';
import { type PixelPool, startedPool } from './pixel-pool.ts';
import { rehearsal } from './rehearsal.ts';
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
    /** Series that it is known to have had, which need not wait for the list of them. */
    likely: readonly string[],
  ): Promise<Result<StudyImages, ImagingFailure>>;
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
  const cases = new Map<number, CaseImages>();
  const requestsFor = (context: CaseContext, archive: string): ArchiveRequests =>
    archiveRequests(options.fetchArchive, context, archive, options.windowId, options.sessionHeaders);
  const volumesOf = new Map<number, CaseVolumes>();
  const subtractionsOf = new Map<number, CaseSubtractions>();

  const expected = new Map<
    number,
    { readonly archive: string; readonly studyUid: string; readonly answer: ReturnType<CaseImages['loadStudy']> }
  >();

  function imagesOf(context: CaseContext): CaseImages {
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
    async loadStudy(context, archive, studyUid, { signal, onProgress, withQualityRejected }) {
      if (archive === '') return err({ code: 'no-archive', words: 'No archive holds images for this case.' });
      const images = imagesOf(context);
      if (onProgress !== undefined) images.onProgress(onProgress);
      const before = expected.get(context.epoch);
      expected.delete(context.epoch);
      if (before?.archive === archive && before.studyUid === studyUid && withQualityRejected !== true)
        return before.answer;
      return images.loadStudy(requestsFor(context, archive), archive, studyUid, signal, { withQualityRejected });
    },
    expectStudy(context, archive, studyUid, signal, likely) {
      if (archive === '' || signal.aborted)
        return Promise.resolve(err({ code: 'cancelled', words: 'Nothing is expected.' }));
      const { epoch } = context;
      const answer = imagesOf(context).loadStudy(requestsFor(context, archive), archive, studyUid, signal, { likely });
      expected.set(epoch, { archive, studyUid, answer });
      // A case that is left before its viewer stood has nobody else who closes it.
      signal.addEventListener('abort', () => expected.has(epoch) && closeCase(epoch), { once: true });
      return answer;
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
      pool.close();
      drawing.close();
    },
  };
  return imaging;
}

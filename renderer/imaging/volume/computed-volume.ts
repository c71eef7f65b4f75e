import type { Plane, Slab, VolumeGrid } from '../../../shared/domain/volume/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { CaseImages } from '../case-images.ts';
import type { SettledFrame } from '../frame-arrivals.ts';
import type { FrameStore } from '../frame-store.ts';
import type { DecodedFrame, FrameReference, ImagingFailure, SeriesImages, SeriesProgress } from '../types.ts';
import { type PlaneWish, planeOfFrame, planeSeries } from './plane-frames.ts';
import type { FromVolumeWorker, ToVolumeWorker } from './volume-messages.ts';
import { type VoxelScale, voxelScale } from './volume-source.ts';

/** The volume of one series of an open case, in a worker of its own. */
export type ComputedVolume = {
  readonly source: SeriesImages;
  readonly grid: VolumeGrid;
  /** A picture of any plane; waits until the series is here. A closed volume answers `cancelled`. */
  picture(plane: Plane, slab: Slab, lane: string): Promise<Result<DecodedFrame, ImagingFailure>>;
  /** Voxel to modality value; null until the volume is whole. */
  scale(): Pick<VoxelScale, 'slope' | 'intercept' | 'outside'> | null;
  /** Planes as a series with the images that bring them: what a viewport shows. */
  planes(wish: PlaneWish): { readonly images: CaseImages; readonly series: SeriesImages };
  close(): void;
};

export type VolumeParts = {
  readonly images: CaseImages;
  readonly source: SeriesImages;
  readonly grid: VolumeGrid;
  readonly store: FrameStore;
  readonly makeWorker?: () => Worker;
};

type Wish = {
  /** A newer wish of the same lane takes the place of those that wait: a plane seen in passing need not be computed any more. */
  readonly lane: string;
  readonly plane: Plane;
  readonly slab: Slab;
  readonly resolve: (answer: Result<DecodedFrame, ImagingFailure>) => void;
};

const cancelled: ImagingFailure = { code: 'cancelled', words: 'The case was closed.' };
/** Computed pictures that are kept to come back to. */
const mostBytesKept = 134_217_728;
const slicesAtOnce = 8;

export function openComputedVolume(parts: VolumeParts): ComputedVolume {
  const { images, source, grid, store } = parts;
  const worker = (parts.makeWorker ?? makeVolumeWorker)();
  let closed = false;
  let problem: ImagingFailure | null = null;
  let scale: VoxelScale | null = null;
  /** A frame of the source whose tables and flags all pictures share. */
  let sample: DecodedFrame | null = null;
  let taken = 0;
  let ready = false;
  let running: { readonly request: number; readonly wish: Wish } | null = null;
  let lastRequest = 0;
  const wishes: Wish[] = [];
  const kept = new Map<string, number>();
  let keptBytes = 0;

  function fail(failure: ImagingFailure): void {
    problem = failure;
    for (const wish of [...wishes, ...(running === null ? [] : [running.wish])]) wish.resolve(err(failure));
    wishes.length = 0;
    running = null;
  }

  const post = (message: ToVolumeWorker, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);

  worker.onmessage = (event: MessageEvent<FromVolumeWorker>) => {
    const message = event.data;
    if (closed) return;
    if (message.type === 'no-room') {
      fail({ code: 'over-budget', words: 'This machine has no memory left for the volume of this series.' });
      return;
    }
    if (running === null || running.request !== message.request || sample === null || scale === null) return;
    const { plane } = running.wish;
    const { pixels, min, max, range } = message;
    const { rows, columns } = plane;
    const { modalityApplied, lossy, voiTables } = sample;
    const answer: DecodedFrame = {
      ...{ rows, columns, pixels, min, max, modalityApplied, lossy, voiTables },
      colour: false,
      slope: scale.slope,
      intercept: scale.intercept,
      volumeRange: range,
    };
    running.wish.resolve(ok(answer));
    running = null;
    pump();
  };
  worker.onerror = () =>
    fail({ code: 'undecodable', words: 'The computing of planes stopped. Choose the planes again.' });

  function pump(): void {
    if (closed || !ready || running !== null) return;
    // The newest wish is what the reader looks at now.
    const wish = wishes.pop();
    if (wish === undefined) return;
    lastRequest += 1;
    running = { request: lastRequest, wish };
    post({ type: 'plane', request: lastRequest, plane: wish.plane, slab: wish.slab });
  }

  async function frameAt(index: number): Promise<DecodedFrame | null> {
    const reference = source.frames[index];
    if (reference === undefined) return null;
    const answer: SettledFrame = await images.want(source, reference);
    if (closed) return null;
    if (answer.kind === 'loaded') return answer.frame;
    fail({
      code: answer.failure.code,
      words: `No planes: slice ${index + 1} could not be had. ${answer.failure.words}`,
    });
    return null;
  }

  async function build(): Promise<void> {
    taken = 0;
    images.stream(source, 'front');
    await streamed();
    if (closed) return;
    const facts: DecodedFrame[] = [];
    for (let index = 0; index < source.frames.length; index += 1) {
      const frame = await frameAt(index);
      if (frame === null) return;
      if (frame.colour || frame.rows !== grid.rows || frame.columns !== grid.columns) {
        fail({ code: 'not-displayable', words: `No planes: slice ${index + 1} is not as its header says.` });
        return;
      }
      // The facts alone: pixels are taken slice by slice, so that none is held twice.
      facts.push({ ...frame, pixels: new Uint8Array(0) });
    }
    const scales = voxelScale(source, facts);
    post({ type: 'begin', grid, signed: scales.signed, outside: scales.outside });
    for (const [slice, index] of grid.order.entries()) {
      const frame = await frameAt(index);
      const how = scales.slices[index];
      if (frame === null || how === undefined) return;
      post({ type: 'slice', slice, pixels: frame.pixels, ...how, padding: source.frames[index]?.padding ?? null });
      taken += 1;
      // Copies are made here; the page answers its reader in between.
      if (taken % slicesAtOnce === 0) await new Promise((resolve) => setTimeout(resolve, 0));
      if (closed) return;
    }
    scale = scales;
    sample = facts[Math.floor(facts.length / 2)] ?? null;
    ready = true;
    pump();
  }

  /** Resolves when the one request for the series has ended; what it did not bring is asked for slice by slice afterwards. */
  function streamed(): Promise<void> {
    const over = (progress: SeriesProgress): boolean =>
      progress.state === 'complete' || progress.state === 'incomplete';
    if (over(images.progress(source))) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = images.onProgress((progress) => {
        if (progress.seriesUid !== source.seriesUid || (!closed && !over(progress))) return;
        stop();
        resolve();
      });
    });
  }
  void build();

  function keep(imageId: string, frame: DecodedFrame): void {
    store.put(imageId, frame);
    kept.delete(imageId);
    kept.set(imageId, frame.pixels.byteLength);
    keptBytes += frame.pixels.byteLength;
    for (const [oldest, bytes] of kept) {
      if (keptBytes <= mostBytesKept) return;
      if (oldest === imageId || store.isPinned(oldest)) continue;
      kept.delete(oldest);
      keptBytes -= bytes;
      store.forget([oldest]);
    }
  }

  function picture(plane: Plane, slab: Slab, lane: string): Promise<Result<DecodedFrame, ImagingFailure>> {
    if (closed) return Promise.resolve(err(cancelled));
    if (problem !== null) return Promise.resolve(err(problem));
    return new Promise((resolve) => {
      for (const left of wishes.filter((one) => one.lane === lane)) {
        wishes.splice(wishes.indexOf(left), 1);
        left.resolve(err(cancelled));
      }
      wishes.push({ lane, plane, slab, resolve });
      pump();
    });
  }

  async function want(series: SeriesImages, reference: FrameReference): Promise<SettledFrame> {
    const here = store.state(reference.imageId);
    if (here.kind === 'loaded') return here;
    const plane = planeOfFrame(reference);
    if (closed || plane === null || series.computed === undefined) return { kind: 'failed', failure: cancelled };
    const answer = await picture(plane, series.computed.slab, series.computed.kind);
    if (closed) return { kind: 'failed', failure: cancelled };
    if (!answer.ok) return { kind: 'failed', failure: answer.error };
    keep(reference.imageId, answer.value);
    return { kind: 'loaded', frame: answer.value };
  }

  /** What the volume waits for, as a viewport says it. */
  function progress(series: SeriesImages): SeriesProgress {
    const of = images.progress(source);
    const loaded = ready ? of.total : Math.min(of.loaded, of.total);
    return { ...of, seriesUid: series.seriesUid, loaded, state: ready ? 'complete' : 'streaming' };
  }

  /** After a slice that could not be had: the series is asked for again, and the volume built anew. */
  function retry(): void {
    if (closed || problem === null) return;
    problem = null;
    images.retry(source);
    void build();
  }

  return {
    source,
    grid,
    picture,
    scale: () => scale,
    planes: (wish) => ({
      images: { ...images, want, progress, stream: () => undefined, retry },
      series: planeSeries(source, grid, wish),
    }),
    close() {
      if (closed) return;
      fail(cancelled);
      closed = true;
      worker.terminate();
      store.forget(kept.keys());
      kept.clear();
    },
  };
}

function makeVolumeWorker(): Worker {
  return new Worker(new URL('./volume-worker.ts', import.meta.url), { type: 'module', name: 'volume' });
}

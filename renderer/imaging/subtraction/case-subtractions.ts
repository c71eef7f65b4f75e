import type { CaseImages } from '../case-images.ts';
import type { SettledFrame } from '../frame-arrivals.ts';
import type { FrameStore } from '../frame-store.ts';
import type { FrameReference, ImagingFailure, Point, SeriesImages } from '../types.ts';
import { type FrameMask, maskOf, maskWords } from './mask-operation.ts';
import { difference, differenceWindow, meanOf, moved, type SourceFrame } from './subtract.ts';

/** What the reader has changed of the masks that the images bring. */
export type ReaderMask = {
  /** A frame that is the mask of all others of its instance, in place of those that the image names; null: as the image has it. */
  readonly frame: { readonly instanceUid: string; readonly frame: number } | null;
  /** Pixels that masks go down and to the right beyond what the image says. */
  readonly shift: Point;
};

export type Subtracted = { readonly images: CaseImages; readonly series: SeriesImages };

export type CaseSubtractions = {
  /** The series with its masks subtracted; null where none of its frames has a mask. Nothing is computed before it is looked at. */
  open(images: CaseImages, source: SeriesImages, by: ReaderMask): Subtracted | null;
  close(): void;
};

/** Computed pictures that are kept to come back to, in bytes. */
const mostBytesKept = 134_217_728;
const mostMasksKept = 3;

/** Mask subtraction (PS3.3 C.7.6.10) in the page: pictures beside the acquired frames, never in their place. */
export function caseSubtractions(store: FrameStore): CaseSubtractions {
  const kept = new Map<string, number>();
  let keptBytes = 0;
  let opened = 0;
  let closed = false;

  function keep(imageId: string, bytes: number): void {
    keptBytes += bytes - (kept.get(imageId) ?? 0);
    kept.delete(imageId);
    kept.set(imageId, bytes);
    for (const [oldest, size] of kept) {
      if (keptBytes <= mostBytesKept) return;
      if (oldest === imageId || store.isPinned(oldest)) continue;
      kept.delete(oldest);
      keptBytes -= size;
      store.forget([oldest]);
    }
  }

  return {
    open(images, source, by) {
      opened += 1;
      const plans = new Map<string, { readonly of: FrameReference; readonly mask: FrameMask | null }>();
      const frames = source.frames.map((reference): FrameReference => {
        const mask = planOf(reference, by);
        const imageId = `${reference.imageId}/subtracted-${opened}`;
        plans.set(imageId, { of: reference, mask });
        const words = mask === null ? 'not subtracted: the mask is not for this frame' : maskWords(mask);
        return {
          ...reference,
          imageId,
          marks: [words, ...reference.marks],
          ...(mask === null
            ? {}
            : { window: differenceWindow(reference, reference.isLinear), windowFunction: 'linear' as const }),
        };
      });
      if (![...plans.values()].some((plan) => plan.mask !== null)) return null;
      const series: SeriesImages = { ...source, frames, subtracted: { source } };
      const masks = new Map<string, Float32Array>();

      async function framesAt(
        like: FrameReference,
        numbers: readonly number[],
      ): Promise<SourceFrame[] | ImagingFailure> {
        const found: SourceFrame[] = [];
        for (const number of numbers) {
          const reference = source.frames.find((one) => one.instanceUid === like.instanceUid && one.frame === number);
          if (reference === undefined)
            return { code: 'not-displayable', words: `Frame ${number}, which the mask needs, is not here.` };
          const answer = await images.want(source, reference);
          if (answer.kind === 'failed') return answer.failure;
          if (answer.frame.colour)
            return { code: 'not-displayable', words: 'Frames in colour are not subtracted from one another.' };
          found.push({ frame: answer.frame, reference });
        }
        return found;
      }

      async function want(_series: SeriesImages, reference: FrameReference): Promise<SettledFrame> {
        const here = store.state(reference.imageId);
        if (here.kind === 'loaded') return here;
        const plan = plans.get(reference.imageId);
        const stop: SettledFrame = { kind: 'failed', failure: { code: 'cancelled', words: 'The case was closed.' } };
        if (closed || plan === undefined) return stop;
        const own = await images.want(source, plan.of);
        if (closed) return stop;
        if (own.kind === 'failed') return own;
        if (plan.mask === null) {
          store.put(reference.imageId, own.frame);
          keep(reference.imageId, own.frame.pixels.byteLength);
          return own;
        }
        const { isLinear } = plan.of;
        const key = `${plan.of.instanceUid} ${plan.mask.mask.join()} ${plan.mask.shift.join()}`;
        let mask = masks.get(key);
        if (mask === undefined) {
          const sources = await framesAt(plan.of, plan.mask.mask);
          if (closed) return stop;
          if ('code' in sources) return { kind: 'failed', failure: sources };
          mask = moved(meanOf(sources, isLinear), own.frame.rows, own.frame.columns, plan.mask.shift);
          const [oldest] = masks.keys();
          if (masks.size >= mostMasksKept && oldest !== undefined) masks.delete(oldest);
          masks.set(key, mask);
        }
        const contrast = await framesAt(plan.of, plan.mask.contrast);
        if (closed) return stop;
        if ('code' in contrast) return { kind: 'failed', failure: contrast };
        const frame = difference(meanOf(contrast, isLinear), mask, own.frame);
        store.put(reference.imageId, frame);
        keep(reference.imageId, frame.pixels.byteLength);
        return { kind: 'loaded', frame };
      }

      return {
        series,
        images: {
          ...images,
          want,
          stream: (_series, place) => images.stream(source, place),
          retry: () => images.retry(source),
          progress: () => images.progress(source),
        },
      };
    },
    close() {
      if (closed) return;
      closed = true;
      store.forget(kept.keys());
      kept.clear();
    },
  };
}

function planOf(reference: FrameReference, by: ReaderMask): FrameMask | null {
  const { masks, frame, instanceUid, description } = reference;
  const added = (mask: FrameMask | null): FrameMask | null =>
    mask === null ? null : { ...mask, shift: [mask.shift[0] + by.shift[0], mask.shift[1] + by.shift[1]] };
  if (by.frame === null) return added(maskOf(masks, frame, description.frames));
  if (by.frame.instanceUid !== instanceUid || by.frame.frame === frame) return null;
  return added({ contrast: [frame], mask: [by.frame.frame], shift: [0, 0] });
}

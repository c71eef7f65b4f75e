import { type Instant, type Millis, millis } from '../../lib/instant.ts';

/** How long no instance may come before a study without an announced count is judged complete (rule `quiet-2-min`). */
export const quietPeriod: Millis = millis(120_000);

/** What is known of a study's images at one moment. */
export type ImagesSoFar = {
  readonly present: number;
  /** The number that the order announced; null where it did not. */
  readonly expected: number | null;
  /** When an instance was last added. */
  readonly changedAt: Instant;
  /** Numbers of images with which the study was judged complete before. */
  readonly judged: readonly number[];
  /** False once a report is out: what comes then is our own document, or nobody waits for it. */
  readonly open: boolean;
};

export type ImagesVerdict =
  | { readonly kind: 'wait' }
  /** The instant is the arrival of the last instance counted, not the end of the quiet period (spec/standards.md 3.2, 8). */
  | { readonly kind: 'complete'; readonly at: Instant; readonly words: string }
  /** More came after the study was judged complete: told apart, never in the place of the first judgement. */
  | { readonly kind: 'more'; readonly at: Instant; readonly count: number; readonly words: string };

/** True once no instance has come for the quiet period. */
export function isQuiet(changedAt: Instant, now: Instant): boolean {
  return now - changedAt >= quietPeriod;
}

/** Whether a study's images are complete: by the announced count at once, otherwise by a quiet period. */
export function imagesComplete(images: ImagesSoFar, now: Instant): ImagesVerdict {
  const { present, expected, changedAt, judged, open } = images;
  const quiet = isQuiet(changedAt, now);
  if (judged.length > 0) {
    if (!open || !quiet || present <= Math.max(...judged)) return { kind: 'wait' };
    const words = `rule quiet-2-min: ${present} instances, more came after the study was judged complete`;
    return { kind: 'more', at: changedAt, count: present, words };
  }
  if (expected !== null)
    return present >= expected
      ? { kind: 'complete', at: changedAt, words: `rule count: ${present} of ${expected}` }
      : { kind: 'wait' };
  return quiet
    ? { kind: 'complete', at: changedAt, words: `rule quiet-2-min: ${present} instances` }
    : { kind: 'wait' };
}

/** The number of images that a judgement of ours names; unbounded for words of others, so that nothing is "more" than they said. */
export function countJudged(words: string): number {
  return Number(/: (\d+) /.exec(words)?.[1] ?? Number.POSITIVE_INFINITY);
}

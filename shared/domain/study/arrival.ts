import { after, type Instant, type Millis, millis, minutes } from '../../lib/instant.ts';
import type { ProtocolStanding } from './protocol-series.ts';

/** Minutes without a new image after which a study counts as complete, where a site agreed on no other number. */
export const usualQuietMinutes = 5;

/** All series of a protocol that does not say how many images they have: the last one may still be coming for this long. */
export const seriesQuiet: Millis = millis(60_000);

/** What is known of a study's images at one moment. */
export type ImagesSoFar = {
  /** Images that are here: documents about the study (SR, KO, PR) and what we stored ourselves are none. */
  readonly have: number;
  /** False while documents lie among the instances and nobody knows yet how many: `have` may then be too high. */
  readonly certain: boolean;
  /** The number that the order announced; null where it did not (HL7 v2 orders have no field for it). */
  readonly expected: number | null;
  /** How far the site's protocol for this exam is fulfilled; null where none was agreed, or the series are not known yet. */
  readonly protocol: ProtocolStanding | null;
  /** When an image was last added, as this host saw it. */
  readonly changedAt: Instant;
  /** Numbers of images with which the study was judged complete before. */
  readonly judged: readonly number[];
  /** False once a report is out: what comes then is our own document, or nobody waits for it. */
  readonly open: boolean;
  /** The site's quiet period in minutes. */
  readonly quietMinutes: number;
};

export type CompletenessRule = 'count' | 'protocol' | 'quiet';

/** How far a study's images have come. A study that was judged complete is arriving again as soon as more of it comes. */
export type Arrival =
  | {
      readonly kind: 'arriving';
      readonly again: boolean;
      /** When it is complete at the latest, if nothing more comes. */
      readonly quietAt: Instant;
    }
  /** By a rule, and not written down yet. The instant is the arrival of the last image counted, not the end of the quiet period. */
  | {
      readonly kind: 'complete';
      readonly rule: CompletenessRule;
      readonly again: boolean;
      readonly at: Instant;
      readonly words: string;
    }
  /** An event says so, and nothing has come since. */
  | { readonly kind: 'judged' };

/**
 * Whether a study's images are complete: with the announced number or the protocol's series at once, otherwise by the site's quiet
 * period, which also ends the wait for a number that is never reached: no study waits longer than that after its last image.
 */
export function arrivalOf(images: ImagesSoFar, now: Instant): Arrival {
  const { have, certain, expected, protocol, changedAt, judged, open, quietMinutes } = images;
  const most = judged.length === 0 ? null : Math.max(...judged);
  const again = most !== null;
  if (again && (!open || !certain || have <= most)) return { kind: 'judged' };
  const complete = (rule: CompletenessRule, words: string): Arrival => ({
    kind: 'complete',
    rule,
    again,
    at: changedAt,
    words: again ? `${words}, more came after the study was judged complete` : words,
  });
  if (certain && expected !== null && have >= expected && (most === null || most < expected))
    return complete('count', `rule count: ${have} of ${expected}`);
  const quiet = now - changedAt;
  const made = protocol === null ? '' : `, ${protocol.seen} of ${protocol.expected} series (${protocol.protocol})`;
  // The announced number is the site's word on this very exam; a protocol says what such exams usually are.
  if (expected === null && !again && protocol?.whole === true && (protocol.counted || quiet >= seriesQuiet))
    return complete('protocol', `rule protocol: ${have} instances${made}`);
  if (quiet >= minutes(quietMinutes)) {
    const of = expected === null ? '' : ` of ${expected}`;
    return complete('quiet', `rule quiet-${quietMinutes}-min: ${have}${of} instances${made}`);
  }
  return { kind: 'arriving', again, quietAt: after(changedAt, minutes(quietMinutes)) };
}

/** The number of images that a judgement of ours names; unbounded for words of others, so that nothing is "more" than they said. */
export function countJudged(words: string): number {
  return Number(/: (\d+) /.exec(words)?.[1] ?? Number.POSITIVE_INFINITY);
}

/** A judgement as people read it, and whether less came than was announced or agreed. */
export function judgedWords(detail: string): { readonly words: string; readonly short: boolean } {
  const found =
    /^rule (?:(count)|(protocol)|quiet-(\d+)-min): (\d+)(?: of (\d+))?(?: instances)?(?:, (\d+) of (\d+) series \((.*?)\))?(?:, more came after .*)?$/.exec(
      detail,
    );
  if (found === null) return { words: detail === '' ? 'judged complete' : detail, short: false };
  const [, count, protocol, quiet, have = '', expected, seen, wanted, name] = found;
  const series = seen === undefined ? '' : `${seen} of ${wanted} series of the protocol ${name}`;
  const lacks = seen !== wanted;
  if (count !== undefined)
    return have === expected
      ? { words: `all ${have} announced images are here`, short: false }
      : { words: `${have} images are here, ${expected} were announced`, short: false };
  if (protocol !== undefined) return { words: `${series} are here, ${imagesOf(have)}`, short: false };
  const short = (expected !== undefined && Number(have) < Number(expected)) || lacks;
  const images = expected === undefined ? imagesOf(have) : `${have} of ${expected} images`;
  return { words: `${images}, quiet ${quiet} min${series === '' ? '' : `; ${series} are here`}`, short };
}

/** The number of a row, as `hereWords` takes it. */
export function countHere(images: {
  readonly present: number;
  readonly expected: number | null;
  readonly atMost?: true | undefined;
}): { readonly have: number; readonly expected: number | null; readonly atMost: boolean } {
  return { have: images.present, expected: images.expected, atMost: images.atMost === true };
}

/** "3 of 12", "at most 3 of 12", "3 (number not announced), 1 of 2 series (CT head)": how much of a study that is still arriving is here. */
export function hereWords(
  images: Pick<ImagesSoFar, 'have' | 'expected'> & {
    /** Documents are among them that nobody has told apart yet. */
    readonly atMost?: boolean;
    readonly protocol: Pick<ProtocolStanding, 'protocol' | 'seen' | 'expected'> | null;
  },
): string {
  const { have, expected, protocol } = images;
  const series = protocol === null ? '' : `, ${protocol.seen} of ${protocol.expected} series (${protocol.protocol})`;
  return `${images.atMost ? 'at most ' : ''}${have}${expected === null ? ' (number not announced)' : ` of ${expected}`}${series}`;
}

/** What is written down where somebody begins to read before all images are here; null where nothing is awaited. */
export function startedEarly(images: ImagesSoFar | null, now: Instant): string | null {
  if (images === null || arrivalOf(images, now).kind !== 'arriving') return null;
  return `started before all images had come: ${hereWords({ ...images, atMost: !images.certain })}`;
}

function imagesOf(count: string): string {
  return count === '1' ? '1 image' : `${count} images`;
}

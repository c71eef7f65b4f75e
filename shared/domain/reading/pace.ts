import { type Instant, type Millis, millis, minutes } from '../../lib/instant.ts';
import { inOrder, type ReadingEvent } from '../turnaround/index.ts';

/** One study that a reader read to its end, and how long it was before her. */
export type PastRead = { readonly modality: string; readonly bodyPart: string; readonly took: Millis };

/** Longer than this nobody reads without a break that was not told: such a span says nothing about her pace. */
const longestRead: Millis = minutes(180);
/** Fewer reads than these are chance, not pace. */
const fewest = 3;

/**
 * How long one reader had a study open until she signed it, suspended time taken out; null when she did not both open and sign it.
 * The spans of `read.opened` to `report.signed` (spec/standards.md 3.3, T_read_active), unchanged by order and duplicates of events.
 */
export function activeReading(events: readonly ReadingEvent[], readerId: string): Millis | null {
  const hers = inOrder(events).filter(({ event }) => event.actor.kind === 'person' && event.actor.id === readerId);
  const signed = hers.findLast(({ event }) => event.type === 'report.signed');
  if (signed === undefined) return null;
  let active = 0;
  let since: Instant | null = null;
  let opened = false;
  for (const { event, at } of hers) {
    if (at > signed.at) break;
    if (event.type === 'read.opened' || event.type === 'read.resumed') {
      since ??= at;
      opened = true;
    } else if (event.type === 'read.suspended' || event.type === 'task.held' || event.type === 'task.released') {
      if (since !== null) active += at - since;
      since = null;
    }
  }
  if (!opened) return null;
  if (since !== null) active += signed.at - since;
  return active > 0 && active <= longestRead ? millis(active) : null;
}

/** Minutes that a reading usually takes, used until she has read enough herself. */
const usual: Readonly<Record<string, number>> = { CR: 3, DX: 3, US: 6, MG: 5, CT: 10, MR: 14, NM: 10, PT: 18 };
const usualForOthers = 8;

export type Pace = {
  readonly expected: Millis;
  /** Which it is: her own median of like exams, of the modality, or the usual time. */
  readonly basis: 'exam' | 'modality' | 'usual';
  /** "your median of 12 CT HEAD". */
  readonly words: string;
};

/** How long this reader should need for such an exam: the median of her own like reads, else of the modality, else the usual time. */
export function paceFor(
  reads: readonly PastRead[],
  exam: { readonly modality: string; readonly bodyPart: string },
): Pace {
  const ofModality = reads.filter((one) => one.modality === exam.modality);
  const part = exam.bodyPart.toUpperCase();
  const ofExam = part === '' ? [] : ofModality.filter((one) => one.bodyPart.toUpperCase() === part);
  if (ofExam.length >= fewest) {
    const words = `your median of ${ofExam.length} ${exam.modality} ${part.toLowerCase()}`;
    return { expected: medianOf(ofExam), basis: 'exam', words };
  }
  if (ofModality.length >= fewest)
    return {
      expected: medianOf(ofModality),
      basis: 'modality',
      words: `your median of ${ofModality.length} ${exam.modality}`,
    };
  const words = `the usual time for ${exam.modality === '' ? 'an exam' : exam.modality}; you have read too few yet`;
  return { expected: minutes(usual[exam.modality] ?? usualForOthers), basis: 'usual', words };
}

/** Nearest rank, so that the median is a time that she really took. */
function medianOf(reads: readonly PastRead[]): Millis {
  const sorted = reads.map((one) => one.took).sort((left, right) => left - right);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? millis(0);
}

/** "about 4 min", "less than a minute", "longer than usual already". */
export function stillToRead(pace: Pace, openFor: Millis): { readonly left: Millis; readonly words: string } {
  const left = millis(Math.max(0, pace.expected - openFor));
  if (left === 0) return { left, words: 'longer than usual already' };
  return { left, words: left < 60_000 ? 'less than a minute' : `about ${Math.round(left / 60_000)} min` };
}

import type { Instant } from '../../lib/instant.ts';
import { isOpened, mergeSeries, noCoverage, overFrames, type SeriesCoverage } from './series-coverage.ts';

/** Everything of a case that stood on the screen, by Series Instance UID. */
export type CaseCoverage = { readonly [seriesUid: string]: SeriesCoverage };

export const nothingSeen: CaseCoverage = {};

/** Coverage as it lies sealed beside the draft on this computer, and nowhere else. */
export type KeptCoverage = {
  readonly taskId: string;
  readonly readerId: string;
  readonly savedAt: Instant;
  readonly series: CaseCoverage;
};

/** Days after which what was seen of a case that was never finished is let go. */
const keptDays = 30;

/** What either has seen: the order does not matter, and merging twice is merging once. */
export function mergeCoverage(one: CaseCoverage, other: CaseCoverage): CaseCoverage {
  const all: { [seriesUid: string]: SeriesCoverage } = { ...one };
  for (const [uid, theirs] of Object.entries(other)) {
    const ours = all[uid];
    if (ours === undefined) all[uid] = theirs;
    else {
      // Neither stack may be the newer one: frames that only the other knows are kept behind.
      const known = new Set(ours.frames);
      const more = theirs.frames.filter((name) => !known.has(name));
      all[uid] = mergeSeries(overFrames(ours, more.length === 0 ? ours.frames : [...ours.frames, ...more]), theirs);
    }
  }
  return all;
}

/**
 * Whether `more` shows no slice, no part of one and no planes that `known` does not. At which window slices were shown is left out: of many
 * windows some are let go, so that two who tell each other of them might never come to an end.
 */
export function addsNothing(known: CaseCoverage, more: CaseCoverage): boolean {
  const both = mergeCoverage(more, known);
  return Object.entries(both).every(([uid, series]) => {
    // A series of which nothing was seen is as good as one that is not named.
    const before = known[uid] ?? noCoverage(series.studyUid, uid, series.frames);
    return plain(series) === plain(overFrames(before, series.frames));
  });
}

function plain({ frames, shown, full, planes, areas }: SeriesCoverage): string {
  return JSON.stringify([
    frames,
    shown,
    full,
    planes,
    Object.entries(areas).sort(([one], [other]) => (one < other ? -1 : 1)),
  ]);
}

/** A series of the study on screen, as far as it is asked whether it was opened. */
export type ListedSeries = { readonly studyUid: string; readonly seriesUid: string; readonly name: string };

export function neverOpened(coverage: CaseCoverage, series: readonly ListedSeries[]): readonly ListedSeries[] {
  return series.filter(({ seriesUid }) => !isOpened(coverage[seriesUid]));
}

/** "2 series were never opened: T2 axial, scout." Null where all were. */
export function neverOpenedWords(series: readonly ListedSeries[]): string | null {
  if (series.length === 0) return null;
  const named = series.slice(0, 4).map((one) => one.name);
  const more = series.length - named.length;
  const list = more === 0 ? named.join(', ') : `${named.join(', ')} and ${more} more`;
  return series.length === 1
    ? `One series was never opened: ${list}.`
    : `${series.length} series were never opened: ${list}.`;
}

/**
 * Whether kept coverage is to be let go: what its task asks for is released, its study withdrawn, or it was left behind long ago. A
 * preliminary whose final is still to be read is no end of the reading.
 */
export function isOver(kept: Pick<KeptCoverage, 'savedAt'>, state: string | null, now: Instant): boolean {
  return state === 'completed' || state === 'cancelled' || now - kept.savedAt > keptDays * 86_400_000;
}

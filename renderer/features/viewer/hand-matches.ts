import type { HandMatch } from '../../../shared/domain/volume/index.ts';
import type { SeriesImages } from '../../imaging/index.ts';
import type { ShownFrame } from './shown-frames.ts';

/** One end of a match: the very image, wherever it stands in its series by now. `index`: where it stood when it was matched. */
export type MatchedImage = {
  readonly seriesUid: string;
  readonly instanceUid: string;
  /** 1-based. */
  readonly frame: number;
  readonly index: number;
};

/** Series that the reader matched at a level, two by two. Named by UIDs alone, so that they outlive the opening of a case. */
export type HandMatches = readonly (readonly [MatchedImage, MatchedImage])[];

function isBetween([first, second]: HandMatches[number], one: string, other: string): boolean {
  return (
    (first.seriesUid === one && second.seriesUid === other) || (first.seriesUid === other && second.seriesUid === one)
  );
}

function imageOf({ series, reference, index }: ShownFrame): MatchedImage {
  return { seriesUid: series.seriesUid, instanceUid: reference.instanceUid, frame: reference.frame, index };
}

/** Matches the two as they are shown, or takes the match of their series away. */
export function toggledMatch(matches: HandMatches, one: ShownFrame, other: ShownFrame): HandMatches {
  const others = matches.filter((each) => !isBetween(each, one.series.seriesUid, other.series.seriesUid));
  return others.length < matches.length ? others : [...matches, [imageOf(one), imageOf(other)]];
}

/** 0-based; null where the image is not in the series any more. */
function indexIn(series: SeriesImages, { instanceUid, frame, index }: MatchedImage): number | null {
  const isIt = (at: number): boolean => {
    const reference = series.frames[at];
    return reference?.instanceUid === instanceUid && reference.frame === frame;
  };
  if (isIt(index)) return index;
  const found = series.frames.findIndex((_, at) => isIt(at));
  return found === -1 ? null : found;
}

/** The match of two series, whichever of them leads; null where there is none, or an image of it is gone. */
export function matchOf(matches: HandMatches, one: SeriesImages, other: SeriesImages): HandMatch | null {
  const match = matches.find((each) => isBetween(each, one.seriesUid, other.seriesUid));
  if (match === undefined) return null;
  const [first, second] = match[0].seriesUid === one.seriesUid ? match : [match[1], match[0]];
  const [at, otherAt] = [indexIn(one, first), indexIn(other, second)];
  return at === null || otherAt === null ? null : { one: at, other: otherAt };
}

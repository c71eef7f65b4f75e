import { frameName, isShown, noRanges, type SeriesCoverage } from '../coverage/index.ts';
import { type BreastImageFacts, viewName, viewsToShow } from './mammogram.ts';
import { shareShown } from './shown-area.ts';

/** How far one view was shown with each of its pixels on at least one pixel of the screen. */
export type ViewStanding = {
  readonly image: BreastImageFacts;
  readonly name: string;
  /** 0 to 1. */
  readonly share: number;
  /** Of a tomosynthesis: slices that were never painted; 0 for others. */
  readonly slicesLeft: number;
  readonly shown: boolean;
};

/** The parts of an image that were shown are kept under its first frame: of a tomosynthesis, whichever slice they were shown on. */
export function areaName(image: Pick<BreastImageFacts, 'instanceUid'>): string {
  return frameName(image.instanceUid, 1);
}

/**
 * Each view that must be shown before signing. A view is shown when all of it was on screen pixel for pixel; a tomosynthesis when its
 * whole area was, and every slice was painted.
 */
export function viewStandings(
  images: readonly BreastImageFacts[],
  coverageOf: (seriesUid: string) => SeriesCoverage | undefined,
): readonly ViewStanding[] {
  return viewsToShow(images).map((image) => {
    const coverage = coverageOf(image.seriesUid);
    const share = shareShown(image, coverage?.areas[areaName(image)] ?? noRanges);
    const slicesLeft = image.frames < 2 ? 0 : countUnseen(image, coverage);
    return { image, name: viewName(image), share, slicesLeft, shown: share >= 1 && slicesLeft === 0 };
  });
}

function countUnseen(image: BreastImageFacts, coverage: SeriesCoverage | undefined): number {
  if (coverage === undefined) return image.frames;
  const places = new Map(coverage.frames.map((name, place) => [name, place]));
  let unseen = 0;
  for (let frame = 1; frame <= image.frames; frame += 1) {
    const place = places.get(frameName(image.instanceUid, frame));
    if (place === undefined || !isShown(coverage, place)) unseen += 1;
  }
  return unseen;
}

/** "R CC (40% shown), L MLO (12 slices never shown), R MLO": what is left, in the order that it is gone through. */
export function viewsLeftWords(left: readonly ViewStanding[]): string {
  return left
    .map(({ name, share, slicesLeft }) => {
      const percent = Math.floor(share * 100);
      if (share >= 1) return `${name} (${slicesLeft} ${slicesLeft === 1 ? 'slice' : 'slices'} never shown)`;
      return percent === 0 ? name : `${name} (${percent}% shown)`;
    })
    .join(', ');
}

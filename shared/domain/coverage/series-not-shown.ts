import { type CaseCoverage, type ListedSeries, neverOpened } from './case-coverage.ts';
import { isOpened } from './series-coverage.ts';

/** Pictures to plan the scan by, and sheets of numbers: nobody reads them, and nothing is missed on them. */
const aside =
  /\b(scouts?|topograms?|surview|scanograms?|localizers?|localisers?|survey|three[ -]?plane|3[ -]?plane|dose|patient protocol|protocol page|screen ?(?:save|shot)s?|smart ?prep|bolus tracking|care ?bolus|premonitoring|monitoring)\b/i;

/** The acquisition behind a series' name, without thickness and kernel: what tells two reconstructions of one scan apart. */
function acquisition(name: string): string {
  return name
    .toLowerCase()
    .replace(/\b\d+(?:[.,]\d+)?\s*(?:mm|x\s*\d+(?:[.,]\d+)?)\b/g, ' ')
    .replace(
      /\b(?:[bhjuiq][rfvpk]?\d{2}[a-z]?|fc\d+|thin|thick|recon|standard|soft|sharp|smooth|bone ?plus|std)\b/g,
      ' ',
    )
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim();
}

/**
 * Series of which nothing was shown and that could hold something of their own: scouts, dose sheets and another reconstruction of a scan
 * that was shown are left out. A name that tells too little counts as a series of its own.
 */
export function seriesNotShown(coverage: CaseCoverage, series: readonly ListedSeries[]): readonly ListedSeries[] {
  const shown = new Set(
    series
      .filter(({ seriesUid }) => isOpened(coverage[seriesUid]))
      .map((one) => `${one.studyUid}|${acquisition(one.name)}`)
      .filter((key) => !key.endsWith('|')),
  );
  return neverOpened(coverage, series).filter(
    (one) => !aside.test(one.name) && !shown.has(`${one.studyUid}|${acquisition(one.name)}`),
  );
}

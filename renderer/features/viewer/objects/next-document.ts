import type { SeriesImages } from '../../../imaging/index.ts';
import type { CaseStudy } from '../hung.ts';

type Opened = { readonly study: CaseStudy; readonly series: SeriesImages };

/** Walks through what the studies of the case hold to read: this study's first, then those of its priors; null after the last. */
export function nextDocument(
  current: CaseStudy | null,
  priors: readonly CaseStudy[],
  now: Opened | null,
): Opened | null {
  const all = (current === null ? [] : [current, ...priors]).flatMap((study) =>
    study.images.series.flatMap((series): readonly Opened[] =>
      series.documents.length + series.objects.length === 0 ? [] : [{ study, series }],
    ),
  );
  const at = all.findIndex((one) => one.series === now?.series);
  return all[at + 1] ?? null;
}

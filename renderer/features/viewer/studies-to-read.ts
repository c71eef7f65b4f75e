import type { StudyToRead } from '../../case/index.ts';
import { type CaseStudy, seriesName } from './hung.ts';

/** What a signature may be asked about: the study that is read and those read together with it, never a prior. */
export function studiesToRead(
  current: CaseStudy | null,
  others: readonly CaseStudy[],
  lossy: ReadonlySet<string>,
): readonly StudyToRead[] {
  const read = current === null ? [] : [current, ...others.filter((one) => one.linked === true)];
  return read.map(({ images }) => ({
    studyUid: images.studyUid,
    series: images.series
      .filter((one) => one.frames.length > 0)
      .map((one) => ({ studyUid: one.studyUid, seriesUid: one.seriesUid, name: seriesName(one) })),
    breasts: images.series.flatMap((one) =>
      (one.breasts ?? []).map((breast) => (lossy.has(breast.instanceUid) ? { ...breast, lossy: true } : breast)),
    ),
    whole: images.problems.length === 0,
  }));
}

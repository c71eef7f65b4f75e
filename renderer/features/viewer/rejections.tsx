import { type Dispatch, type SetStateAction, useEffect, useState } from 'react';
import { acquiredSeries, type SeriesImages } from '../../imaging/index.ts';
import { type CaseStudy, type Hung, studyWord } from './hung.ts';
import type { Marks } from './use-marks.ts';

/** The one image that was hung while the rest was being described is one of the series: it stays until that takes its place. */
function isStillOf(part: SeriesImages, whole: SeriesImages): boolean {
  const [first] = part.frames;
  return part.partOf !== undefined && whole.frames.some((one) => one.imageId === first?.imageId);
}

/**
 * A rejection note may come while its images hang: the series without them is another one, so the old one leaves the screen, and
 * measures and key images made of what was rejected go with it, so that none reaches a report. Answers how many went.
 */
export function useRejections(
  current: CaseStudy | null,
  priors: readonly CaseStudy[],
  setHung: Dispatch<SetStateAction<readonly (Hung | null)[]>>,
  marks: Marks,
): number {
  const [taken, setTaken] = useState(0);
  useEffect(() => {
    const shown = (current === null ? [] : [current, ...priors]).flatMap((study) => study.images.series);
    const isOld = (one: Hung | null): boolean =>
      one !== null &&
      shown.some(
        (series) =>
          series !== acquiredSeries(one.series) &&
          series.seriesUid === one.series.seriesUid &&
          series.studyUid === one.series.studyUid &&
          !isStillOf(one.series, series),
      );
    setHung((before) => (before.some(isOld) ? before.map((one) => (isOld(one) ? null : one)) : before));
  }, [current, priors, setHung]);

  useEffect(() => {
    const shown = (current === null ? [] : [current, ...priors]).flatMap((study) => study.images.series);
    const aside = new Set(shown.flatMap((series) => series.setAside));
    if (aside.size === 0) return;
    const measurements = marks.marks.measurements.filter((one) => aside.has(one.place.instanceUid));
    const keyImages = marks.marks.keyImages.filter((one) => aside.has(one.place.instanceUid));
    for (const one of measurements) marks.remove(one.id);
    for (const one of keyImages) marks.toggleKeyImage(one.place);
    if (measurements.length + keyImages.length > 0) setTaken((count) => count + measurements.length + keyImages.length);
  }, [current, priors, marks]);
  return taken;
}

type Props = {
  readonly current: CaseStudy | null;
  readonly priors: readonly CaseStudy[];
  readonly withRejected: boolean;
  /** Measures and key images of the reader's that went with what was rejected. */
  readonly taken: number;
  readonly onShow: (show: boolean) => void;
};

/** What the rejection notes of the studies on screen say; what was rejected for quality alone may be asked for. */
export function RejectionBar({ current, priors, withRejected, taken, onShow }: Props) {
  const words = (current === null ? [] : [current, ...priors]).flatMap((study) =>
    study.images.rejections.map((one) => (study.prior === null ? one : `${studyWord(study)}: ${one}`)),
  );
  if (current === null || words.length === 0) return null;
  return (
    <div className="viewer-problems" role="status">
      <span>
        {words.join(' ')}
        {taken === 0 ? '' : ` ${taken} of your measures and key images of them went too: look at your report’s text.`}
      </span>
      {current.images.rejectedForQuality === 0 ? null : (
        <button type="button" className="button" aria-pressed={withRejected} onClick={() => onShow(!withRejected)}>
          {withRejected ? 'Hide those rejected for quality' : 'Show those rejected for quality'}
        </button>
      )}
    </div>
  );
}

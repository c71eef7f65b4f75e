import { type Dispatch, type SetStateAction, useEffect } from 'react';
import { type CaseStudy, type Hung, studyWord } from './hung.ts';
import type { KeptMeasure } from './view-memory.ts';

/**
 * A rejection note may come while its images hang: the series without them is another one, so the old one leaves the screen, and
 * measures made on what was rejected go with it.
 */
export function useRejections(
  current: CaseStudy | null,
  priors: readonly CaseStudy[],
  setHung: Dispatch<SetStateAction<readonly (Hung | null)[]>>,
  setMeasures: Dispatch<SetStateAction<readonly KeptMeasure[]>>,
): void {
  useEffect(() => {
    const shown = (current === null ? [] : [current, ...priors]).flatMap((study) => study.images.series);
    const isOld = (one: Hung | null): boolean =>
      one !== null &&
      shown.some(
        (series) =>
          series !== one.series && series.seriesUid === one.series.seriesUid && series.studyUid === one.series.studyUid,
      );
    setHung((before) => (before.some(isOld) ? before.map((one) => (isOld(one) ? null : one)) : before));
    const aside = new Set(shown.flatMap((series) => series.setAside));
    setMeasures((before) => (aside.size === 0 ? before : before.filter((one) => !aside.has(one.instanceUid))));
  }, [current, priors, setHung, setMeasures]);
}

type Props = {
  readonly current: CaseStudy | null;
  readonly priors: readonly CaseStudy[];
  readonly withRejected: boolean;
  readonly onShow: (show: boolean) => void;
};

/** What the rejection notes of the studies on screen say; what was rejected for quality alone may be asked for. */
export function RejectionBar({ current, priors, withRejected, onShow }: Props) {
  const words = (current === null ? [] : [current, ...priors]).flatMap((study) =>
    study.images.rejections.map((one) => (study.prior === null ? one : `${studyWord(study)}: ${one}`)),
  );
  if (current === null || words.length === 0) return null;
  return (
    <div className="viewer-problems" role="status">
      <span>{words.join(' ')}</span>
      {current.images.rejectedForQuality === 0 ? null : (
        <button type="button" className="button" aria-pressed={withRejected} onClick={() => onShow(!withRejected)}>
          {withRejected ? 'Hide those rejected for quality' : 'Show those rejected for quality'}
        </button>
      )}
    </div>
  );
}

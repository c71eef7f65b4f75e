import { countOf, isOpened } from '../../../shared/domain/coverage/index.ts';
import { shownDate } from '../../case/index.ts';
import type { CaseImages, SeriesImages, SeriesProgress } from '../../imaging/index.ts';
import { shownTitle } from './coverage-words.ts';
import { type CaseStudy, kindOfStudy } from './hung.ts';
import { Thumbnail } from './thumbnail.tsx';
import type { Coverage } from './use-coverage.ts';

type Props = {
  readonly images: CaseImages | null;
  readonly current: CaseStudy | null;
  readonly priors: readonly CaseStudy[];
  /** Series in the active viewport. */
  readonly chosen: SeriesImages | null;
  readonly coverage: Coverage;
  readonly progress: ReadonlyMap<string, SeriesProgress>;
  readonly onHang: (study: CaseStudy, series: SeriesImages) => void;
  readonly onOpenDocument: (study: CaseStudy, series: SeriesImages) => void;
};

/** Series of this study above; priors below a dashed line, each with the word PRIOR and its date. */
export function SeriesPanel(props: Props) {
  const studies = props.current === null ? [] : [props.current, ...props.priors];
  return (
    <ul className="series-panel" aria-label="Series">
      {studies.map((study) => [
        <li key={study.images.studyUid} className={study.prior === null ? 'series-heading' : 'series-heading prior'}>
          <b>{study.images.studyDate === '' ? 'Date not given' : shownDate(study.images.studyDate)}</b>
          {study.prior === null ? (
            <span>This study</span>
          ) : (
            <span>
              {kindOfStudy(study)} <span className="series-of">{study.prior}</span>
            </span>
          )}
        </li>,
        ...study.images.series.map((series) => (
          <SeriesItem key={series.seriesUid} {...props} study={study} series={series} />
        )),
      ])}
    </ul>
  );
}

function SeriesItem(props: Props & { readonly study: CaseStudy; readonly series: SeriesImages }) {
  const { images, study, series, chosen, progress } = props;
  const name = series.description === '' ? series.modality : series.description;
  if (series.notShown !== null || images === null) {
    return (
      <li className="series not-shown">
        <span className="series-number">{series.number ?? ''}</span>
        <span>{series.notShown ?? 'Not open'}</span>
        <span className="quiet-words">Not an image</span>
        {series.documents.length + series.objects.length === 0 ? null : (
          <button type="button" className="button" onClick={() => props.onOpenDocument(study, series)}>
            Read
            {series.documents.length + series.objects.length === 1
              ? ''
              : ` ${series.documents.length + series.objects.length}`}
          </button>
        )}
      </li>
    );
  }
  const total = series.frames.length;
  const seen = props.coverage.of(series);
  const shown = countOf(seen.shown);
  // A prior is looked at as far as it helps; what is read is opened as a whole, or left with a reason.
  const unopened = !isOpened(seen) && (study.prior === null || study.linked === true);
  const ready = progress.get(series.seriesUid)?.loaded ?? images.progress(series).loaded;
  return (
    <li className={`series${chosen === series ? ' chosen' : ''}${study.prior === null ? '' : ' prior'}`}>
      <button
        type="button"
        aria-pressed={chosen === series}
        aria-label={`${study.prior === null ? '' : `${study.linked === true ? 'Linked' : 'Prior'} ${study.prior}, `}series ${series.number ?? ''} ${name} ${unopened ? 'not opened' : `${shown}/${total}`}, ${shown} of ${total} images shown`}
        title={`${series.modality} ${name}: ${ready} of ${total} images on this machine, ${shownTitle(seen)}`}
        onClick={() => props.onHang(study, series)}
      >
        <Thumbnail images={images} series={series} />
        <span className="series-number">{series.number ?? ''}</span>{' '}
        <svg
          className={shown === 0 ? 'coverage none' : 'coverage'}
          viewBox={`0 0 ${total} 4`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {seen.shown.map(([from, to]) => (
            <rect key={from} x={from} width={to - from} y={0} height={4} />
          ))}
        </svg>
        <span className="series-words">
          <span className="cut">{name}</span>{' '}
          {unopened ? (
            <span className="series-unopened">not opened</span>
          ) : (
            <span>
              {shown}/{total}
            </span>
          )}
        </span>
      </button>
    </li>
  );
}

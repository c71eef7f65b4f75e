import type { CaseDetail } from '../../../shared/api/index.ts';
import { isOpened, neverOpenedWords, seriesNotShown } from '../../../shared/domain/coverage/index.ts';
import { stopsSigning, stopWords, viewStandings, viewsLeftWords } from '../../../shared/domain/mammography/index.ts';
import type { Draft, ReleaseKind } from '../../../shared/domain/report/index.ts';
import type { CoverageState } from '../../case/index.ts';

/** What the images on screen have to do with a signature. */
export type ImagesSeen = {
  /** What stops it for every reader: an image that nobody may interpret a mammogram on. */
  readonly stop: string | null;
  /** What is left to be looked at before it: views of a mammogram. */
  readonly left: string | null;
  /** True where a press can bring the next of what is left to the screen. */
  readonly canShow: boolean;
  /** Good to know, and in nobody's way: series that were never opened. */
  readonly advice: string | null;
  /** Series Instance UIDs of what is signed that were opened: all that the record keeps of it. */
  readonly opened: readonly string[];
};

/**
 * Judged for a preliminary and a final. An addendum or a correction is asked nothing here: a word that has to be put right must never
 * wait for an image.
 */
export function imagesSeen(
  kind: ReleaseKind,
  state: CoverageState,
  draft: Pick<Draft, 'together'>,
  detail: Pick<CaseDetail, 'study' | 'priors' | 'context'>,
): ImagesSeen {
  const uids = new Set<string>([detail.study?.studyUid ?? '', ...(draft.together ?? []).map((one) => one.studyUid)]);
  const known = state.epoch === detail.context.epoch ? (state.studies ?? []) : [];
  const studies = known.filter((one) => uids.has(one.studyUid));
  const { coverage } = state;
  const opened = Object.values(coverage)
    .filter((one) => uids.has(one.studyUid) && isOpened(one))
    .map((one) => one.seriesUid)
    .filter((uid) => studies.some((study) => study.series.some((series) => series.seriesUid === uid)))
    .sort();
  if (kind === 'addendum' || kind === 'correction')
    return { stop: null, left: null, canShow: false, advice: null, opened };
  const breasts = studies.flatMap((one) => one.breasts);
  const views = viewStandings(breasts, (uid) => coverage[uid]).filter((one) => !one.shown);
  const unknown = mammogramsAsked(detail, uids).filter(
    (uid) => studies.find((one) => one.studyUid === uid)?.whole !== true,
  );
  const left =
    unknown.length > 0
      ? 'This is a mammogram, and not all of its images are known on this screen yet. Each view must be shown pixel for pixel before you sign.'
      : views.length > 0
        ? `Before you sign, each view of a mammogram must be shown with every pixel on the screen. Left: ${viewsLeftWords(views)}.`
        : null;
  return {
    stop: stopWords(studies.flatMap((one) => stopsSigning(one.breasts))),
    left,
    canShow: views.length > 0,
    advice: neverOpenedWords(
      seriesNotShown(
        coverage,
        studies.flatMap((one) => one.series),
      ),
    ),
    opened,
  };
}

/** Studies of the signature that hold mammograms by what their archive lists. */
function mammogramsAsked(
  { study, priors }: Pick<CaseDetail, 'study' | 'priors'>,
  uids: ReadonlySet<string>,
): readonly string[] {
  const all = [...(study === null ? [] : [study]), ...priors.map((one) => one.study)];
  return all.filter((one) => uids.has(one.studyUid) && one.modalities.includes('MG')).map((one) => one.studyUid);
}

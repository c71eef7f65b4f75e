import type { CaseDetail } from '../../../shared/api/index.ts';
import {
  type CheckFacts,
  checkedExams,
  checkedSections,
  type OtherPatient,
  openFieldsOf,
} from '../../../shared/domain/checks/index.ts';
import { isOpened, seriesNotShown } from '../../../shared/domain/coverage/index.ts';
import type { Draft, ReleaseKind } from '../../../shared/domain/report/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import type { CoverageState } from '../../case/index.ts';
import { identityBlocks } from './sign-blocks.ts';

export type CheckParts = {
  readonly kind: ReleaseKind;
  readonly draft: Draft;
  readonly detail: CaseDetail;
  /** Study UIDs of the comparisons that were opened. */
  readonly comparisons: readonly string[];
  readonly coverage: CoverageState;
  readonly others: readonly OtherPatient[];
  /** The exam's timeline; null while it is not known. */
  readonly events: readonly Pick<ReadingEvent, 'type'>[] | null;
};

/** Everything that the checks look at, from what this page knows. */
export function checkFacts(parts: CheckParts): CheckFacts {
  const { kind, draft, detail } = parts;
  const { order, study } = detail;
  const later = kind === 'addendum' || kind === 'correction';
  const exams = checkedExams(draft, detail);
  const uids = new Set(exams.map(({ studyUid }) => studyUid));
  const found = detail.priors.filter((one) => one.linked === undefined && !uids.has(one.study.studyUid));
  const { notShown, notFull } = later ? { notShown: null, notFull: null } : seenOf(parts, uids);
  return {
    kind,
    sections: checkedSections(kind, draft),
    exams,
    patient: order?.patient ?? study?.patient ?? null,
    imagesSex: study?.patient.sex ?? null,
    accession: detail.context.accession,
    others: parts.others,
    priors: {
      found: found.map(({ study: { studyUid, studyDate } }) => ({ studyUid, studyDate })),
      opened: parts.comparisons,
    },
    measurements: draft.measurements.map(({ text }) => text),
    openFields: openFieldsOf(kind, draft),
    seriesNotShown: notShown,
    seriesNotFull: notFull,
    identity: identityBlocks(detail) ? 'Order and images differ: the patient’s identity is not resolved.' : null,
    claim: !later && detail.claim === null ? 'You have no claim on this study.' : null,
    criticalBegun: criticalBegun(parts),
  };
}

/** The report says so itself once one is begun, and says nothing again once it was taken back as a mistake. */
function criticalBegun({ draft, events }: CheckParts): boolean | null {
  if (draft.communication !== undefined) return draft.communication !== '';
  return events === null ? null : events.some(({ type }) => type.startsWith('crit.'));
}

/** Series that were not shown, and of those that were, the ones of which nothing stood pixel for pixel. Null while their list is not known. */
function seenOf(
  { coverage: state, detail }: CheckParts,
  uids: ReadonlySet<string | null>,
): { readonly notShown: readonly string[] | null; readonly notFull: readonly string[] | null } {
  if (state.epoch !== detail.context.epoch || state.studies === null) return { notShown: null, notFull: null };
  const studies = state.studies.filter((one) => uids.has(one.studyUid));
  // Views of a mammogram have a rule of their own, which stops.
  const breasts = new Set(studies.flatMap((one) => one.breasts.map(({ seriesUid }) => seriesUid)));
  const series = studies.flatMap((one) => one.series).filter(({ seriesUid }) => !breasts.has(seriesUid));
  const small = series.filter(({ seriesUid }) => {
    const seen = state.coverage[seriesUid];
    return seen !== undefined && isOpened(seen) && !seen.planes && seen.full.length === 0;
  });
  return {
    notShown: seriesNotShown(state.coverage, series).map(({ name }) => name),
    notFull: small.map(({ name }) => name),
  };
}

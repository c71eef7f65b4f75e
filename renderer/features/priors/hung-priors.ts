import type { CaseDetail, CasePriors } from '../../../shared/api/index.ts';

type Hung = CaseDetail['priors'];

/** Hung at once; more are one press away, since each asks the archive for its series. */
const mostHung = 8;

/**
 * The priors whose images hang beside the case, with those that a search brought: what hangs stays in its place, and what is not to be
 * seen any more goes. Exams that are read together are no matter of the search.
 */
export function addHung(hung: Hung, { priors, whole }: CasePriors): Hung {
  const open = new Map(priors.flatMap((prior) => (prior.study === null ? [] : [[prior.key, prior] as const])));
  const closed = new Set(priors.filter((prior) => prior.standing === 'closed').map((prior) => prior.key));
  // An archive that is silent takes nothing from the screen; one that answers, and knows it no more as this patient's, does.
  const gone = (uid: string): boolean => closed.has(uid) || (whole && !open.has(uid));
  const kept = hung.filter((one) => one.linked !== undefined || !gone(one.study.studyUid));
  const here = new Set(kept.map((one) => one.study.studyUid as string));
  const added = [...open.values()].flatMap(({ key, study, report, reason }) =>
    study === null || here.has(key) ? [] : [{ study, report, reason }],
  );
  const room = Math.max(0, mostHung - kept.filter((one) => one.linked === undefined).length);
  return kept.length === hung.length && (added.length === 0 || room === 0) ? hung : [...kept, ...added.slice(0, room)];
}

export function dropHung(hung: Hung, studyUid: string): Hung {
  return hung.filter((one) => one.linked !== undefined || one.study.studyUid !== studyUid);
}

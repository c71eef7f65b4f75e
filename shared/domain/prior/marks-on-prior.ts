import { compareIdentity, type PatientIdentity } from '../study/index.ts';

/**
 * Why marks on a prior's images are not filed as a document of the prior's study; null where they are. A document goes into a study under
 * the patient number that the study already has: only where the case that was read has the very same number from the very same issuer
 * (0010,0020 and 0010,0021; both absent issuers count as the same one) and nothing else speaks against it. Everything else stays with the
 * words of the report.
 */
export function whyMarksStay(read: PatientIdentity, prior: PatientIdentity): string | null {
  const number = (one: PatientIdentity): string => (one.id ?? '').trim();
  const issuer = (one: PatientIdentity): string => (one.issuer ?? '').trim();
  if (number(prior) === '' || number(read) === '')
    return 'one of the two studies names no patient number, so nothing is written into the earlier study';
  if (number(prior) !== number(read))
    return 'the earlier study is under another patient number, so nothing is written into it';
  if (issuer(prior) !== issuer(read))
    return 'the earlier study’s patient number is from another issuer, so nothing is written into it';
  const verdict = compareIdentity(read, prior);
  return verdict.grade === 'stop' || verdict.grade === 'ask'
    ? 'the earlier study names the patient differently, so nothing is written into it'
    : null;
}

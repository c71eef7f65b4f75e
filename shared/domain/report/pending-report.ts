import type { Instant } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { compareIdentity, type PatientIdentity } from '../study/index.ts';
import { isChanged } from './overread.ts';
import type { ReleaseKind, ReportContent } from './report.ts';

/**
 * Exactly what a reader's signature covers who gives her report to be signed: identity, words and list of images, as of every report. Its
 * schema and kind are others, so that nothing takes it for a version that could be released.
 */
export type PendingReport = Omit<ReportContent, 'schema' | 'kind'> & {
  readonly schema: 'overread-pending-1';
  readonly kind: 'pending';
};

/** Who wrote a report that another reader signs. Both names stand on every form of it. */
export type DictatedBy = {
  readonly id: string;
  readonly name: string;
  readonly npi: string | null;
  /** When she gave it to be signed. */
  readonly givenAt: Instant;
  /** Digest of what she gave. */
  readonly digest: string;
  /** Whether the signed words are others than hers. */
  readonly changed: boolean;
};

export function pendingReportOf(content: ReportContent): PendingReport {
  const { schema: _schema, kind: _kind, ...rest } = content;
  return { ...rest, schema: 'overread-pending-1', kind: 'pending' };
}

/** What a version over another reader's pending report says of it. */
export function dictatedByOf(
  pending: { readonly report: PendingReport; readonly digest: string },
  sections: ReportContent['sections'],
): DictatedBy {
  const { signer, signedAt, sections: given } = pending.report;
  return {
    id: signer.id,
    name: signer.name,
    npi: signer.npi,
    givenAt: signedAt,
    digest: pending.digest,
    changed: isChanged(given, sections),
  };
}

/** An addendum or a correction still holds words of whoever wrote the report; a withdrawal holds none. */
export function dictatedByAfter(
  kind: ReleaseKind,
  parent: Pick<ReportContent, 'dictatedBy'> | null,
): DictatedBy | null {
  const before = parent?.dictatedBy ?? null;
  if (before === null) return null;
  if (kind === 'addendum') return before;
  return kind === 'correction' ? { ...before, changed: true } : null;
}

type CaseNames = Pick<PendingReport, 'taskId' | 'orderId' | 'archive' | 'studyUid' | 'accession'>;
export type PendingMisfit = { readonly code: 'another-case' | 'patient-changed'; readonly words: string };

/**
 * Whether words that wait for a signature are of this very case as it is known now. Where they are not, nobody puts them on its images: what
 * changed since is said, and they go back to their writer.
 */
export function pendingFits(
  report: CaseNames & Pick<PendingReport, 'patient'>,
  now: { readonly [Name in keyof CaseNames]: string | null },
  patient: PatientIdentity,
): Result<void, PendingMisfit> {
  const places = [
    ['reading task', report.taskId, now.taskId],
    ['order', report.orderId, now.orderId],
    ['archive', report.archive, now.archive],
    ['study', report.studyUid, now.studyUid],
    ['accession', report.accession, now.accession],
  ] as const;
  // A case only ever gains what it lacked: words that were given before still belong to it.
  const others = places.filter(([, given, known]) => given !== null && given !== known).map(([name]) => name);
  if (others.length > 0)
    return err({
      code: 'another-case',
      words: `It was given for another ${others.join(', ')} than this case has now.`,
    });
  const verdict = compareIdentity(patient, report.patient);
  if (verdict.grade !== 'stop' && verdict.grade !== 'ask') return ok(undefined);
  return err({
    code: 'patient-changed',
    words: `The patient was changed since it was given: ${verdict.differences.map((one) => one.words).join('; ')}.`,
  });
}

/** "dictated by Dr F. Sablewood, signed by Dr M. Tandewright"; null where who signed wrote it herself. */
export function twoNamesText(content: Pick<ReportContent, 'dictatedBy' | 'signer'>): string | null {
  return content.dictatedBy === undefined
    ? null
    : `dictated by ${content.dictatedBy.name}, signed by ${content.signer.name}`;
}

/** "Dr F. Sablewood (NPI 1…)": the name with its number as documents print it. */
export function nameWithNumber({ name, npi }: { readonly name: string; readonly npi: string | null }): string {
  return npi === null ? name : `${name} (NPI ${npi})`;
}

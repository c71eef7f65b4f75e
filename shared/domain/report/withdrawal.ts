import { err, ok, type Result } from '../../lib/result.ts';
import { addendumSectionCode, type ReportContent, type ReportSection, type ReportVersion } from './report.ts';

/** Why a released report is withdrawn. `wrong-patient`: its words are another patient's; there are then two patients to be told of. */
export const withdrawalReasons = ['wrong-patient', 'entered-in-error'] as const;
export type WithdrawalReason = (typeof withdrawalReasons)[number];

/** What a withdrawal says beside its reason in words; signed with it, so that whoever goes on after a crash knows all of it. */
export type Withdrawal = {
  readonly why: WithdrawalReason;
  /** The reading task of the exam that the words belong to; null where it is not known yet, or none is. No name of a second patient stands here. */
  readonly rightTaskId: string | null;
};

export const withdrawalWords: Readonly<Record<WithdrawalReason, string>> = {
  'wrong-patient': 'wrong patient',
  'entered-in-error': 'entered in error',
};

/** Title of the one section that a withdrawn report has. */
export const withdrawnTitle = 'Withdrawn';

/**
 * The words of a withdrawn report: that it is none, and why. What was withdrawn is not said again: it may be another patient's, and a
 * receiver that shows the newest words shows these.
 */
export function withdrawnSections(why: WithdrawalReason, version: number, reason: string): readonly ReportSection[] {
  const what =
    why === 'wrong-patient'
      ? 'Its words were filed under the wrong patient. They say nothing of the patient named above.'
      : 'It was entered in error.';
  const versions = version === 1 ? 'version 1' : `versions 1 to ${version}`;
  const text = [
    `THIS REPORT IS WITHDRAWN. ${what}`,
    `Do not use ${versions}. There is no report of this exam until a new one is signed.`,
    `Reason: ${reason.trim().replace(/\s+/g, ' ')}`,
  ].join('\n');
  return [{ code: addendumSectionCode, title: withdrawnTitle, text }];
}

export type WithdrawRefusal = {
  readonly code: 'nothing-released' | 'withdrawn-already' | 'not-hers';
  readonly words: string;
};

/** Whether this person may withdraw what stands: who signed a version of it, or a lead. Nothing about exam, images or licence stands against it. */
export function mayWithdraw(
  person: { readonly id: string; readonly role: string },
  versions: readonly Pick<ReportVersion, 'kind' | 'state' | 'returned' | 'content'>[],
): Result<void, WithdrawRefusal> {
  const standing = versions.filter((one) => one.returned === null && one.state !== 'signed-not-released');
  if (standing.some((one) => one.kind === 'withdrawal'))
    return err({ code: 'withdrawn-already', words: 'This report is withdrawn already.' });
  if (standing.length === 0)
    return err({
      code: 'nothing-released',
      words: 'Nothing of this report is released: there is nothing to withdraw.',
    });
  if (person.role === 'lead' || standing.some((one) => one.content.signer.id === person.id)) return ok(undefined);
  const names = [...new Set(standing.map((one) => one.content.signer.name))].join(' or ');
  return err({ code: 'not-hers', words: `Only ${names}, or a lead, may withdraw this report.` });
}

/** The version whose words were withdrawn; null where nothing was, or it is not known here. */
export function withdrawnVersion<Version extends Pick<ReportVersion, 'kind' | 'returned' | 'digest'>>(
  withdrawal: Pick<ReportContent, 'parentDigest'>,
  versions: readonly Version[],
): Version | null {
  return versions.find((one) => one.returned === null && one.digest === withdrawal.parentDigest) ?? null;
}

import type { Failure } from '../../../shared/api/index.ts';
import type { AuditPurpose } from '../../../shared/domain/audit/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import type { AuditLog } from '../audit/types.ts';
import type { CaseBook } from '../reading/case-book.ts';
import { failure } from './mount.ts';

/** Notes that a list which names patients is about to leave the host; answers the refusal where that cannot be noted, else null. */
export async function listNote(
  audit: Pick<AuditLog, 'record'>,
  { userName }: Pick<Reader, 'userName'>,
): Promise<{ ok: false; error: Failure } | null> {
  const noted = await audit.record([{ user: userName, purpose: 'list', patient: null, studyUid: null }]);
  return noted.ok ? null : failure('audit-unavailable', noted.error.message);
}

/** Notes that what is known of one case is about to leave the host; answers the refusal where that cannot be noted, else null. */
export function accessNote(
  audit: Pick<AuditLog, 'record'>,
  book: Pick<CaseBook, 'facts'>,
): (taskId: string, user: string, purpose: AuditPurpose) => Promise<{ ok: false; error: Failure } | null> {
  return async (taskId, user, purpose) => {
    const facts = book.facts(taskId);
    // Nothing is known of it here, so nothing of a patient goes out.
    if (facts === null) return null;
    const patient = facts.order?.patient.id ?? facts.seen?.study.patient.id ?? null;
    const noted = await audit.record([{ user, purpose, patient, studyUid: facts.task.studyUid }]);
    return noted.ok ? null : failure('audit-unavailable', noted.error.message);
  };
}

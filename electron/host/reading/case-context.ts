import type { CaseContext } from '../../../shared/domain/reading/index.ts';
import type { CaseFacts } from './case-book.ts';

/** What names a case, as the host has it now; the epoch is the page's own. */
export function contextOf({ task, order, seen }: CaseFacts): Omit<CaseContext, 'epoch'> {
  return {
    archive: task.archive,
    studyUid: task.studyUid,
    patientId: order?.patient.id ?? seen?.study.patient.id ?? null,
    issuer: order?.patient.issuer ?? seen?.study.patient.issuer ?? null,
    accession: order?.accession ?? seen?.study.accession ?? null,
    orderId: task.orderId,
    taskId: task.id,
  };
}

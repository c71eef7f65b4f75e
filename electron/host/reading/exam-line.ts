import { examName } from '../../../shared/domain/order/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import type { CaseBook, CaseFacts } from './case-book.ts';

type Row = ReturnType<CaseBook['row']>;

/** Whose and which exam a board's line is about. */
export type ExamLine = Pick<Row, 'taskId' | 'accession' | 'site'> & {
  /** Null where this host knows nothing of the case. */
  readonly patient: Row['patient'] | null;
  readonly exam: string;
};

/** As the record has it, whether or not the case still stands on the list: a page finds nobody there whose task has ended. */
export function examLineOf({ row }: Pick<CaseBook, 'row'>, facts: CaseFacts): ExamLine & Pick<Row, 'patient'> {
  const { patient, modality, procedure, accession, site } = row(facts);
  return { taskId: facts.task.id, patient, exam: examName(modality, procedure), accession, site };
}

/** The same by the task's id, which may not be known here. */
export function examLineOfTask(book: Pick<CaseBook, 'facts' | 'row'>, taskId: string): ExamLine {
  const facts = book.facts(taskId);
  return facts === null
    ? { taskId: taskId as TaskId, patient: null, exam: '', accession: null, site: null }
    : examLineOf(book, facts);
}

import { type Draft, examHeading, examSections } from '../../../shared/domain/report/index.ts';
import { unbroken } from '../../ui/index.ts';
import type { PlaceEditor } from './report-editor.tsx';

/** The other exams of a report over several, each with its heading, technique, findings and impression. */
export function ExamBlocks(props: { readonly draft: Draft; readonly editorOf: PlaceEditor }) {
  return (props.draft.together ?? []).map((exam) => (
    <section key={exam.taskId} className="exam-block" aria-label={examHeading(exam)}>
      <h3 className="exam-heading">{unbroken(examHeading(exam))}</h3>
      {examSections.map(({ code, title }) =>
        props.editorOf({ kind: 'section', code, exam: exam.studyUid }, `${title}, ${exam.accession ?? exam.exam}`),
      )}
    </section>
  ));
}

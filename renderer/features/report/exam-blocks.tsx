import { type Draft, type ExamSectionCode, examHeading, examSections } from '../../../shared/domain/report/index.ts';
import { SectionField, type SectionFieldHandle } from './section-field.tsx';
import { withExamText } from './together-words.ts';

/** The name under which the editor holds a field of another exam. */
export function examFieldName(taskId: string, code: ExamSectionCode): string {
  return `${taskId}|${code}`;
}

/** The other exams of a report over several, each with its heading, technique, findings and impression. */
export function ExamBlocks(props: {
  readonly draft: Draft;
  readonly readOnly: boolean;
  readonly hold: (name: string) => (handle: SectionFieldHandle | null) => void;
  readonly edit: (change: (draft: Draft) => Draft) => void;
  readonly onLeave: () => void;
}) {
  return (props.draft.together ?? []).map((exam) => (
    <section key={exam.taskId} className="exam-block" aria-label={examHeading(exam)}>
      <h3 className="exam-heading">{examHeading(exam)}</h3>
      {examSections.map(({ code, title }) => (
        <SectionField
          key={code}
          ref={props.hold(examFieldName(exam.taskId, code))}
          name={`${title}, ${exam.accession ?? exam.exam}`}
          value={exam.texts[code]}
          source={null}
          readOnly={props.readOnly}
          onChange={(text) => props.edit((before) => withExamText(before, exam.taskId, code, text))}
          onLeave={props.onLeave}
        />
      ))}
    </section>
  ));
}

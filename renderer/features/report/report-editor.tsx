import { Fragment, type Ref, useImperativeHandle, useRef } from 'react';
import type { CaseDetail } from '../../../shared/api/index.ts';
import {
  type Draft,
  examSections,
  insertMeasurement,
  isTogether,
  type Measurement,
  reportSections,
  type SectionCode,
} from '../../../shared/domain/report/index.ts';
import { prefillOf, prefillSources } from './draft-words.ts';
import { ExamBlocks, examFieldName } from './exam-blocks.tsx';
import { InsertedMeasurements } from './inserted-measurements.tsx';
import { SectionField, type SectionFieldHandle } from './section-field.tsx';
import { withExamText } from './together-words.ts';

export type ReportEditorHandle = {
  focusSection(code: SectionCode): void;
  focusFirst(): void;
  /** At the caret of Findings, or at its end where nobody has been there. */
  insert(measurement: Measurement): void;
};

export type ReportEditorProps = {
  readonly draft: Draft;
  readonly prefill: CaseDetail['prefill'];
  /** The open exam's heading, shown in a report over several. */
  readonly heading: string;
  readonly readOnly: boolean;
  /** While the dialog shows its own Reason, this one is plain text: one textbox of that name at a time. */
  readonly reasonElsewhere: boolean;
  readonly edit: (change: (draft: Draft) => Draft) => void;
  readonly onLeave: () => void;
  readonly onShowMeasurement: (measurement: Measurement) => void;
  readonly ref?: Ref<ReportEditorHandle>;
};

const findings = '59776-5' satisfies SectionCode;

function isOfExam(code: SectionCode): boolean {
  return examSections.some((one) => one.code === code);
}

/** The words of one draft: the five sections, or an addendum with its reason. */
export function ReportEditor(props: ReportEditorProps) {
  const { draft, readOnly, edit, onLeave } = props;
  const fields = useRef(new Map<string, SectionFieldHandle>());
  const hold = (name: string) => (handle: SectionFieldHandle | null) => {
    if (handle === null) fields.current.delete(name);
    else fields.current.set(name, handle);
  };
  const isAddendum = draft.kind === 'addendum';
  useImperativeHandle(props.ref, () => ({
    focusSection: (code) => fields.current.get(code)?.focus(),
    focusFirst: () => fields.current.get(isAddendum ? 'addendum' : findings)?.focus(),
    insert: (measurement) => {
      // A number goes to the words of the exam whose image it was taken from.
      const other = isAddendum ? undefined : draft.together?.find((exam) => exam.studyUid === measurement.studyUid);
      const name = isAddendum ? 'addendum' : other === undefined ? findings : examFieldName(other.taskId, findings);
      const field = fields.current.get(name);
      edit((before) => {
        const known = before.measurements.some((one) => one.id === measurement.id);
        const measurements = known ? before.measurements : [...before.measurements, measurement];
        const exam = before.together?.find((one) => one.taskId === other?.taskId);
        if (other !== undefined && exam !== undefined) {
          const put = insertMeasurement(exam.texts[findings], measurement.text, field?.caret() ?? undefined);
          field?.moveCaret(put.caret);
          return { ...withExamText(before, exam.taskId, findings, put.text), measurements };
        }
        const text = before.kind === 'addendum' ? before.addendum : before.sections[findings];
        const put = insertMeasurement(text, measurement.text, field?.caret() ?? undefined);
        field?.moveCaret(put.caret);
        return before.kind === 'addendum'
          ? { ...before, addendum: put.text, measurements }
          : { ...before, sections: { ...before.sections, [findings]: put.text }, measurements };
      });
    },
  }));
  const several = isTogether(draft) && !isAddendum;
  // Of several exams, what is of all stands first and each exam's own words under its heading.
  const sections = several
    ? [...reportSections].sort((left, right) => Number(isOfExam(left.code)) - Number(isOfExam(right.code)))
    : reportSections;
  const firstOwn = several ? sections.find(({ code }) => isOfExam(code))?.code : undefined;
  const reason =
    draft.kind === 'report' ? null : props.reasonElsewhere ? (
      <div className="report-section">
        <div className="report-section-head">Reason</div>
        <p className="report-text">{draft.reason}</p>
      </div>
    ) : (
      <SectionField
        ref={hold('reason')}
        name="Reason"
        value={draft.reason}
        source={null}
        readOnly={readOnly}
        placeholder={isAddendum ? 'why words are added' : 'why the report is corrected'}
        onChange={(text) => edit((before) => ({ ...before, reason: text }))}
        onLeave={onLeave}
      />
    );
  return (
    <div className="report-sections">
      {isAddendum ? (
        <SectionField
          ref={hold('addendum')}
          name="Addendum"
          value={draft.addendum}
          source={null}
          readOnly={readOnly}
          onChange={(text) => edit((before) => ({ ...before, addendum: text }))}
          onLeave={onLeave}
        />
      ) : (
        sections.map(({ code, title }) => {
          const text = draft.sections[code];
          const untouched = draft.kind === 'report' && text !== '' && text === prefillOf(props.prefill, code);
          const field = (
            <SectionField
              key={code}
              ref={hold(code)}
              name={title}
              value={text}
              source={untouched ? (prefillSources[code] ?? null) : null}
              readOnly={readOnly}
              onChange={(next) => edit((before) => ({ ...before, sections: { ...before.sections, [code]: next } }))}
              onLeave={onLeave}
            />
          );
          return code === firstOwn ? (
            <Fragment key={code}>
              <h3 className="exam-heading">{props.heading}</h3>
              {field}
            </Fragment>
          ) : (
            field
          );
        })
      )}
      {isAddendum ? null : <ExamBlocks draft={draft} readOnly={readOnly} hold={hold} edit={edit} onLeave={onLeave} />}
      {reason}
      <InsertedMeasurements draft={draft} readOnly={readOnly} edit={edit} onShow={props.onShowMeasurement} />
    </div>
  );
}

import type { ComponentProps, RefObject } from 'react';
import type { CaseDetail, ReportView } from '../../../shared/api/index.ts';
import type { Draft } from '../../../shared/domain/report/index.ts';
import type { CaseStore } from '../../case/index.ts';
import { CommunicationSection } from './communication-section.tsx';
import { ReportEditor, type ReportEditorHandle } from './report-editor.tsx';
import type { ReportPanelProps } from './report-panel-props.ts';
import type { Spelling } from './spelling/use-spelling.tsx';
import { ownHeading } from './together-words.ts';

/** The words that are written: what an addendum or correction belongs to, templates, the editor, and who was told. */
export function ReportWords(props: {
  readonly detail: CaseDetail;
  readonly report: ReportView;
  readonly draft: Draft;
  /** The draft of this moment, newer than the one on screen may be. */
  readonly current: () => Draft;
  readonly edit: (change: (draft: Draft) => Draft) => void;
  /** False while another window writes, or a signature is asked for. */
  readonly writes: boolean;
  readonly signing: boolean;
  readonly laterKind: 'addendum' | 'correction' | null;
  /** Of the version that a later one belongs to; 0 where none stands. */
  readonly versionBefore: number;
  readonly editor: RefObject<ReportEditorHandle | null>;
  readonly history: ComponentProps<typeof ReportEditor>['history'];
  readonly spelling: Spelling;
  readonly caseStore: CaseStore;
  readonly templates: ReportPanelProps['templates'];
  readonly onLeave: () => void;
}) {
  const { detail, report, draft, current, edit, writes, laterKind, editor, history, caseStore } = props;
  return (
    <>
      {laterKind === null ? null : (
        <p className="report-line">
          <b>{laterKind === 'addendum' ? 'Addendum' : 'Correction'}</b> to version {props.versionBefore}: a new version;
          what is released stays as it is.
          {laterKind === 'correction' && report.state === 'appended'
            ? ' The addendum stays below it as it was signed.'
            : null}
        </p>
      )}
      {props.templates?.({
        draft,
        writes,
        edit,
        current,
        place: () => editor.current?.caretPlace() ?? null,
        caretTo: (place) => editor.current?.caretTo(place),
        focus: () => editor.current?.focusFirst(),
      })}
      <ReportEditor
        ref={editor}
        draft={draft}
        current={current}
        history={history}
        spelling={props.spelling}
        prefill={detail.prefill}
        heading={ownHeading(detail)}
        readOnly={!writes}
        reasonElsewhere={props.signing}
        edit={edit}
        onLeave={props.onLeave}
        onShowMeasurement={(measurement) => caseStore.send({ type: 'show-measurement', measurement })}
      />
      {draft.kind === 'addendum' ? null : <CommunicationSection text={draft.communication ?? ''} />}
    </>
  );
}

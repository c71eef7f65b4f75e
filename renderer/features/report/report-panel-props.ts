import type { ReactNode, Ref } from 'react';
import type { CaseDetail } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import type { Draft } from '../../../shared/domain/report/index.ts';
import type { CaseStore } from '../../case/index.ts';
import type { Mirror } from '../../data/index.ts';
import type { HostClient } from '../../host/index.ts';
import type { AfterPending } from './pending-notice.tsx';
import type { SectionCaret } from './report-editor.tsx';

/** What the screen around the report may ask of it. */
export type ReportPanelHandle = {
  /** True when no word would be lost by leaving now: both places have all, or nothing was written. */
  flush(): Promise<boolean>;
  unsaved(): boolean;
  focusEditor(): void;
};

/** What the report gives to whoever puts words into it. */
export type TemplateSeat = {
  readonly draft: Draft;
  readonly writes: boolean;
  readonly edit: (change: (draft: Draft) => Draft) => void;
  readonly current: () => Draft;
  /** Where the caret is, or was last; null where it is in no section. */
  readonly place: () => SectionCaret | null;
  readonly caretTo: (place: SectionCaret) => void;
  readonly focus: () => void;
};

export type ReportPanelProps = {
  /** The open case. Another epoch is another case: the panel then starts anew. */
  readonly detail: CaseDetail;
  readonly reader: Reader;
  readonly host: Pick<HostClient, 'call'>;
  /** Null where this machine's store could not be opened. */
  readonly mirror: Mirror | null;
  readonly caseStore: CaseStore;
  /** Earlier exams: another feature's matter, which has its place among the report's blocks. */
  readonly priors?: ReactNode;
  /** Grows with each word of the host that this case changed. */
  readonly changes?: number;
  /** The line of dictation, above the signature. */
  readonly dictation?: ReactNode;
  /** Whom somebody told of critical results, as it is to be signed; null while nobody knows. */
  readonly communication?: string | null;
  /** What the app puts above the words: critical results, images that came after the report. */
  readonly above?: (draft: Draft | null) => ReactNode;
  /** The report was given to be signed, taken back or sent back: where the screen goes then. */
  readonly onPending?: (next: AfterPending) => void;
  /** Another feature's matter above the words: templates, which change the draft by `edit` alone. */
  readonly templates?: (seat: TemplateSeat) => ReactNode;
  /** No images stand beside it: it has the whole width. */
  readonly alone?: boolean;
  readonly ref?: Ref<ReportPanelHandle>;
};

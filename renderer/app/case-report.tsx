import { type Ref, Suspense, useRef, useState } from 'react';
import type { CaseDetail, WorklistRow } from '../../shared/api/index.ts';
import { can } from '../../shared/domain/reader/index.ts';
import type { Silent, TaskId } from '../../shared/domain/reading/index.ts';
import type { Draft } from '../../shared/domain/report/index.ts';
import { DictationStrip } from '../features/dictation/index.ts';
import { PriorsPanel } from '../features/priors/index.ts';
import type { AfterPending, ReportPanelHandle } from '../features/report/index.ts';
import { CaseWithdrawal, OfferedWords } from '../features/withdrawal/index.ts';
import type { HostClient } from '../host/index.ts';
import { Apart, partApart } from '../ui/index.ts';
import { AboveReport } from './above-report.tsx';
import { caseWords } from './case-words.ts';
import type { SignedIn } from './signed-in.ts';

const saveDocument = partApart(async () => (await import('../features/report/index.ts')).SaveDocument);
const templateDesk = partApart(async () => (await import('../features/templates/index.ts')).TemplateDesk);
const reportTrial = partApart(async () => (await import('../features/report/index.ts')).ReportTrial);
const reportPanel = partApart(async () => (await import('../features/report/index.ts')).ReportPanel);

/** Brings what the report of a case is made of, before one is opened. */
export async function loadReport(): Promise<void> {
  await Promise.all([saveDocument, templateDesk, reportTrial, reportPanel].map((part) => part.load()));
}

/** The report's place until it stands: what is beside it does not move. */
export function ReportWaiting() {
  return <section className="report-waiting" aria-label="Report" />;
}

/** The report of the open case, with what other features put above, below and into it. */
export function CaseReport(props: {
  readonly host: HostClient;
  readonly signedIn: SignedIn;
  readonly detail: CaseDetail;
  readonly live: WorklistRow;
  readonly silent: Silent;
  /** No images stand beside it. */
  readonly alone: boolean;
  readonly report: Ref<ReportPanelHandle>;
  readonly onRead: () => void;
  /** The report was given to be signed, taken back or sent back. */
  readonly onPending: (next: AfterPending) => void;
  /** Another case in this one's place. */
  readonly onOther: (taskId: TaskId) => void;
}) {
  const { host, signedIn, detail, live, silent, onRead, onOther } = props;
  const { caseStore } = signedIn;
  const { epoch } = detail.context;
  const draftNow = useRef<{ readonly epoch: number; readonly current: () => Draft } | null>(null);
  // Of this opening alone: words of the case before are none of this one's.
  const words = (): readonly string[] =>
    caseWords(detail, draftNow.current?.epoch === epoch ? draftNow.current.current() : null);
  const [communication, setCommunication] = useState<string | null>(null);
  return (
    <Suspense fallback={<ReportWaiting />}>
      <Apart
        part={reportPanel}
        ref={props.report}
        alone={props.alone}
        host={host}
        caseStore={caseStore}
        detail={detail}
        reader={signedIn.session.reader}
        mirror={signedIn.mirror}
        dictation={
          detail.mode === 'read' ? (
            <DictationStrip host={host} caseStore={caseStore} epoch={epoch} devices={signedIn.devices} words={words} />
          ) : null
        }
        communication={communication}
        onPending={props.onPending}
        above={(draft) => (
          <>
            <CaseWithdrawal
              host={host}
              caseStore={caseStore}
              detail={detail}
              reader={signedIn.session.reader}
              zone={(detail.order?.site ?? live.site)?.zone ?? 'UTC'}
              onOpen={onOther}
            />
            <AboveReport
              {...{ host, signedIn, caseStore, detail, live, draft }}
              onRead={onRead}
              onCommunication={setCommunication}
            />
          </>
        )}
        templates={(seat) => {
          draftNow.current = { epoch, current: seat.current };
          return (
            <Suspense fallback={null}>
              <OfferedWords
                host={host}
                caseStore={caseStore}
                detail={detail}
                draft={seat.draft}
                writes={seat.writes}
                edit={seat.edit}
              />
              <Apart
                part={templateDesk}
                {...seat}
                detail={detail}
                host={host}
                caseStore={caseStore}
                trial={(draft) => <Apart part={reportTrial} draft={draft} />}
              />
            </Suspense>
          );
        }}
        priors={
          <PriorsPanel
            detail={detail}
            host={host}
            caseStore={caseStore}
            answering={silent === null}
            zone={detail.order?.site?.zone ?? 'UTC'}
            mayConfirm={can(signedIn.session.reader.role, 'resolve-identity')}
            document={(reportId) => (
              <Suspense fallback={null}>
                <Apart part={saveDocument} host={host} taskId={detail.context.taskId} reportId={reportId} />
              </Suspense>
            )}
          />
        }
      />
    </Suspense>
  );
}

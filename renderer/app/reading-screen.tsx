import { lazy, type Ref, type RefObject, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useStore } from 'zustand';
import type { CaseDetail } from '../../shared/api/index.ts';
import { can } from '../../shared/domain/reader/index.ts';
import type { Silent, TaskId } from '../../shared/domain/reading/index.ts';
import type { Draft } from '../../shared/domain/report/index.ts';
import { type CaseMode, type CaseStore, shownExam, shownTime } from '../case/index.ts';
import { StudyDesk } from '../features/assignment/index.ts';
import { DictationStrip } from '../features/dictation/index.ts';
import { CaseNews, OrderStrip, ReceivedMessage } from '../features/orders/index.ts';
import { PriorsPanel } from '../features/priors/index.ts';
import type { ReportPanelHandle } from '../features/report/index.ts';
import { DisputeFile, EnterDowntimeRead } from '../features/turnaround/index.ts';
import type { ViewerHandle } from '../features/viewer/index.ts';
import { CaseWithdrawal, OfferedWords } from '../features/withdrawal/index.ts';
import type { HostClient } from '../host/index.ts';
import { Button, isText, Message, useCommands, useNow } from '../ui/index.ts';
import { AboveReport } from './above-report.tsx';
import { ArrivalLine } from './arrival-line.tsx';
import { caretNow, restoreCaret } from './caret-place.ts';
import { caseWords } from './case-words.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { IdentityLine } from './identity-line.tsx';
import type { ImagingSlot } from './imaging-slot.ts';
import { LookReasonDialog } from './look-reason.tsx';
import { PatientBar } from './patient-bar.tsx';
import { type ImagesPorts, ReadingImages } from './reading-images.tsx';
import { saveMarks } from './save-marks.ts';
import type { SignedIn } from './signed-in.ts';
import { StatBanner } from './stat-banner.tsx';
import { useClaim } from './use-claim.ts';
import type { Codes } from './use-codes.ts';
import { useKeptCoverage } from './use-kept-coverage.ts';
import { useLiveSources } from './use-live-sources.ts';
import { ImagesElsewhere } from './windows/images-elsewhere.tsx';
import type { WindowsOfReading } from './windows/use-windows.tsx';

const SaveDocument = lazy(async () => ({ default: (await import('../features/report/index.ts')).SaveDocument }));
const TemplateDesk = lazy(async () => ({ default: (await import('../features/templates/index.ts')).TemplateDesk }));
const ReportPanel = lazy(async () => ({ default: (await import('../features/report/index.ts')).ReportPanel }));

type ReadingProps = {
  readonly host: HostClient;
  readonly signedIn: SignedIn;
  readonly imaging: ImagingSlot;
  readonly onLeave: () => void;
  readonly onReopen: (mode: CaseMode) => void;
  /** Another case in this one's place. */
  readonly onOther: (taskId: TaskId) => void;
  /** Where the bar's own way to the list asks first, so that every way out waits for the words. */
  readonly leaving: RefObject<((go?: () => void) => void) | null>;
  /** Who does not answer, so that claim and state are told as of their last confirmation. */
  readonly silent: Silent;
  /** The lines below the images; null before they are there. */
  readonly strip: HTMLElement | null;
  readonly codes: Codes;
  readonly onTelling: (telling: boolean) => void;
  readonly windows: WindowsOfReading;
};

/** What the images beside the report tell and take: everything goes by the case store, with its epoch. */
function portsOf(host: HostClient, caseStore: CaseStore, detail: CaseDetail, screens: number): ImagesPorts {
  return {
    marks: caseStore.marks,
    coverage: caseStore.coverage,
    screens,
    onCommand: caseStore.onCommand,
    onSaveMarks: () => saveMarks(host, caseStore, detail.context),
    onActivity: () => caseStore.publish({ type: 'activity', epoch: detail.context.epoch }),
    onMeasurement: (measurement, epoch) => caseStore.publish({ type: 'measurement', measurement, epoch }),
    onComparisonOpened: (studyUid, epoch) => caseStore.publish({ type: 'comparison-opened', studyUid, epoch }),
    onProgress: (ready, total, epoch) => caseStore.publish({ type: 'images-progress', ready, total, epoch }),
    onTrouble: (words, epoch) => caseStore.publish({ type: 'images-trouble', words, epoch }),
  };
}

function OpenCase({
  host,
  signedIn,
  imaging,
  detail,
  onReopen,
  onLeave,
  onOther,
  report,
  keepWords,
  silent,
  strip,
  codes,
  onTelling,
  windows,
}: ReadingProps & {
  readonly detail: CaseDetail;
  readonly report: Ref<ReportPanelHandle>;
  /** True when every word is in both places. */
  readonly keepWords: () => Promise<boolean>;
}) {
  const { caseStore } = signedIn;
  const { epoch } = detail.context;
  const claim = useClaim(host, caseStore, detail);
  useKeptCoverage(signedIn, detail);
  const live = useStore(signedIn.worklist.state, (state) => state.rows.get(detail.context.taskId) ?? detail.row);
  useLiveSources({ detail, host, caseStore, changes: live });

  const asOf = useStore(signedIn.worklist.state, (state) => state.asOf);

  const now = useNow(10_000);
  // The list may be a moment behind the claim that was just made: the open case's own token and state stand for it.
  const deskRow =
    detail.claim === null
      ? live
      : {
          ...live,
          fencingToken: detail.claim.fencingToken,
          reader: { id: detail.claim.reader, name: detail.claim.readerName },
          leaseUntil: detail.claim.leaseUntil,
        };

  // What was kept when this case was suspended; taken once, and only by the reading that it belongs to.
  const [kept] = useState(() =>
    detail.mode === 'read'
      ? (signedIn.suspended.state.getState().find((one) => one.taskId === detail.context.taskId) ?? null)
      : null,
  );
  useEffect(() => {
    if (kept === null) return;
    signedIn.suspended.take(kept.taskId);
    return kept.caret === null ? undefined : restoreCaret(kept.caret);
  }, [kept, signedIn]);
  const viewer = useRef<ViewerHandle>(null);
  const draftNow = useRef<{ readonly epoch: number; readonly current: () => Draft } | null>(null);
  // Of this opening alone: words of the case before are none of this one's.
  const words = (): readonly string[] =>
    caseWords(detail, draftNow.current?.epoch === epoch ? draftNow.current.current() : null);
  const [unkept, setUnkept] = useState(false);
  const [communication, setCommunication] = useState<string | null>(null);
  const suspendedCases = useStore(signedIn.suspended.state);
  const last = suspendedCases.filter((one) => one.taskId !== detail.context.taskId).at(-1) ?? null;
  const done = live.state === 'completed' || live.state === 'cancelled';

  const onSwitch = async (next: TaskId): Promise<void> => {
    const caret = caretNow();
    const view = viewer.current?.keep() ?? null;
    if (!(await keepWords())) {
      setUnkept(true);
      return;
    }
    if (detail.mode === 'read' && detail.claim !== null && !done) {
      const { fencingToken } = detail.claim;
      signedIn.suspended.suspend({ taskId: detail.context.taskId, row: live, fencingToken, view, caret });
    }
    onOther(next);
  };

  useCommands([
    {
      id: 'case.return',
      title: 'Back to the suspended study',
      group: 'Study',
      keys: 'Shift+F6',
      run: () => last !== null && void onSwitch(last.taskId),
      enabled: () => last !== null,
    },
    {
      id: 'case.read',
      title: 'Claim this study and read it',
      group: 'Report',
      keys: null,
      run: () => onReopen('read'),
      enabled: () => detail.mode === 'look',
    },
  ]);

  return (
    <>
      <PatientBar detail={detail} live={live} silent={silent} asOf={asOf} />
      <DisputeFile host={host} taskId={detail.context.taskId} />
      <EnterDowntimeRead
        host={host}
        taskId={detail.context.taskId}
        zone={detail.order?.site?.zone ?? 'UTC'}
        allowed={can(signedIn.session.reader.role, 'enter-downtime-read')}
      />
      <IdentityLine
        detail={detail}
        resolve={{
          host,
          onResolved: (identityResolution) => caseStore.amend(epoch, (before) => ({ ...before, identityResolution })),
        }}
      />
      <OrderStrip host={host} row={live} />
      <ReceivedMessage host={host} taskId={detail.context.taskId} button={false} />
      <div className="main reading">
        {windows.imagesHere ? (
          <div className="reading-images">
            <ErrorBoundary part="the image viewer" key={epoch}>
              <ReadingImages
                slot={imaging}
                detail={detail}
                ports={portsOf(host, caseStore, detail, windows.screens)}
                kept={kept?.view ?? null}
                viewer={viewer}
              />
            </ErrorBoundary>
          </div>
        ) : (
          <ImagesElsewhere hub={signedIn.windows.hub} host={host} caseStore={caseStore} detail={detail} />
        )}
        <ErrorBoundary part="the report panel" key={`report-${epoch}`}>
          <Suspense fallback={<section className="report-waiting" aria-label="Report" />}>
            <ReportPanel
              ref={report}
              alone={!windows.imagesHere}
              host={host}
              caseStore={caseStore}
              detail={detail}
              reader={signedIn.session.reader}
              mirror={signedIn.mirror}
              dictation={
                detail.mode === 'read' ? (
                  <DictationStrip
                    host={host}
                    caseStore={caseStore}
                    epoch={epoch}
                    devices={signedIn.devices}
                    words={words}
                  />
                ) : null
              }
              communication={communication}
              above={
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
                    {...{ host, signedIn, caseStore, detail, live }}
                    onRead={() => onReopen('read')}
                    onCommunication={setCommunication}
                  />
                </>
              }
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
                    <TemplateDesk {...seat} detail={detail} host={host} caseStore={caseStore} />
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
                      <SaveDocument host={host} taskId={detail.context.taskId} reportId={reportId} />
                    </Suspense>
                  )}
                />
              }
            />
          </Suspense>
        </ErrorBoundary>
      </div>
      {/* In a place of its own below the images: what comes and goes there neither moves nor rescales them. */}
      {strip === null
        ? null
        : createPortal(
            <>
              {claim.lapsed === null ? null : (
                <Message
                  tone="stop"
                  title="Your claim lapsed."
                  action={<Button onClick={() => onReopen('read')}>Claim again</Button>}
                >
                  {claim.lapsed} Your words are kept.
                </Message>
              )}
              {unkept ? (
                <Message
                  tone="ask"
                  title="Not switched: your last words are not in both places yet."
                  action={<Button onClick={() => setUnkept(false)}>Stay</Button>}
                />
              ) : null}
              <StudyDesk
                host={host}
                reader={signedIn.session.reader}
                row={deskRow}
                now={now}
                before={keepWords}
                onGivenUp={onLeave}
                onResumed={() => onReopen('read')}
                buttons={false}
              />
              {detail.mode === 'read' && !done ? (
                <StatBanner
                  host={host}
                  signedIn={signedIn}
                  detail={detail}
                  now={now}
                  codes={codes}
                  onTelling={onTelling}
                  onSwitch={(next) => void onSwitch(next)}
                />
              ) : null}
              {last === null ? null : (
                <Message
                  tone={last.lost === null ? 'tell' : 'ask'}
                  title={`Suspended: ${shownExam(last.row)}, ${last.row.accession ?? 'no accession'}.`}
                  action={
                    <Button keys="Shift+F6" onClick={() => void onSwitch(last.taskId)}>
                      Return
                    </Button>
                  }
                >
                  {last.lost === null
                    ? 'It is still yours and comes back as it was.'
                    : `${last.lost} Your words are kept.`}
                </Message>
              )}
              <CaseNews
                host={host}
                caseStore={caseStore}
                detail={detail}
                live={live}
                onReopen={() => onReopen(detail.mode)}
              />
              <ArrivalLine detail={detail} live={live} now={now} onReopen={() => onReopen(detail.mode)} />
            </>,
            strip,
          )}
    </>
  );
}

/** One case: who it is, its images, its report. Opens by the address, closes by leaving it. */
export function ReadingScreen(props: ReadingProps & { readonly taskId: TaskId; readonly mode: CaseMode }) {
  const { signedIn, taskId, mode, leaving } = props;
  const report = useRef<ReportPanelHandle>(null);
  const [unsaved, setUnsaved] = useState(false);
  const { caseStore } = signedIn;
  const state = useStore(caseStore.state);

  /** Leaving waits for the words: both places have them, or she is told and decides. */
  const { onLeave: leaveNow } = props;
  const onLeave = useCallback(
    async (go: () => void = leaveNow) => {
      const kept = report.current === null || !report.current.unsaved() || (await report.current.flush());
      if (kept) go();
      else setUnsaved(true);
    },
    [leaveNow],
  );

  useEffect(() => {
    leaving.current = (go) => void onLeave(go);
    return () => {
      leaving.current = null;
    };
  }, [leaving, onLeave]);

  /** Opens the case anew, in the same mode or another: the words go to both places first. */
  const onReopen = async (next: CaseMode): Promise<void> => {
    await report.current?.flush();
    if (next === mode) await caseStore.open(taskId, mode);
    else props.onReopen(next);
  };

  useEffect(() => {
    void caseStore.open(taskId, mode);
    return () => caseStore.close();
  }, [caseStore, taskId, mode]);

  useCommands([
    {
      id: 'case.back',
      title: 'Back to the list',
      group: 'Report',
      keys: 'Escape',
      run: () => {
        // In a field Esc leaves the field, not the case.
        const { activeElement } = document;
        if (isText(activeElement) && activeElement instanceof HTMLElement) activeElement.blur();
        else void onLeave();
      },
    },
  ]);

  switch (state.kind) {
    case 'none':
    case 'opening':
      return (
        <div className="main">
          <Message form="block" tone="tell" title={mode === 'read' ? 'Claiming and opening…' : 'Opening…'} />
        </div>
      );
    case 'failed': {
      const { failure } = state;
      const held = failure.code === 'held-by-another' ? failure.heldBy : undefined;
      if (failure.code === 'reason-needed')
        return (
          <div className="main">
            <LookReasonDialog
              why={failure.message}
              onLook={(reason) => {
                signedIn.lookReasons.set(taskId, reason);
                void caseStore.open(taskId, 'look');
              }}
              onLeave={() => void onLeave()}
            />
          </div>
        );
      return (
        <div className="main">
          <Message
            form="block"
            tone="ask"
            title={
              held === undefined
                ? 'The study could not be opened.'
                : `${held.name} has it until ${shownTime(held.leaseUntil, null)}.`
            }
            action={
              <>
                {state.mode === 'read' && failure.code !== 'not-found' ? (
                  <Button kind="go" onClick={() => void onReopen('look')}>
                    Look
                  </Button>
                ) : null}
                <Button onClick={() => void caseStore.open(taskId, mode)}>Try again</Button>
                <Button keys="Esc" kind="quiet" onClick={() => void onLeave()}>
                  Back to the list
                </Button>
              </>
            }
          >
            {held === undefined ? failure.message : 'You may look; signing is theirs while the claim runs.'}
          </Message>
        </div>
      );
    }
    case 'open':
      return (
        <>
          {unsaved ? (
            <Message
              tone="ask"
              title="Not everything is saved in both places."
              action={
                <>
                  <Button onClick={() => setUnsaved(false)}>Stay</Button>
                  <Button kind="quiet" onClick={leaveNow}>
                    Leave all the same
                  </Button>
                </>
              }
            >
              What this machine keeps comes back when the case is opened here again.
            </Message>
          ) : null}
          <OpenCase
            {...props}
            onReopen={(next) => void onReopen(next)}
            onLeave={leaveNow}
            keepWords={async () =>
              report.current === null || !report.current.unsaved() || (await report.current.flush())
            }
            detail={state.detail}
            report={report}
            key={state.epoch}
          />
        </>
      );
  }
}

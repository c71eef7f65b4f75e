import { type Ref, useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { useStore } from 'zustand';
import type { CaseDetail } from '../../shared/api/index.ts';
import { can } from '../../shared/domain/reader/index.ts';
import type { Silent, TaskId } from '../../shared/domain/reading/index.ts';
import type { CaseMode, CaseStore } from '../case/index.ts';
import { OrderStrip, ReceivedMessage } from '../features/orders/index.ts';
import type { ReportPanelHandle } from '../features/report/index.ts';
import { DisputeFile, EnterDowntimeRead } from '../features/turnaround/index.ts';
import type { ViewerHandle } from '../features/viewer/index.ts';
import type { HostClient } from '../host/index.ts';
import { useCommands } from '../ui/index.ts';
import { CaseLines } from './case-lines.tsx';
import { CaseReport, ReportWaiting } from './case-report.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { IdentityLine } from './identity-line.tsx';
import type { ImagingSlot } from './imaging-slot.ts';
import { PatientBar } from './patient-bar.tsx';
import { type ImagesPorts, ReadingImages } from './reading-images.tsx';
import { saveMarks } from './save-marks.ts';
import type { SignedIn } from './signed-in.ts';
import { useClaim } from './use-claim.ts';
import type { Codes } from './use-codes.ts';
import { useImagesFirst } from './use-images-first.ts';
import { useKeptCoverage } from './use-kept-coverage.ts';
import { useLiveSources } from './use-live-sources.ts';
import { useSuspendedCase } from './use-suspended-case.ts';
import { ImagesElsewhere } from './windows/images-elsewhere.tsx';
import type { WindowsOfReading } from './windows/use-windows.tsx';

export type OpenCaseProps = {
  readonly host: HostClient;
  readonly signedIn: SignedIn;
  readonly imaging: ImagingSlot;
  readonly onLeave: () => void;
  readonly onReopen: (mode: CaseMode) => void;
  /** Another case in this one's place. */
  readonly onOther: (taskId: TaskId) => void;
  /** Who does not answer, so that claim and state are told as of their last confirmation. */
  readonly silent: Silent;
  /** The lines below the images; null before they are there. */
  readonly strip: HTMLElement | null;
  readonly codes: Codes;
  readonly onTelling: (telling: boolean) => void;
  readonly windows: WindowsOfReading;
};

/** What the images beside the report tell and take: everything goes by the case store, with its epoch. */
function portsOf(
  host: HostClient,
  caseStore: CaseStore,
  detail: CaseDetail,
  screens: number,
  onImage: () => void,
): ImagesPorts {
  return {
    marks: caseStore.marks,
    coverage: caseStore.coverage,
    screens,
    onCommand: caseStore.onCommand,
    onSaveMarks: () => saveMarks(host, caseStore, detail.context),
    onImage,
    onActivity: () => caseStore.publish({ type: 'activity', epoch: detail.context.epoch }),
    onMeasurement: (measurement, epoch) => caseStore.publish({ type: 'measurement', measurement, epoch }),
    onComparisonOpened: (studyUid, epoch) => caseStore.publish({ type: 'comparison-opened', studyUid, epoch }),
    onProgress: (ready, total, epoch) => caseStore.publish({ type: 'images-progress', ready, total, epoch }),
    onTrouble: (words, epoch) => caseStore.publish({ type: 'images-trouble', words, epoch }),
  };
}

/** One case as it was opened: its bar, images, report and lines. Another opening is another component. */
export function OpenCase({
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
}: OpenCaseProps & {
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

  const studyUid = windows.imagesHere ? (detail.study?.studyUid ?? null) : null;
  const { restStands, imageStands } = useImagesFirst(studyUid === null ? 'none' : imaging.where(studyUid));
  useEffect(() => {
    if (restStands) host.calm.end();
  }, [host, restStands]);
  const viewer = useRef<ViewerHandle>(null);
  const suspended = useSuspendedCase({ signedIn, detail, live, viewer, keepWords, onOther });
  useCommands([
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
                ports={portsOf(host, caseStore, detail, windows.screens, imageStands)}
                kept={suspended.keptView}
                viewer={viewer}
              />
            </ErrorBoundary>
          </div>
        ) : (
          <ImagesElsewhere hub={signedIn.windows.hub} host={host} caseStore={caseStore} detail={detail} />
        )}
        <ErrorBoundary part="the report panel" key={`report-${epoch}`}>
          {restStands ? (
            <CaseReport
              {...{ host, signedIn, detail, live, silent, report, onOther }}
              alone={!windows.imagesHere}
              onRead={() => onReopen('read')}
              onPending={(next) => (next === 'leave' ? onLeave() : onReopen(next))}
            />
          ) : (
            <ReportWaiting />
          )}
        </ErrorBoundary>
      </div>
      {/* In a place of its own below the images: what comes and goes there neither moves nor rescales them. */}
      {strip === null
        ? null
        : createPortal(
            <CaseLines
              {...{ host, signedIn, detail, live, suspended, codes, onTelling, keepWords, onReopen, onLeave }}
              lapsed={claim.lapsed}
            />,
            strip,
          )}
    </>
  );
}

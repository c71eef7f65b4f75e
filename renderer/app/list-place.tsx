import { useCallback } from 'react';
import { useStore } from 'zustand';
import type { WorklistRow } from '../../shared/api/index.ts';
import { can } from '../../shared/domain/reader/index.ts';
import type { Silent, TaskId } from '../../shared/domain/reading/index.ts';
import { StudyDesk } from '../features/assignment/index.ts';
import { CriticalBoard, type useOpenCriticals } from '../features/critical-results/index.ts';
import { FollowUpBoard } from '../features/follow-up/index.ts';
import { AfterReportBoard } from '../features/images-after-report/index.ts';
import { OrderPanel, ReceivedMessage } from '../features/orders/index.ts';
import { OverreadBoard } from '../features/overread/index.ts';
import { WithdrawalBoard } from '../features/withdrawal/index.ts';
import { Worklist } from '../features/worklist/index.ts';
import type { HostClient } from '../host/index.ts';
import { CredentialReminder } from './credential-reminder.tsx';
import type { SignedIn } from './signed-in.ts';
import type { useImagesAhead } from './use-images-ahead.ts';

/** The list, with what waits for somebody below its rows. */
export function ListPlace(props: {
  readonly host: HostClient;
  readonly signedIn: SignedIn;
  readonly silent: Silent;
  /** The case that she comes back from. */
  readonly returnTo: TaskId | null;
  readonly ahead: ReturnType<typeof useImagesAhead>['rows'];
  readonly criticals: ReturnType<typeof useOpenCriticals>;
  readonly onRead: (taskId: TaskId) => void;
  readonly onLook: (taskId: TaskId) => void;
  readonly onOpenToAct: (taskId: TaskId) => void;
  readonly onDesk: (taskId: TaskId) => void;
}) {
  const { host, signedIn, onRead, onLook, onOpenToAct } = props;
  const { reader } = signedIn.session;
  const { role } = reader;
  const fitReader = useStore(signedIn.justRead.state);
  const listVersion = useStore(signedIn.worklist.state, (state) => state.version);
  const orderOf = useCallback(
    (row: WorklistRow) => (
      <OrderPanel host={host} row={row} received={<ReceivedMessage host={host} taskId={row.taskId} button />} />
    ),
    [host],
  );
  const kept = useCallback(() => Promise.resolve(true), []);
  const refresh = signedIn.worklist.refresh;
  const deskOf = useCallback(
    (row: WorklistRow, now: number) => (
      <StudyDesk
        host={host}
        reader={reader}
        row={row}
        now={now}
        before={kept}
        onGivenUp={refresh}
        onResumed={() => onRead(row.taskId)}
        buttons
      />
    ),
    [host, reader, kept, refresh, onRead],
  );
  return (
    <>
      <CredentialReminder reminders={signedIn.session.reminders} />
      <Worklist
        feed={signedIn.worklist}
        reader={reader}
        onRead={onRead}
        onLook={onLook}
        onDesk={props.onDesk}
        orderOf={orderOf}
        returnTo={props.returnTo}
        fitReader={fitReader}
        silent={props.silent}
        ahead={props.ahead}
        deskOf={deskOf}
        below={
          <>
            <CriticalBoard criticals={props.criticals} onOpen={onOpenToAct} />
            {can(role, 'see-open-follow-ups') ? (
              <FollowUpBoard host={host} stamp={listVersion} outbox={signedIn.followUpOutbox} onOpen={onOpenToAct} />
            ) : null}
            {can(role, 'see-withdrawals') ? <WithdrawalBoard host={host} stamp={listVersion} onOpen={onLook} /> : null}
            {can(role, 'see-overreads') ? <OverreadBoard host={host} stamp={listVersion} onOpen={onLook} /> : null}
            {can(role, 'see-open-images-after-report') ? (
              <AfterReportBoard host={host} stamp={listVersion} onOpen={onOpenToAct} />
            ) : null}
          </>
        }
      />
    </>
  );
}

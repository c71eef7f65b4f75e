import { useStore } from 'zustand';
import type { WorklistRow } from '../../shared/api/index.ts';
import { waitingForMe } from '../../shared/domain/message/index.ts';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import { shownName } from '../case/index.ts';
import { DeskDrawer } from '../features/desk/index.ts';
import { CaseMessages } from '../features/messages/index.ts';
import type { HostClient } from '../host/index.ts';
import { Button, Message } from '../ui/index.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import type { SignedIn } from './signed-in.ts';

/** Whose desk is open, and whether the hand went there to write: the number grows with each press. */
export type OpenDesk = { readonly taskId: TaskId; readonly writing: number };

/** Questions, calls and messages of one case, beside list or images. */
export function SiteDrawer(props: {
  readonly host: HostClient;
  readonly signedIn: SignedIn;
  readonly desk: OpenDesk;
  readonly onClose: () => void;
}) {
  const { host, signedIn, desk, onClose } = props;
  const row = useStore(signedIn.worklist.state, (state) => state.rows.get(desk.taskId));
  const { reader } = signedIn.session;
  return (
    <ErrorBoundary part="the site’s desk" key={`desk-${desk.taskId}`} onLeave={onClose}>
      <DeskDrawer
        host={host}
        taskId={desk.taskId}
        reader={reader}
        about={row === undefined ? '' : `${shownName(row.patient.name).whole}, ${row.accession ?? 'no accession'}`}
        stamp={JSON.stringify(row?.matters ?? null)}
        writing={desk.writing > 0}
        messages={
          <CaseMessages
            host={host}
            outbox={signedIn.outbox}
            taskId={desk.taskId}
            reader={reader}
            zone={row?.site?.zone ?? null}
            stamp={JSON.stringify(row?.matters?.messages ?? null)}
            writing={desk.writing}
          />
        }
        onClose={onClose}
      />
    </ErrorBoundary>
  );
}

/** Below the images: what somebody wrote about the open case, and what this reader wrote that is not sent. */
export function MessageLine(props: {
  readonly signedIn: SignedIn;
  readonly openTask: TaskId | null;
  readonly onOpen: (taskId: TaskId) => void;
}) {
  const { signedIn, openTask } = props;
  const waiting = useStore(signedIn.worklist.state, (state) => {
    const row: WorklistRow | undefined = openTask === null ? undefined : state.rows.get(openTask);
    return row?.matters?.messages === undefined
      ? 0
      : waitingForMe(row.matters.messages, signedIn.session.reader, row.reader?.id ?? null);
  });
  const unsent = useStore(signedIn.outbox.state);
  const first = unsent[0];
  return (
    <>
      {openTask === null || waiting === 0 ? null : (
        <Message
          tone="ask"
          title={
            waiting === 1
              ? 'A message about this study waits for you.'
              : `${waiting} messages about this study wait for you.`
          }
          action={
            <Button keys="Alt+J" onClick={() => props.onOpen(openTask)}>
              Read
            </Button>
          }
        />
      )}
      {first === undefined ? null : (
        <Message
          tone="ask"
          title={
            unsent.length === 1
              ? 'A message of yours is not sent yet.'
              : `${unsent.length} messages of yours are not sent yet.`
          }
          action={<Button onClick={() => props.onOpen(first.taskId as TaskId)}>See it</Button>}
        >
          {first.refused
            ? 'It was not taken.'
            : 'It is kept on this machine and sent when the host answers. Phone what cannot wait.'}
        </Message>
      )}
    </>
  );
}

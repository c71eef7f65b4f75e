import type { CaseDetail, WorklistRow } from '../../shared/api/index.ts';
import { type CaseMode, shownExam } from '../case/index.ts';
import { StudyDesk } from '../features/assignment/index.ts';
import { CaseNews } from '../features/orders/index.ts';
import type { HostClient } from '../host/index.ts';
import { Button, Message, useNow } from '../ui/index.ts';
import { ArrivalLine } from './arrival-line.tsx';
import type { SignedIn } from './signed-in.ts';
import { StatBanner } from './stat-banner.tsx';
import type { Codes } from './use-codes.ts';
import type { useSuspendedCase } from './use-suspended-case.ts';

/** What the open case has to say below the images, the gravest first. */
export function CaseLines(props: {
  readonly host: HostClient;
  readonly signedIn: SignedIn;
  readonly detail: CaseDetail;
  readonly live: WorklistRow;
  /** Why the claim is no longer held; null while it is. */
  readonly lapsed: string | null;
  readonly suspended: ReturnType<typeof useSuspendedCase>;
  readonly codes: Codes;
  readonly onTelling: (telling: boolean) => void;
  readonly keepWords: () => Promise<boolean>;
  readonly onReopen: (mode: CaseMode) => void;
  readonly onLeave: () => void;
}) {
  const { host, signedIn, detail, live, lapsed, suspended, codes, onTelling, keepWords, onReopen, onLeave } = props;
  const { caseStore } = signedIn;
  const { last } = suspended;
  const now = useNow(10_000);
  const done = live.state === 'completed' || live.state === 'cancelled';
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

  return (
    <>
      {lapsed === null ? null : (
        <Message
          tone="stop"
          title="Your claim lapsed."
          action={<Button onClick={() => onReopen('read')}>Claim again</Button>}
        >
          {lapsed} Your words are kept.
        </Message>
      )}
      {suspended.unkept ? (
        <Message
          tone="ask"
          title="Not switched: your last words are not in both places yet."
          action={<Button onClick={suspended.onStay}>Stay</Button>}
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
          onSwitch={suspended.onSwitch}
        />
      ) : null}
      {last === null ? null : (
        <Message
          tone={last.lost === null ? 'tell' : 'ask'}
          title={`Suspended: ${shownExam(last.row)}, ${last.row.accession ?? 'no accession'}.`}
          action={
            <Button keys="Shift+F6" onClick={() => suspended.onSwitch(last.taskId)}>
              Return
            </Button>
          }
        >
          {last.lost === null ? 'It is still yours and comes back as it was.' : `${last.lost} Your words are kept.`}
        </Message>
      )}
      <CaseNews host={host} caseStore={caseStore} detail={detail} live={live} onReopen={() => onReopen(detail.mode)} />
      <ArrivalLine detail={detail} live={live} now={now} onReopen={() => onReopen(detail.mode)} />
    </>
  );
}

import { useEffect, useState } from 'react';
import type { Capabilities } from '../../shared/api/index.ts';
import type { HostClient } from '../host/index.ts';
import { Button, Message } from '../ui/index.ts';
import { NotADevice } from './not-a-device.tsx';

type Ended = NonNullable<Capabilities['ended']>;

const askEvery = 5_000;

function whenWords(at: number): string {
  return new Intl.DateTimeFormat('en-US', {
    ...{ year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
    ...{ hourCycle: 'h23', timeZoneName: 'short' },
  }).format(at);
}

/** A computer without keys: what happened, what was kept, and what to do next. */
export function EndedScreen(props: {
  readonly host: HostClient;
  readonly ended: Ended;
  /** It has begun anew. */
  readonly onAfresh: () => void;
}) {
  const { host } = props;
  const [ended, setEnded] = useState(props.ended);
  const [refused, setRefused] = useState<string | null>(null);
  useEffect(() => {
    const timer = setInterval(() => {
      void host.call('capabilities').then((answered) => {
        if (answered.ok && answered.value.ended !== undefined) setEnded(answered.value.ended);
      });
    }, askEvery);
    return () => clearInterval(timer);
  }, [host]);
  const afresh = async (): Promise<void> => {
    const answered = await host.call('startAfresh');
    setRefused(answered.ok ? null : answered.error.message);
    if (answered.ok) props.onAfresh();
  };
  const { why, waitingReports: waiting } = ended;
  const reports =
    waiting === 0
      ? 'No signed report waits here.'
      : `${waiting} signed ${waiting === 1 ? 'report waits' : 'reports wait'} here, sealed for the group alone. ${waiting === 1 ? 'It is' : 'They are'} handed over as soon as a group host answers; until then, phone what cannot wait.`;
  return (
    <main className="gate" aria-label="This computer was ended">
      <div className="gate-form wide">
        <h1 className="wordmark gate-mark">
          Over<i>read</i>
        </h1>
        <p className="gate-title">Images and drafts on this computer were deleted.</p>
        <p>
          {ended.name}, {whenWords(ended.at)}:{' '}
          {why === 'revoked'
            ? 'the lead of your group has revoked this computer.'
            : 'it had not reached the group for longer than the group allows.'}{' '}
          Its keys were destroyed. What is left on its disk cannot be opened by anybody, and drafts that were not signed
          are lost.
        </p>
        <p>
          {reports} What was handed over is given back to its signer: she finds the words in the case and signs them
          again.
        </p>
        <Message
          tone="ask"
          title={
            why === 'revoked'
              ? 'Next: go on reading on another computer, and ask the lead whether this one may be used again.'
              : ended.mayStartAfresh
                ? 'Next: the group answers again. Start afresh and sign in.'
                : 'Next: bring this computer to a network on which the group answers, and leave Overread open.'
          }
        >
          {why === 'revoked'
            ? 'If it may, it is started with another data folder (--data DIR) and is a new computer to the group.'
            : ended.confirmed && !ended.mayStartAfresh && waiting === 0
              ? 'The lead has also revoked it; ask the lead.'
              : null}
        </Message>
        {refused === null ? null : <Message tone="ask" title={refused} />}
        {why === 'offline' ? (
          <Button kind="go" disabled={!ended.mayStartAfresh} onClick={() => void afresh()}>
            Start afresh
          </Button>
        ) : null}
        <NotADevice />
      </div>
    </main>
  );
}

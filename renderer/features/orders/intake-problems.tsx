import { useCallback, useEffect, useState } from 'react';
import type { CallOutput, IntakeProblem } from '../../../shared/api/index.ts';
import { formatInZone } from '../../../shared/domain/turnaround/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Dialog, Mark, Message, TextField } from '../../ui/index.ts';
import { RawLines } from './received-messages.tsx';
import './received.css';

type State =
  | { readonly kind: 'asking' }
  | { readonly kind: 'known'; readonly answer: CallOutput<'intakeProblems'> }
  | { readonly kind: 'failed'; readonly message: string };

/** For the lead: what came in and could not be applied, or needs a person, each with its reason and the next step. */
export function IntakeProblems(props: {
  readonly host: HostClient;
  readonly onOpenCase: (taskId: string) => void;
  readonly onClose: () => void;
}) {
  const { host } = props;
  const [state, setState] = useState<State>({ kind: 'asking' });
  const ask = useCallback(async (): Promise<void> => {
    const answered = await host.call('intakeProblems');
    setState(
      answered.ok ? { kind: 'known', answer: answered.value } : { kind: 'failed', message: answered.error.message },
    );
  }, [host]);
  useEffect(() => void ask(), [ask]);
  return (
    <Dialog title="Problems of incoming messages" className="received-dialog" onClose={props.onClose}>
      {state.kind === 'asking' ? <p className="mute">Fetching…</p> : null}
      {state.kind === 'failed' ? (
        <Message
          tone="ask"
          title="The problems could not be fetched."
          action={<Button onClick={() => void ask()}>Try again</Button>}
        >
          {state.message}
        </Message>
      ) : null}
      {state.kind !== 'known' ? null : (
        <>
          {state.answer.waiting === 0 ? null : (
            <Message tone="tell" title={`${state.answer.waiting} messages are kept and wait for the record.`}>
              They are applied in their order as soon as it answers. Nothing is lost meanwhile.
            </Message>
          )}
          {state.answer.problems.length === 0 ? (
            <p className="mute">
              No message waits for a person. Each one that came was applied, or answered and seen to.
            </p>
          ) : (
            <ol className="received" aria-label="Problems">
              {state.answer.problems.map((problem) => (
                <Problem
                  key={problem.key}
                  host={host}
                  problem={problem}
                  onOpenCase={props.onOpenCase}
                  onClosed={() => void ask()}
                />
              ))}
            </ol>
          )}
          {state.answer.more === 0 ? null : (
            <p className="mute small">{state.answer.more} more follow when these are seen to.</p>
          )}
        </>
      )}
      <div className="row actions">
        <Button keys="Esc" onClick={props.onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  );
}

function Problem(props: {
  readonly host: HostClient;
  readonly problem: IntakeProblem;
  readonly onOpenCase: (taskId: string) => void;
  readonly onClosed: () => void;
}) {
  const { host, problem } = props;
  const [words, setWords] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  const close = async (): Promise<void> => {
    const answered = await host.call('closeIntakeProblem', { params: { key: problem.key }, input: { words } });
    if (answered.ok) props.onClosed();
    else setTrouble(answered.error.message);
  };
  const [taskId] = problem.taskIds;
  return (
    <li className="received-one">
      <p>
        <span className="signal">
          <Mark shape="diamond" /> {problem.words}
        </span>
      </p>
      <p className="mute small">
        {problem.title}, {formatInZone(instant(problem.receivedAt), 'UTC')}, answered {problem.answer}
      </p>
      <p>
        <b>Next step:</b> {problem.nextStep}
      </p>
      <RawLines lines={problem.lines} />
      <form
        className="received-close"
        onSubmit={(event) => {
          event.preventDefault();
          void close();
        }}
      >
        <TextField label="What was done" value={words} onChange={setWords} />
        <Button type="submit" disabled={words.trim().length < 3}>
          Seen to
        </Button>
        {taskId === undefined ? null : (
          <Button kind="quiet" onClick={() => props.onOpenCase(taskId)}>
            Look at the case
          </Button>
        )}
      </form>
      {trouble === null ? null : (
        <Message tone="ask" title="That was not saved.">
          {trouble}
        </Message>
      )}
    </li>
  );
}

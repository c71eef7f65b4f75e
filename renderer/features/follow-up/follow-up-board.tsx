import { useCallback, useRef, useState } from 'react';
import type { FollowUpLine } from '../../../shared/api/index.ts';
import { standingOfFollowUp } from '../../../shared/domain/follow-up/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { shownName } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, useAskedLines, useCommands } from '../../ui/index.ts';
import type { FollowUpOutbox, PressedMove } from './follow-up-outbox.ts';
import { TrackedLine } from './tracked-line.tsx';
import './follow-up.css';

/** How many of a board stand how, in the order of what wants somebody: "2 overdue, 1 due soon, 5 open, 3 done". */
export function countWords(lines: readonly FollowUpLine[]): string {
  const states = lines.map(({ followUp, today }) => standingOfFollowUp(followUp, today).state);
  const of = (...wanted: readonly string[]): number => states.filter((one) => wanted.includes(one)).length;
  return [
    [of('overdue'), 'overdue'],
    [of('due-soon'), 'due soon'],
    [of('waiting', 'no-time', 'conditional', 'not-signed'), 'open'],
    [of('done'), 'done'],
    [of('closed'), 'closed'],
  ]
    .flatMap(([count, words]) => (count === 0 ? [] : [`${count} ${words}`]))
    .join(', ');
}

/** Below the list: the recommended exams that this reader confirmed; for a lead all. Nothing is here while there are none. */
export function FollowUpBoard(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly outbox: FollowUpOutbox;
  /** Grows with each change of the list. */
  readonly stamp: number;
  readonly onOpen: (taskId: TaskId) => void;
}) {
  const { host, outbox, stamp, onOpen } = props;
  const [more, setMore] = useState(0);
  const [shown, setShown] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const question = useCallback(async () => {
    const answered = await host.call('followUps');
    if (answered.ok) setMore(answered.value.more);
    return answered;
  }, [host]);
  const { lines, trouble, ask } = useAskedLines<FollowUpLine>(question, stamp);
  useCommands([
    {
      id: 'worklist.follow-ups',
      title: 'Show recommended exams',
      group: 'Worklist',
      keys: 'F',
      run: () => {
        setShown((before) => !before);
        toggle.current?.focus();
      },
      enabled: () => lines.length > 0,
    },
  ]);
  if (lines.length === 0 && trouble === null) return null;
  const move = async (line: FollowUpLine, pressed: PressedMove): Promise<string | null> => {
    const sent = await outbox.send(line.taskId, {
      name: 'moveFollowUp',
      followUpId: line.followUp.id,
      move: pressed,
    });
    if (sent.kind === 'refused' || sent.kind === 'not-kept') return sent.why;
    ask();
    return null;
  };
  return (
    <section className="follow-up-board" aria-label="Follow-up of recommended exams">
      <h2>
        Recommended exams <span className="dim">{countWords(lines)}</span>
        <Button ref={toggle} kind="quiet" keys="F" expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? 'Hide' : 'Show'}
        </Button>
      </h2>
      {trouble === null ? null : (
        <p className="signal" role="status">
          This may be older: {trouble}{' '}
          <Button kind="quiet" onClick={ask}>
            Ask again
          </Button>
        </p>
      )}
      {shown ? (
        <ul className="follow-up-list">
          {lines.map((line) => (
            <TrackedLine
              key={line.followUp.id}
              line={line}
              mayCorrect
              head={
                <span className="who">
                  <b>{shownName(line.patient.name).whole}</b>{' '}
                  <span className="dim">
                    {[line.exam, line.accession ?? 'no accession', line.site?.name ?? '']
                      .filter((one) => one !== '')
                      .join(', ')}
                  </span>{' '}
                  <Button
                    kind="quiet"
                    label={`Open ${shownName(line.patient.name).whole}, ${line.exam}`}
                    onClick={() => onOpen(line.taskId)}
                  >
                    Open
                  </Button>
                </span>
              }
              onMove={(pressed) => move(line, pressed)}
            />
          ))}
        </ul>
      ) : null}
      {shown && more > 0 ? <p className="dim">{more} more are not shown.</p> : null}
    </section>
  );
}

import { useCallback, useEffect, useRef, useState } from 'react';
import type { WithdrawalView, WorklistRow } from '../../../shared/api/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { withdrawalWords } from '../../../shared/domain/report/index.ts';
import { shownName } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Mark, useCommands } from '../../ui/index.ts';
import { stepLine } from './withdrawal-words.ts';
import './withdrawal.css';

/** Milliseconds between two questions, for when the list's own news was missed. */
const askEvery = 10_000;

/**
 * Withdrawn reports below the list: for lead and QA all of them, for a reader her own, until every receiver has the withdrawal and
 * everybody is told. Nothing is here while there are none.
 */
export function WithdrawalBoard(props: {
  readonly host: Pick<HostClient, 'call'>;
  /** Grows with each change of the list. */
  readonly stamp: number;
  readonly rowOf: (taskId: TaskId) => WorklistRow | undefined;
  readonly onOpen: (taskId: TaskId) => void;
}) {
  const { host, stamp } = props;
  const [lines, setLines] = useState<readonly WithdrawalView[]>([]);
  const [trouble, setTrouble] = useState<string | null>(null);
  const asked = useRef(0);
  const first = useRef<HTMLButtonElement>(null);
  const ask = useCallback(async (): Promise<void> => {
    asked.current += 1;
    const own = asked.current;
    const answered = await host.call('withdrawals');
    if (own !== asked.current) return;
    setTrouble(answered.ok ? null : answered.error.message);
    if (answered.ok) setLines(answered.value.lines);
  }, [host]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp says that something changed.
  useEffect(() => {
    void ask();
    const timer = setInterval(() => void ask(), askEvery);
    return () => clearInterval(timer);
  }, [ask, stamp]);
  useCommands([
    {
      id: 'worklist.withdrawals',
      title: 'Go to withdrawn reports',
      group: 'Worklist',
      keys: 'X',
      run: () => first.current?.focus(),
      enabled: () => lines.length > 0,
    },
  ]);
  if (lines.length === 0) return null;
  return (
    <section className="withdrawal-board" aria-label="Withdrawals">
      <h2>
        Withdrawn <span className="dim">{lines.length}</span>
      </h2>
      {trouble === null ? null : (
        <p className="signal" role="status">
          This may be older: {trouble}{' '}
          <Button kind="quiet" onClick={() => void ask()}>
            Ask again
          </Button>
        </p>
      )}
      <ul>
        {lines.map((one, place) => {
          const name = shownName(props.rowOf(one.taskId)?.patient.name ?? '').whole;
          const open = one.steps.flatMap((step) => stepLine(step) ?? []).filter(({ done }) => !done);
          return (
            <li key={one.taskId}>
              <span className={one.finished ? 'dim' : 'danger'}>
                <Mark shape={one.finished ? 'tick' : 'octagon'} />
              </span>
              <span className="who">
                <b>{name === '' ? 'Patient not on this list' : name}</b>{' '}
                <span className="dim">
                  {[one.exam, one.accession ?? 'no accession', one.site?.name ?? '']
                    .filter((part) => part !== '')
                    .join(', ')}
                </span>
              </span>
              <span>
                {withdrawalWords[one.why]}, {one.by.name}
              </span>
              <span className={one.finished ? 'dim' : 'signal'}>
                {[one.words, ...open.map(({ words }) => words)].join('. ')}
              </span>
              <Button
                ref={place === 0 ? first : null}
                {...(place === 0 ? { keys: 'X' } : {})}
                onClick={() => props.onOpen(one.taskId)}
              >
                Open
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

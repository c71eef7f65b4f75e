import { useCallback, useEffect, useRef, useState } from 'react';
import type { CriticalLine, WorklistRow } from '../../../shared/api/index.ts';
import { ownerOf, standingOfCritical } from '../../../shared/domain/critical/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { shownLeft, shownName } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Mark, Message, useCommands, useNow } from '../../ui/index.ts';
import { isPressing, leftWords, rungsWords } from './critical-words.ts';
import './critical.css';

/** Milliseconds between two questions, for when the list's own news was missed. */
const askEvery = 10_000;

export type OpenCriticals = {
  readonly lines: readonly CriticalLine[];
  readonly trouble: string | null;
  readonly ask: () => void;
};

/** The critical results that wait for this reader; for a lead all that are open. `stamp` grows with each change of the list. */
export function useOpenCriticals(host: Pick<HostClient, 'call'>, stamp: number, mayAsk: boolean): OpenCriticals {
  const [lines, setLines] = useState<readonly CriticalLine[]>([]);
  const [trouble, setTrouble] = useState<string | null>(null);
  const asked = useRef(0);
  const ask = useCallback(async (): Promise<void> => {
    if (!mayAsk) return;
    asked.current += 1;
    const own = asked.current;
    const answered = await host.call('criticalResults');
    // What was told stays on screen, with a word that it may be older.
    if (own !== asked.current) return;
    setTrouble(answered.ok ? null : answered.error.message);
    if (answered.ok) setLines(answered.value.lines);
  }, [host, mayAsk]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp says that something changed.
  useEffect(() => {
    void ask();
    const timer = setInterval(() => void ask(), askEvery);
    return () => clearInterval(timer);
  }, [ask, stamp]);
  return { lines, trouble, ask: () => void ask() };
}

type Shown = {
  readonly criticals: OpenCriticals;
  readonly rowOf: (taskId: TaskId) => WorklistRow | undefined;
  readonly onOpen: (taskId: TaskId) => void;
};

const nameOf = (rowOf: Shown['rowOf'], taskId: TaskId): string => {
  const name = shownName(rowOf(taskId)?.patient.name ?? '').whole;
  return name === '' ? 'Patient not on this list' : name;
};

/** Below the list: every open one with its time left. There is nothing here while there are none. */
export function CriticalBoard(props: Shown) {
  const { criticals, rowOf, onOpen } = props;
  const { lines, trouble, ask } = criticals;
  const now = instant(useNow(1_000));
  const first = useRef<HTMLButtonElement>(null);
  useCommands([
    {
      id: 'worklist.critical-results',
      title: 'Go to open critical results',
      group: 'Worklist',
      keys: 'C',
      run: () => first.current?.focus(),
      enabled: () => lines.length > 0,
    },
  ]);
  if (lines.length === 0) return null;
  return (
    <section className="critical-board" aria-label="Open critical results">
      <h2>
        Open critical results <span className="dim">{lines.length}</span>
      </h2>
      {trouble === null ? null : (
        <p className="signal" role="status">
          This may be older: {trouble}{' '}
          <Button kind="quiet" onClick={ask}>
            Ask again
          </Button>
        </p>
      )}
      <ul>
        {lines.map(({ taskId, result, exam, accession, site }, place) => {
          const late = standingOfCritical(result, now).state === 'overdue';
          return (
            <li key={result.id}>
              <span className={late ? 'danger' : 'signal'}>
                <Mark shape={late ? 'octagon' : 'diamond'} />
              </span>
              <span className="who">
                <b>{nameOf(rowOf, taskId)}</b>{' '}
                <span className="dim">
                  {[exam, accession ?? 'no accession', site?.name ?? ''].filter((one) => one !== '').join(', ')}
                </span>
              </span>
              <span>
                Level {result.level}: {result.finding}
              </span>
              <span className={late ? 'danger clock' : 'clock'}>{leftWords(result, site?.zone ?? null, now)}</span>
              <span className="dim">
                {rungsWords(result, site?.zone ?? null, now)} {ownerOf(result).name}, {result.attempts.length}{' '}
                {result.attempts.length === 1 ? 'attempt' : 'attempts'}
              </span>
              <Button
                ref={place === 0 ? first : null}
                {...(place === 0 ? { keys: 'C' } : {})}
                onClick={() => onOpen(taskId)}
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

/** Below the images of another case: the one of hers that is due first, quiet while there is time and no louder than one line when there is none. */
export function CriticalReminder(props: Shown & { readonly openTask: TaskId | null }) {
  const now = instant(useNow(1_000));
  const mine = props.criticals.lines.filter((one) => one.yours && one.taskId !== props.openTask);
  const [first] = mine;
  if (first === undefined) return null;
  const { result, taskId, exam } = first;
  const { state, left } = standingOfCritical(result, now);
  const late = state === 'overdue';
  const more = mine.length === 1 ? '' : ` ${mine.length - 1} more ${mine.length === 2 ? 'is' : 'are'} open.`;
  return (
    <Message
      tone={late ? 'stop' : isPressing(result, now) ? 'ask' : 'tell'}
      title={
        late
          ? `Critical result overdue since ${shownLeft(-left)}: ${nameOf(props.rowOf, taskId)}, ${exam}.`
          : `Critical result open, ${shownLeft(left)} left: ${nameOf(props.rowOf, taskId)}, ${exam}.`
      }
      action={<Button onClick={() => props.onOpen(taskId)}>Open</Button>}
    >
      Level {result.level}: {result.finding.replace(/\.$/, '')}.{more}
    </Message>
  );
}

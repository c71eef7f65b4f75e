import { useCallback } from 'react';
import type { CriticalLine } from '../../../shared/api/index.ts';
import { ownerOf, standingOfCritical } from '../../../shared/domain/critical/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { listedExam, listedName, shownLeft } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import {
  type AskedLines,
  Board,
  type BoardCommand,
  BoardLine,
  Button,
  Message,
  useAskedLines,
  useNow,
} from '../../ui/index.ts';
import { isPressing, leftWords, rungsWords } from './critical-words.ts';
import './critical.css';

const goTo: BoardCommand = { id: 'worklist.critical-results', title: 'Go to open critical results', keys: 'C' };

/** The critical results that wait for this reader; for a lead all that are open. `stamp` grows with each change of the list. */
export function useOpenCriticals(
  host: Pick<HostClient, 'call'>,
  stamp: number,
  mayAsk: boolean,
): AskedLines<CriticalLine> {
  const question = useCallback(() => host.call('criticalResults'), [host]);
  return useAskedLines(mayAsk ? question : null, stamp);
}

type Shown = {
  readonly criticals: AskedLines<CriticalLine>;
  readonly onOpen: (taskId: TaskId) => void;
};

/** Below the list: every open one with its time left. */
export function CriticalBoard(props: Shown) {
  const { criticals, onOpen } = props;
  const now = instant(useNow(1_000));
  return (
    <Board name="Open critical results" title="Open critical results" asked={criticals} goTo={goTo}>
      {criticals.lines.map((line, place) => {
        const { taskId, result, site } = line;
        const late = standingOfCritical(result, now).state === 'overdue';
        return (
          <BoardLine
            key={result.id}
            tone={late ? 'danger' : 'signal'}
            shape={late ? 'octagon' : 'diamond'}
            who={listedName(line)}
            about={listedExam(line)}
            plate={place === 0 ? goTo.keys : null}
            onOpen={() => onOpen(taskId)}
          >
            <span>
              Level {result.level}: {result.finding}
            </span>
            <span className={late ? 'danger board-clock' : 'board-clock'}>
              {leftWords(result, site?.zone ?? null, now)}
            </span>
            <span className="dim">
              {rungsWords(result, site?.zone ?? null, now)} {ownerOf(result).name}, {result.attempts.length}{' '}
              {result.attempts.length === 1 ? 'attempt' : 'attempts'}
            </span>
          </BoardLine>
        );
      })}
    </Board>
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
          ? `Critical result overdue since ${shownLeft(-left)}: ${listedName(first)}, ${exam}.`
          : `Critical result open, ${shownLeft(left)} left: ${listedName(first)}, ${exam}.`
      }
      action={<Button onClick={() => props.onOpen(taskId)}>Open</Button>}
    >
      Level {result.level}: {result.finding.replace(/\.$/, '')}.{more}
    </Message>
  );
}

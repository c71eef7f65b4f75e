import { useCallback } from 'react';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { withdrawalWords } from '../../../shared/domain/report/index.ts';
import { listedExam, listedName } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Board, type BoardCommand, BoardLine, useAskedLines } from '../../ui/index.ts';
import { stepLine } from './withdrawal-words.ts';

const goTo: BoardCommand = { id: 'worklist.withdrawals', title: 'Go to withdrawn reports', keys: 'X' };

/**
 * Withdrawn reports below the list: for lead and QA all of them, for a reader her own, until every receiver has the withdrawal and
 * everybody is told.
 */
export function WithdrawalBoard(props: {
  readonly host: Pick<HostClient, 'call'>;
  /** Grows with each change of the list. */
  readonly stamp: number;
  readonly onOpen: (taskId: TaskId) => void;
}) {
  const { host, stamp } = props;
  const asked = useAskedLines(
    useCallback(() => host.call('withdrawals'), [host]),
    stamp,
  );
  return (
    <Board name="Withdrawals" title="Withdrawn" {...{ asked, goTo }}>
      {asked.lines.map((one, place) => {
        const open = one.steps.flatMap((step) => stepLine(step) ?? []).filter(({ done }) => !done);
        return (
          <BoardLine
            key={one.taskId}
            tone={one.finished ? 'dim' : 'danger'}
            shape={one.finished ? 'tick' : 'octagon'}
            who={listedName(one)}
            about={listedExam(one)}
            plate={place === 0 ? goTo.keys : null}
            onOpen={() => props.onOpen(one.taskId)}
          >
            <span>
              {withdrawalWords[one.why]}, {one.by.name}
            </span>
            <span className={one.finished ? 'dim' : 'signal'}>
              {[one.words, ...open.map(({ words }) => words)].join('. ')}
            </span>
          </BoardLine>
        );
      })}
    </Board>
  );
}

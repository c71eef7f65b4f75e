import { useCallback } from 'react';
import { isOverdue } from '../../../shared/domain/images-after-report/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { listedExam, listedName } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Board, type BoardCommand, BoardLine, useAskedLines, useNow } from '../../ui/index.ts';
import { clockWords, instantOf, toldWords, whatWords } from './after-report-words.ts';
import './after-report.css';

const goTo: BoardCommand = { id: 'worklist.images-after-report', title: 'Go to images after the report', keys: 'I' };

/** Images that came, changed or went after a report, for whom that was told; for a lead all that nobody has ended. */
export function AfterReportBoard(props: {
  readonly host: Pick<HostClient, 'call'>;
  /** Grows with each change of the list. */
  readonly stamp: number;
  readonly onOpen: (taskId: TaskId) => void;
}) {
  const { host, stamp } = props;
  const now = instantOf(useNow(10_000));
  const asked = useAskedLines(
    useCallback(() => host.call('imagesAfterReports'), [host]),
    stamp,
  );
  return (
    <Board name="Since the signature" title="Images after the report" {...{ asked, goTo }}>
      {asked.lines.map((line, place) => {
        const { taskId, item, site } = line;
        const late = isOverdue(item, now);
        return (
          <BoardLine
            key={item.id}
            tone={late ? 'danger' : 'signal'}
            shape={late ? 'octagon' : 'diamond'}
            who={listedName(line)}
            about={listedExam(line)}
            plate={place === 0 ? goTo.keys : null}
            onOpen={() => props.onOpen(taskId)}
          >
            <span>{whatWords(item)}</span>
            <span className={late ? 'danger board-clock' : 'board-clock'}>
              {clockWords(item, site?.zone ?? null, now)}
            </span>
            <span className="dim">{toldWords(item)}</span>
          </BoardLine>
        );
      })}
    </Board>
  );
}

import { useCallback, useState } from 'react';
import type { OverreadLine, WorklistRow } from '../../../shared/api/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { formatInZone } from '../../../shared/domain/turnaround/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { listedExam, listedName } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Board, type BoardCommand, BoardLine, Button, useAskedLines } from '../../ui/index.ts';

const goTo: BoardCommand = { id: 'worklist.overreads', title: 'Go to overreads of your preliminaries', keys: 'Y' };

const words: Readonly<Record<OverreadLine['agreement'], string>> = {
  agree: 'agrees with your preliminary',
  minor: 'disagrees with your preliminary, minor',
  major: 'disagrees with your preliminary, major',
};
const tones = { agree: 'dim', minor: 'signal', major: 'danger' } as const;
const shapes = { agree: 'tick', minor: 'diamond', major: 'octagon' } as const;

/** Finals that others signed over her preliminaries, until she says that she has seen them. */
export function OverreadBoard(props: {
  readonly host: Pick<HostClient, 'call'>;
  /** Grows with each change of the list. */
  readonly stamp: number;
  readonly rowOf: (taskId: TaskId) => WorklistRow | undefined;
  readonly onOpen: (taskId: TaskId) => void;
}) {
  const { host, stamp } = props;
  const asked = useAskedLines(
    useCallback(() => host.call('overreads'), [host]),
    stamp,
  );
  const [note, setNote] = useState<string | null>(null);
  async function seen(taskId: TaskId): Promise<void> {
    const answered = await host.call('overreadSeen', { params: { taskId } });
    setNote(answered.ok ? null : `Not noted: ${answered.error.message}`);
    if (answered.ok) asked.take(answered.value.lines);
  }
  return (
    <Board name="Overreads" title="Your preliminaries, overread" {...{ asked, goTo, note }}>
      {asked.lines.map((one, place) => (
        <BoardLine
          key={one.taskId}
          tone={tones[one.agreement]}
          shape={shapes[one.agreement]}
          who={listedName(props.rowOf(one.taskId))}
          about={listedExam(one)}
          plate={place === 0 ? goTo.keys : null}
          onOpen={() => props.onOpen(one.taskId)}
          more={
            <Button kind="quiet" onClick={() => void seen(one.taskId)}>
              Seen
            </Button>
          }
        >
          <span className={tones[one.agreement]}>
            {one.by} {words[one.agreement]}
            {one.changed ? '; words changed' : ''}
          </span>
          <span className="dim">{formatInZone(one.at as Instant, one.site?.zone ?? 'UTC')}</span>
        </BoardLine>
      ))}
    </Board>
  );
}

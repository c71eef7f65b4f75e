import { useCallback, useState } from 'react';
import type { OverreadLine } from '../../../shared/api/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { formatInZone } from '../../../shared/domain/turnaround/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { listedExam, listedName } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Board, type BoardCommand, BoardLine, Button, useAskedLines } from '../../ui/index.ts';

const goTo: BoardCommand = {
  id: 'worklist.overreads',
  title: 'Go to overreads of your preliminaries and to your signed reports',
  keys: 'Y',
};

/** What became of her words; a report that she gave to be signed was none before, with which one agrees or not. */
type Fate = NonNullable<OverreadLine['agreement']> | 'changed' | 'unchanged';
const words: Readonly<Record<Fate, string>> = {
  agree: 'agrees with your preliminary',
  minor: 'disagrees with your preliminary, minor',
  major: 'disagrees with your preliminary, major',
  changed: 'signed the report that you dictated',
  unchanged: 'signed the report that you dictated; nothing changed',
};
const tones = { agree: 'dim', minor: 'signal', major: 'danger', changed: 'signal', unchanged: 'dim' } as const;
const shapes = {
  agree: 'tick',
  minor: 'diamond',
  major: 'octagon',
  changed: 'diamond',
  unchanged: 'tick',
} as const;
const fateOf = ({ agreement, changed }: OverreadLine): Fate => agreement ?? (changed ? 'changed' : 'unchanged');

function titleOf(lines: readonly OverreadLine[]): string {
  const dictated = lines.filter((one) => one.agreement === null).length;
  if (dictated === 0) return 'Your preliminaries, overread';
  return dictated === lines.length ? 'Your reports, signed' : 'Your preliminaries, overread, and your reports, signed';
}

/** Finals that others signed over her preliminaries and over reports that she gave to be signed, until she says that she has seen them. */
export function OverreadBoard(props: {
  readonly host: Pick<HostClient, 'call'>;
  /** Grows with each change of the list. */
  readonly stamp: number;
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
    <Board name="Overreads" title={titleOf(asked.lines)} {...{ asked, goTo, note }}>
      {asked.lines.map((one, place) => (
        <BoardLine
          key={one.taskId}
          tone={tones[fateOf(one)]}
          shape={shapes[fateOf(one)]}
          who={listedName(one)}
          about={listedExam(one)}
          plate={place === 0 ? goTo.keys : null}
          onOpen={() => props.onOpen(one.taskId)}
          more={
            <Button kind="quiet" onClick={() => void seen(one.taskId)}>
              Seen
            </Button>
          }
        >
          <span className={tones[fateOf(one)]}>
            {one.by} {words[fateOf(one)]}
            {one.changed ? '; words changed' : ''}
          </span>
          <span className="dim">{formatInZone(one.at as Instant, one.site?.zone ?? 'UTC')}</span>
        </BoardLine>
      ))}
    </Board>
  );
}

import { useCallback, useEffect, useRef, useState } from 'react';
import type { OverreadLine, WorklistRow } from '../../../shared/api/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { formatInZone } from '../../../shared/domain/turnaround/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { shownName } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Mark, useCommands } from '../../ui/index.ts';
import './overread.css';

/** Milliseconds between two questions, for when the list's own news was missed. */
const askEvery = 15_000;

const words: Readonly<Record<OverreadLine['agreement'], string>> = {
  agree: 'agrees with your preliminary',
  minor: 'disagrees with your preliminary, minor',
  major: 'disagrees with your preliminary, major',
};

/** Finals that others signed over her preliminaries, until she says that she has seen them. Nothing is here while there are none. */
export function OverreadBoard(props: {
  readonly host: Pick<HostClient, 'call'>;
  /** Grows with each change of the list. */
  readonly stamp: number;
  readonly rowOf: (taskId: TaskId) => WorklistRow | undefined;
  readonly onOpen: (taskId: TaskId) => void;
}) {
  const { host, stamp } = props;
  const [lines, setLines] = useState<readonly OverreadLine[]>([]);
  const [trouble, setTrouble] = useState<string | null>(null);
  const asked = useRef(0);
  const first = useRef<HTMLButtonElement>(null);
  const ask = useCallback(async (): Promise<void> => {
    asked.current += 1;
    const own = asked.current;
    const answered = await host.call('overreads');
    if (own === asked.current && answered.ok) setLines(answered.value.lines);
  }, [host]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp says that something changed.
  useEffect(() => {
    void ask();
    const timer = setInterval(() => void ask(), askEvery);
    return () => clearInterval(timer);
  }, [ask, stamp]);
  useCommands([
    {
      id: 'worklist.overreads',
      title: 'Go to overreads of your preliminaries',
      group: 'Worklist',
      keys: 'Y',
      run: () => first.current?.focus(),
      enabled: () => lines.length > 0,
    },
  ]);
  async function seen(taskId: TaskId): Promise<void> {
    const answered = await host.call('overreadSeen', { params: { taskId } });
    asked.current += 1;
    setTrouble(answered.ok ? null : `Not noted: ${answered.error.message}`);
    if (answered.ok) setLines(answered.value.lines);
  }
  if (lines.length === 0) return null;
  return (
    <section className="overread-board" aria-label="Overreads">
      <h2>
        Your preliminaries, overread <span className="dim">{lines.length}</span>
      </h2>
      {trouble === null ? null : (
        <p className="signal" role="alert">
          {trouble}
        </p>
      )}
      <ul>
        {lines.map((one, place) => {
          const name = shownName(props.rowOf(one.taskId)?.patient.name ?? '').whole;
          const tone = one.agreement === 'major' ? 'danger' : one.agreement === 'minor' ? 'signal' : 'dim';
          return (
            <li key={one.taskId}>
              <span className={tone}>
                <Mark shape={one.agreement === 'agree' ? 'tick' : one.agreement === 'major' ? 'octagon' : 'diamond'} />
              </span>
              <span className="who">
                <b>{name === '' ? 'Patient not on this list' : name}</b>{' '}
                <span className="dim">
                  {[one.exam, one.accession ?? 'no accession', one.site?.name ?? '']
                    .filter((part) => part !== '')
                    .join(', ')}
                </span>
              </span>
              <span className={tone}>
                {one.by} {words[one.agreement]}
                {one.changed ? '; words changed' : ''}
              </span>
              <span className="dim">{formatInZone(one.at as Instant, one.site?.zone ?? 'UTC')}</span>
              <Button
                ref={place === 0 ? first : null}
                {...(place === 0 ? { keys: 'Y' } : {})}
                onClick={() => props.onOpen(one.taskId)}
              >
                Open
              </Button>
              <Button kind="quiet" onClick={() => void seen(one.taskId)}>
                Seen
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

import { useCallback, useEffect, useRef, useState } from 'react';
import type { AfterReportLine, WorklistRow } from '../../../shared/api/index.ts';
import { isOverdue } from '../../../shared/domain/images-after-report/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { shownName } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Mark, useCommands, useNow } from '../../ui/index.ts';
import { clockWords, instantOf, toldWords, whatWords } from './after-report-words.ts';
import './after-report.css';

/** Milliseconds between two questions, for when the list's own news was missed. */
const askEvery = 10_000;

/**
 * Images that came, changed or went after a report, for whom that was told; for a lead all that nobody has ended. It comes and goes by
 * itself, so it belongs below the list's rows: above them it would move them under the hand. There is nothing here while there are none.
 */
export function AfterReportBoard(props: {
  readonly host: Pick<HostClient, 'call'>;
  /** Grows with each change of the list. */
  readonly stamp: number;
  readonly rowOf: (taskId: TaskId) => WorklistRow | undefined;
  readonly onOpen: (taskId: TaskId) => void;
}) {
  const { host, stamp } = props;
  const [lines, setLines] = useState<readonly AfterReportLine[]>([]);
  const [trouble, setTrouble] = useState<string | null>(null);
  const now = instantOf(useNow(10_000));
  const asked = useRef(0);
  const first = useRef<HTMLButtonElement>(null);

  const ask = useCallback(async (): Promise<void> => {
    asked.current += 1;
    const own = asked.current;
    const answered = await host.call('imagesAfterReports');
    // What was told stays on screen, with a word that it may be older.
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
      id: 'worklist.images-after-report',
      title: 'Go to images after the report',
      group: 'Worklist',
      keys: 'I',
      run: () => first.current?.focus(),
      enabled: () => lines.length > 0,
    },
  ]);

  if (lines.length === 0 && trouble === null) return null;
  return (
    <section className="after-report-board" aria-label="Since the signature">
      <h2>
        Images after the report <span className="dim">{lines.length === 0 ? '' : lines.length}</span>
      </h2>
      {trouble === null ? null : (
        <p className="signal" role="status">
          {lines.length === 0 ? 'It could not be asked' : 'This may be older'}: {trouble}{' '}
          <Button kind="quiet" onClick={() => void ask()}>
            Ask again
          </Button>
        </p>
      )}
      {lines.length === 0 ? null : (
        <ul>
          {lines.map(({ taskId, item, exam, accession, site }, place) => {
            const late = isOverdue(item, now);
            const name = shownName(props.rowOf(taskId)?.patient.name ?? '').whole;
            return (
              <li key={item.id}>
                <span className={late ? 'danger' : 'signal'}>
                  <Mark shape={late ? 'octagon' : 'diamond'} />
                </span>
                <span className="who">
                  <b>{name === '' ? 'Patient not on this list' : name}</b>{' '}
                  <span className="dim">
                    {[exam, accession ?? 'no accession', site?.name ?? ''].filter((one) => one !== '').join(', ')}
                  </span>
                </span>
                <span>{whatWords(item)}</span>
                <span className={late ? 'danger clock' : 'clock'}>{clockWords(item, site?.zone ?? null, now)}</span>
                <span className="dim told">{toldWords(item)}</span>
                <Button
                  ref={place === 0 ? first : null}
                  {...(place === 0 ? { keys: 'I' } : {})}
                  onClick={() => props.onOpen(taskId)}
                >
                  Open
                </Button>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

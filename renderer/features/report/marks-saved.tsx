import { useEffect, useState } from 'react';
import type { MarksSavingView } from '../../../shared/api/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Mark, type MarkShape } from '../../ui/index.ts';
import { markCounts, marksStateWords } from './marks-words.ts';

const shapes: Readonly<Record<MarksSavingView['state'], MarkShape>> = {
  waiting: 'ring',
  saved: 'tick',
  refused: 'octagon',
  'given-back': 'ring',
};

/** The host tells of each change; this is for when its word was missed. */
const pollEvery = 10_000;

/** What became of the measurements and key images of each signed version. The host files them; this only tells. */
export function MarksSaved(props: {
  readonly taskId: string;
  readonly host: Pick<HostClient, 'call'>;
  /** Another value asks again. */
  readonly stamp: unknown;
  readonly versions: number;
}) {
  const { taskId, host, stamp, versions } = props;
  const [savings, setSavings] = useState<readonly MarksSavingView[]>([]);
  const [trouble, setTrouble] = useState<string | null>(null);
  const waits = savings.some((one) => one.state === 'waiting');

  // biome-ignore lint/correctness/useExhaustiveDependencies: `stamp` is the host's word that something changed.
  useEffect(() => {
    if (versions === 0) return;
    let over = false;
    const ask = (): void =>
      void host.call('marksSaved', { params: { taskId } }).then((answered) => {
        if (over) return;
        if (answered.ok) setSavings(answered.value.savings);
        setTrouble(answered.ok ? null : answered.error.message);
      });
    ask();
    const timer = waits ? setInterval(ask, pollEvery) : null;
    return () => {
      over = true;
      if (timer !== null) clearInterval(timer);
    };
  }, [host, taskId, stamp, versions, waits]);

  if (savings.length === 0 && trouble === null) return null;
  const newest = [...savings].reverse();
  return (
    <section className="report-block" aria-label="Marks in the archive">
      <div className="report-block-head">
        <h3>Measurements and key images</h3>
      </div>
      {trouble === null ? null : <p className="report-line signal">Not known now: {trouble}</p>}
      <ul className="report-deliveries" aria-label="Saved marks">
        {newest.map((one) => (
          <li key={one.digest} className={one.state}>
            <Mark shape={shapes[one.state]} />
            <span className="channel">
              Marks{savings.length > 1 ? <span className="mute"> version {one.version}</span> : null}
            </span>
            <span className="state">{marksStateWords(one)}</span>
            <span className="proof">{markCounts(one)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

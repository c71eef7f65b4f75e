import { useState } from 'react';
import { type Delivery, standing } from '../../../shared/domain/delivery/index.ts';
import { Button, Mark, type MarkShape } from '../../ui/index.ts';
import { deliveryDetail, deliveryState } from './report-labels.ts';

const shapes: Readonly<Record<Delivery['state'], MarkShape>> = {
  queued: 'ring',
  sent: 'ring',
  accepted: 'tick',
  filed: 'tick',
  refused: 'octagon',
  withdrawn: 'cross',
  superseded: 'tick',
};

/** Where each version went: one item a channel, its state in words, the proof beneath; the newest version first. */
export function DeliveryList(props: {
  readonly deliveries: readonly Delivery[];
  /** The accession that it is delivered under, in a report over several exams; absent for the open one. */
  readonly under?: string;
  readonly zone: string;
  readonly canRetry: boolean;
  /** Answers what went wrong, null when it is in the queue again. */
  readonly onRetry: (delivery: Delivery) => Promise<string | null>;
}) {
  const { zone } = props;
  const [trouble, setTrouble] = useState<{ readonly id: string; readonly words: string } | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const of = props.under === undefined ? '' : ` under ${props.under}`;
  const ordered = [...props.deliveries].sort((left, right) => right.version - left.version);
  const newest = ordered[0]?.version ?? 0;
  const several = ordered.some((one) => one.version !== newest);

  async function again(delivery: Delivery): Promise<void> {
    setBusy(delivery.id);
    const words = await props.onRetry(delivery);
    setBusy(null);
    setTrouble(words === null ? null : { id: delivery.id, words });
  }

  return (
    <section className="report-block" aria-label={`Deliveries${of}`}>
      <div className="report-block-head">
        <h3>Delivery{of}</h3>
        <span className="grow" />
        <span className="dim small">
          {standing(ordered.filter((one) => one.version === newest)).words.split(';')[0]}
        </span>
      </div>
      {ordered.length === 0 ? (
        <p className="report-line mute">Nothing is on its way. Delivery begins when a version is released.</p>
      ) : null}
      <ul className="report-deliveries" aria-label={`Delivery${of}`}>
        {ordered.map((delivery) => (
          <li key={delivery.id} className={delivery.state}>
            <Mark shape={shapes[delivery.state]} />
            <span className="channel">
              {delivery.name}
              {several ? <span className="mute"> version {delivery.version}</span> : null}
            </span>
            <span className="state">{deliveryState(delivery, zone)}</span>
            <span className="proof">{deliveryDetail(delivery, zone)}</span>
            {delivery.state === 'refused' ? (
              <span className="act">
                <Button
                  disabled={!props.canRetry || busy === delivery.id}
                  title={props.canRetry ? undefined : 'Only who reads may send again.'}
                  onClick={() => void again(delivery)}
                >
                  Try again
                </Button>
                {trouble?.id === delivery.id ? <span className="signal">{trouble.words}</span> : null}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

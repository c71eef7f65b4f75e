import { useState } from 'react';
import { formatInZone } from '../../../shared/lib/zoned-time.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Dialog, Mark, Message } from '../../ui/index.ts';
import './delivery.css';
import type { Troubles } from './watch-troubles.ts';

type Trouble = Troubles[number];

/** Each delivery that was refused or does not get through: which report, where to, what came back, and the next step. */
export function TroublesDialog(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly troubles: Troubles;
  readonly canRetry: boolean;
  /** To be asked again now. */
  readonly onChange: () => void;
  readonly onLook: (taskId: string) => void;
  readonly onClose: () => void;
}) {
  const { host, troubles } = props;
  const [trouble, setTrouble] = useState<{ readonly id: string; readonly words: string } | null>(null);
  const [busy, setBusy] = useState<string | null>(null);

  async function again({ delivery }: Trouble): Promise<void> {
    setBusy(delivery.id);
    const answered = await host.call('retryDelivery', { params: { deliveryId: delivery.id } });
    setBusy(null);
    setTrouble(answered.ok ? null : { id: delivery.id, words: answered.error.message });
    if (answered.ok) props.onChange();
  }

  return (
    <Dialog title="Deliveries that need a person" className="delivery-troubles" onClose={props.onClose}>
      <div className="dialog-body">
        {troubles.length === 0 ? (
          <p className="dim">None. Every released report is at its receivers or on its way.</p>
        ) : (
          <>
            <p className="dim">
              The reports are signed and released. Until a receiver has one, phone what cannot wait. Trying again sends
              the same bytes under the same ids: a receiver cannot count them twice.
            </p>
            <ul className="delivery-troubles-list" aria-label="Deliveries that need a person">
              {troubles.map((one) => (
                <li key={one.delivery.id}>
                  <Mark shape={one.kind === 'refused' ? 'octagon' : 'diamond'} />
                  <span className="delivery-troubles-what">
                    <b>{one.accession ?? 'no accession'}</b> {one.exam}
                    <span className="mute">
                      {one.site === null ? '' : ` · ${one.site}`} · version {one.delivery.version}, {one.signedBy}
                    </span>
                  </span>
                  <span className="delivery-troubles-state">
                    {one.delivery.name}: {one.kind === 'refused' ? 'refused' : `${one.delivery.attempts} attempts`}{' '}
                    {formatInZone(one.delivery.since, one.zone).slice(11)}
                  </span>
                  <span className="delivery-troubles-proof">
                    {one.delivery.proof}
                    {one.kind === 'late' ? ' — it is tried again by itself, with pauses of up to 5 minutes.' : ''}
                  </span>
                  <span className="delivery-troubles-act">
                    <Button onClick={() => props.onLook(one.delivery.taskId)}>Look</Button>
                    {one.kind === 'refused' ? (
                      <Button disabled={!props.canRetry || busy === one.delivery.id} onClick={() => void again(one)}>
                        Try again
                      </Button>
                    ) : null}
                  </span>
                  {trouble?.id === one.delivery.id ? (
                    <Message tone="ask" title="Not put back.">
                      {trouble.words}
                    </Message>
                  ) : null}
                </li>
              ))}
            </ul>
          </>
        )}
        <div className="dialog-actions">
          <Button keys="Esc" onClick={props.onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

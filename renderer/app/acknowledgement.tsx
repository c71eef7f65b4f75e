import { useState } from 'react';
import type { Reader } from '../../shared/domain/reader/index.ts';
import type { HostClient } from '../host/index.ts';
import { Button, Message } from '../ui/index.ts';
import { NotADevice } from './not-a-device.tsx';

/** Once for each user, recorded by the host: nobody reads here without having been told what this is not. */
export function Acknowledgement(props: {
  readonly host: HostClient;
  readonly reader: Reader;
  readonly onAcknowledged: () => void;
  readonly onSignOut: () => void;
}) {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const acknowledge = async (): Promise<void> => {
    setBusy(true);
    setRefused(null);
    const answered = await props.host.call('acknowledge');
    setBusy(false);
    if (answered.ok) props.onAcknowledged();
    else setRefused(`This could not be recorded: ${answered.error.message}`);
  };
  return (
    <main className="gate" aria-label="Before you read">
      <div className="gate-form wide">
        <h1 className="gate-title">Before you read, {props.reader.name}</h1>
        <NotADevice />
        <p className="dim">
          It shows images and carries your words. It detects nothing in images and ranks nothing by their content. Who
          signs a report answers for it.
        </p>
        <p className="dim">That you have read this is recorded with your name and the time, once.</p>
        {refused === null ? null : <Message tone="ask" title={refused} />}
        <div className="row">
          <Button kind="go" disabled={busy} onClick={() => void acknowledge()}>
            I understand
          </Button>
          <Button kind="quiet" onClick={props.onSignOut}>
            Sign out
          </Button>
        </div>
      </div>
    </main>
  );
}

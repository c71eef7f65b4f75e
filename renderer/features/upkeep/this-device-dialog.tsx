import { type FormEvent, useState } from 'react';
import type { CallOutput } from '../../../shared/api/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { timeInZone } from '../../../shared/lib/zoned-time.ts';
import { Button, Dialog, Message, TextField, useNow } from '../../ui/index.ts';
import './devices.css';

export type ThisDevice = NonNullable<CallOutput<'thisDevice'>['device']>;

/** The reader's own computer: its name in the lead's list, and what happens when it is away from the group. */
export function ThisDeviceDialog(props: {
  readonly device: ThisDevice;
  /** Null: kept; else why not. */
  readonly onName: (name: string) => Promise<string | null>;
  readonly onClose: () => void;
}) {
  const { device } = props;
  const now = instant(useNow(30_000));
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  // With its date, where that is not today's: an hour alone would be read as tonight's.
  const shown = (at: Instant): string => timeInZone(at, zone, now);
  const [name, setName] = useState(device.name);
  const [refused, setRefused] = useState<string | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setRefused(await props.onName(name.trim()));
  };
  return (
    <Dialog title="This computer" onClose={props.onClose}>
      <form className="dialog-body this-device-form" onSubmit={(event) => void submit(event)}>
        <TextField
          label="Name"
          hint="As the lead of your group sees it; no patient’s name"
          value={name}
          onChange={setName}
          maxLength={80}
          autoFocus
          required
        />
        {refused === null ? null : <Message tone="ask" title={refused} />}
        <dl className="facts">
          <div className="fact">
            <dt>Last contact</dt>
            <dd>{device.lastContact === null ? 'none yet' : shown(device.lastContact)}</dd>
          </div>
          <div className="fact">
            <dt>Without another</dt>
            <dd>
              {device.deletesAt === null
                ? 'not known yet'
                : `images and drafts are deleted here at ${shown(device.deletesAt)}, ${device.offlineHours} h after the last`}
            </dd>
          </div>
        </dl>
        <p className="dim">
          The same happens at once when the lead of your group revokes this computer. A signed report that waits is
          never lost by it: it is kept, sealed for the group alone, and handed over.
        </p>
        <div className="dialog-actions">
          <Button kind="go" type="submit" disabled={name.trim() === '' || name.trim() === device.name}>
            Keep the name
          </Button>
          <Button keys="Esc" kind="quiet" onClick={props.onClose}>
            Close
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

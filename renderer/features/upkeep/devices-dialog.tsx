import { type FormEvent, useState } from 'react';
import type { DevicesView, DeviceView } from '../../../shared/api/index.ts';
import { lackOfRevocation, offlineHours } from '../../../shared/domain/devices/index.ts';
import { AskedTrouble, Button, Dialog, FigureTable, Mark, Message, TextField } from '../../ui/index.ts';
import { deviceStateWords, givenBackWords, heldWords, timeInZone } from './device-words.ts';
import './devices.css';
import type { DeviceDesk } from './use-devices.ts';

/** Readers' computers: who used which last, when it was last in contact, and an end to a lost one. */
export function DevicesDialog({ desk, onClose }: { readonly desk: DeviceDesk; readonly onClose: () => void }) {
  const [revoking, setRevoking] = useState<DeviceView | null>(null);
  const { view, trouble } = desk;
  return (
    <Dialog title="Readers’ computers" className="devices" onClose={onClose}>
      <div className="dialog-body devices-body">
        <AskedTrouble trouble={trouble} ask={desk.ask} byItself />
        {revoking === null ? (
          <DeviceList view={view} onRevoke={setRevoking} />
        ) : (
          <Revocation
            device={revoking}
            revoke={(typed, reason) => desk.revoke(revoking.id, typed, reason)}
            onBack={() => setRevoking(null)}
          />
        )}
        {view === null || revoking !== null ? null : (
          <OfflineHours key={view.offlineHours} hours={view.offlineHours} onSet={desk.setHours} />
        )}
        <div className="dialog-actions">
          <Button keys="Esc" onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function DeviceList(props: { readonly view: DevicesView | null; readonly onRevoke: (device: DeviceView) => void }) {
  const { view } = props;
  if (view === null) return <p className="mute">Asking the host…</p>;
  if (view.devices.length === 0)
    return (
      <p className="dim">
        No reader’s computer is known yet. One is listed from the first sign-in at a desktop that was started with{' '}
        <span className="mono">--group</span> and the address of this host.
      </p>
    );
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <FigureTable
      className="devices-table"
      label="Computers"
      heads={[
        'Computer',
        'Last signed in',
        'Last contact',
        'Version',
        { words: 'Images held', as: 'number' },
        'State',
        { words: 'Revoke', as: 'unseen' },
      ]}
    >
      {view.devices.map((device) => (
        <DeviceRow key={device.id} device={device} zone={zone} onRevoke={() => props.onRevoke(device)} />
      ))}
    </FigureTable>
  );
}

function DeviceRow(props: { readonly device: DeviceView; readonly zone: string; readonly onRevoke: () => void }) {
  const { device, zone } = props;
  const { head, more, tone } = deviceStateWords(device, zone);
  return (
    <tr>
      <th scope="row">
        {device.name}
        <small className="mono">{device.id.slice(0, 8)}</small>
      </th>
      <td>{device.lastUser ?? 'nobody yet'}</td>
      <td>
        {timeInZone(device.lastContact, zone)}
        {device.zone === zone ? null : <small>there {timeInZone(device.lastContact, device.zone)}</small>}
      </td>
      <td>{device.version}</td>
      <td className="number">{heldWords(device.heldBytes)}</td>
      <td>
        <span className={tone === 'waits' ? 'signal' : tone === 'over' ? 'mute' : ''}>
          <Mark shape={tone === 'waits' ? 'diamond' : tone === 'over' ? 'ring' : 'dot'} /> {head}
        </span>
        {more === '' ? null : <small>{more}</small>}
        {device.givenBack === 0 ? null : <small className="signal">{givenBackWords(device.givenBack)}</small>}
      </td>
      <td>
        {device.state.kind === 'active' ? (
          <Button label={`Revoke ${device.name}`} onClick={props.onRevoke}>
            Revoke…
          </Button>
        ) : null}
      </td>
    </tr>
  );
}

function Revocation(props: {
  readonly device: DeviceView;
  readonly revoke: (typed: string, reason: string) => Promise<string | null>;
  readonly onBack: () => void;
}) {
  const { device } = props;
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const lack = lackOfRevocation(device, typed, reason);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (lack !== null || busy) return;
    setBusy(true);
    const why = await props.revoke(typed, reason);
    setBusy(false);
    setRefused(why);
    if (why === null) props.onBack();
  };
  return (
    <form className="devices-form" aria-label="Revoke a computer" onSubmit={(event) => void submit(event)}>
      <Message tone="stop" title={`Revoke ${device.name}? This cannot be taken back.`}>
        Its sessions end now. At its next contact it destroys its keys: images, drafts that are not signed and its own
        access log cannot be opened any more, by anybody. What was signed there and not released is handed over, sealed,
        and given back to its signer with the words.
      </Message>
      <TextField
        label={`The computer’s name, typed: ${device.name}`}
        value={typed}
        onChange={setTyped}
        maxLength={80}
        autoFocus
        required
      />
      <TextField
        label="Why"
        hint="Kept in the access log, and shown in the list"
        value={reason}
        onChange={setReason}
        maxLength={400}
        required
      />
      {refused === null ? null : <Message tone="ask" title={refused} />}
      <div className="dialog-actions">
        <Button kind="go" type="submit" disabled={lack !== null || busy} title={lack ?? ''}>
          Revoke this computer
        </Button>
        <Button kind="quiet" onClick={props.onBack}>
          Back to the list
        </Button>
      </div>
    </form>
  );
}

function OfflineHours(props: { readonly hours: number; readonly onSet: (hours: number) => Promise<string | null> }) {
  const [text, setText] = useState(String(props.hours));
  const [said, setSaid] = useState<string | null>(null);
  const hours = Number(text);
  const fits = /^\d+$/.test(text) && hours >= offlineHours.least && hours <= offlineHours.most;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (fits) setSaid((await props.onSet(hours)) ?? 'Kept. Each computer hears of it at its next contact.');
  };
  return (
    <form className="devices-hours" aria-label="Time away" onSubmit={(event) => void submit(event)}>
      <TextField
        label="Hours that a computer may be away before it destroys its keys"
        hint={`${offlineHours.least} to ${offlineHours.most}; the usual is ${offlineHours.usual}. The reader is warned from 4 hours before.`}
        value={text}
        onChange={setText}
        maxLength={3}
      />
      <Button type="submit" disabled={!fits || hours === props.hours}>
        Keep
      </Button>
      {said === null ? null : (
        <span className="dim" role="status">
          {said}
        </span>
      )}
    </form>
  );
}

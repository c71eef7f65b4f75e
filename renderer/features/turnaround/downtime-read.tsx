import { type FormEvent, useId, useRef, useState } from 'react';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { formatInZone } from '../../../shared/domain/turnaround/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { wallClock } from '../../../shared/lib/wall-clock.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Dialog, Message, TextField, useCommands } from '../../ui/index.ts';
import './downtime-read.css';

type Host = Pick<HostClient, 'call'>;

/** The command for it, and the form while it is open: a read on paper is entered with its true times. */
export function EnterDowntimeRead(props: {
  readonly host: Host;
  readonly taskId: TaskId;
  /** The site's: the paper says its times in it. */
  readonly zone: string;
  readonly allowed: boolean;
}) {
  const [open, setOpen] = useState(false);
  useCommands([
    {
      id: 'case.downtime-read',
      title: 'Enter a read made on paper in downtime',
      group: 'Report',
      keys: null,
      run: () => setOpen(true),
      enabled: () => props.allowed,
    },
  ]);
  return open ? (
    <Form host={props.host} taskId={props.taskId} zone={props.zone} onClose={() => setOpen(false)} />
  ) : null;
}

function Form(props: {
  readonly host: Host;
  readonly taskId: TaskId;
  readonly zone: string;
  readonly onClose: () => void;
}) {
  const { host, taskId, zone, onClose } = props;
  const [readBy, setReadBy] = useState('');
  const [readAt, setReadAt] = useState<Instant | null>(null);
  const [words, setWords] = useState('');
  const [phonedTo, setPhonedTo] = useState('');
  const [phonedAt, setPhonedAt] = useState<Instant | null>(null);
  const [readBack, setReadBack] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [saved, setSaved] = useState(false);
  // One command for one form: a second press after a lost answer enters nothing twice.
  const command = useRef(crypto.randomUUID());

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const half = (phonedTo.trim() === '') !== (phonedAt === null);
    if (readAt === null || half) {
      setTrouble(
        readAt === null
          ? 'Give the date and time of the read, as on the paper.'
          : 'Give both who was phoned and when, or neither.',
      );
      return;
    }
    setBusy(true);
    const phoned = phonedAt === null ? null : { to: phonedTo, at: phonedAt, readBack };
    const input = { commandId: command.current, readBy, readAt, words, phoned };
    const done = await host.call('enterDowntimeRead', { params: { taskId }, input });
    setBusy(false);
    setTrouble(done.ok ? null : done.error.message);
    setSaved(done.ok);
  }

  return (
    <Dialog title="Enter a read made on paper" onClose={onClose}>
      <form className="dialog-body downtime-read" onSubmit={(event) => void submit(event)}>
        <p className="dim">
          What is entered stands on the timeline at its true time, marked as entered after downtime, by you. It is no
          report and nobody’s signature. Leave the patient’s name out.
        </p>
        <TextField label="Read by, as on the paper" value={readBy} onChange={setReadBy} required maxLength={200} />
        <ClockField label="Read at" zone={zone} onChange={setReadAt} />
        <TextField label="Words of the read" value={words} onChange={setWords} rows={4} required maxLength={2_000} />
        <TextField label="Phoned to (empty if nobody)" value={phonedTo} onChange={setPhonedTo} maxLength={200} />
        <ClockField label="Phoned at" zone={zone} onChange={setPhonedAt} />
        <label>
          <input
            type="checkbox"
            autoComplete="off"
            checked={readBack}
            onChange={(event) => setReadBack(event.target.checked)}
          />{' '}
          Read back by the one who was phoned
        </label>
        {trouble === null ? null : <Message tone="ask" title={trouble} />}
        {saved ? <Message tone="tell" title="Entered. It stands on the timeline and the dispute file." /> : null}
        <div className="dialog-actions">
          <Button kind="go" type="submit" disabled={busy || saved}>
            Enter it
          </Button>
          <Button keys="Esc" onClick={onClose}>
            Close
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A date and time on the site's clock. Where that clock showed it twice, which of the two is asked; where it leapt over it, it is said. */
function ClockField(props: {
  readonly label: string;
  readonly zone: string;
  readonly onChange: (at: Instant | null) => void;
}) {
  const { zone, onChange } = props;
  const id = useId();
  const [text, setText] = useState('');
  const [second, setSecond] = useState(false);
  const found = readingOf(text, zone);
  const twice = found !== null && found.first !== found.last;
  const change = (next: string, last: boolean): void => {
    setText(next);
    setSecond(last);
    const read = readingOf(next, zone);
    onChange(read === null ? null : last ? read.last : read.first);
  };
  return (
    <div className="field">
      <label htmlFor={id}>
        {props.label} ({zone})
      </label>
      <input
        id={id}
        type="datetime-local"
        autoComplete="off"
        value={text}
        onChange={(event) => change(event.target.value, false)}
      />
      {found === null ? null : twice ? (
        <span>
          {[found.first, found.last].map((at, place) => (
            <label key={at}>
              <input
                type="radio"
                autoComplete="off"
                name={id}
                checked={second === (place === 1)}
                onChange={() => change(text, place === 1)}
              />{' '}
              {formatInZone(at, zone)}
            </label>
          ))}
        </span>
      ) : (
        <span className="mute small">{formatInZone(found.first, zone)}</span>
      )}
    </div>
  );
}

/** The instants at which the zone's clock showed the text of a `datetime-local` field; null while it is no whole time. */
function readingOf(text: string, zone: string): { readonly first: Instant; readonly last: Instant } | null {
  const reading = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? Date.parse(`${text.slice(0, 16)}:00Z`) : Number.NaN;
  return Number.isNaN(reading) ? null : wallClock(zone).at(reading);
}

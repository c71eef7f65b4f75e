import { useEffect, useState } from 'react';
import type { CallOutput, ReceivedMessageView, UnderstoodRow } from '../../../shared/api/index.ts';
import { formatInZone } from '../../../shared/domain/turnaround/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Dialog, Mark, Message, useCommands } from '../../ui/index.ts';
import './received.css';

type State =
  | { readonly kind: 'asking' }
  | { readonly kind: 'known'; readonly answer: CallOutput<'receivedMessages'> }
  | { readonly kind: 'failed'; readonly message: string };

const answers = { AA: 'taken in', AE: 'refused, to be mended', AR: 'refused' } as const;

/** The messages about an order as they were received, each beside what was understood of it, with every mismatch marked. */
function ReceivedMessages(props: { readonly host: HostClient; readonly taskId: string }) {
  const { host, taskId } = props;
  const [state, setState] = useState<State>({ kind: 'asking' });
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks again
  useEffect(() => {
    const ended = new AbortController();
    setState({ kind: 'asking' });
    void host.call('receivedMessages', { params: { taskId }, signal: ended.signal }).then((answered) => {
      if (ended.signal.aborted) return;
      setState(
        answered.ok ? { kind: 'known', answer: answered.value } : { kind: 'failed', message: answered.error.message },
      );
    });
    return () => ended.abort();
  }, [host, taskId, turn]);

  if (state.kind === 'asking') return <p className="mute small">Fetching what was received…</p>;
  if (state.kind === 'failed')
    return (
      <Message
        tone="ask"
        title="What was received could not be fetched."
        action={<Button onClick={() => setTurn((before) => before + 1)}>Try again</Button>}
      >
        {state.message}
      </Message>
    );
  const { messages, zone } = state.answer;
  if (messages.length === 0)
    return (
      <p className="mute small">
        No message about this case came to this host: the order was written into the record, or there is none.
      </p>
    );
  return (
    <div className="received">
      {messages.map((message, at) => (
        <One key={message.key} message={message} zone={zone} open={at === 0} />
      ))}
    </div>
  );
}

function One(props: { readonly message: ReceivedMessageView; readonly zone: string; readonly open: boolean }) {
  const { message, zone } = props;
  const mismatches = message.rows.filter((row) => row.mismatch !== null).length;
  const images = message.rows.some((row) => row.images !== null);
  return (
    <details className="received-one" open={props.open}>
      <summary>
        <b>{message.title}</b>{' '}
        <span className="dim small">
          {formatInZone(instant(message.receivedAt), zone)}
          {message.answer === null ? '' : `, ${answers[message.answer]}`}
        </span>{' '}
        {mismatches === 0 ? null : (
          <span className="signal small">
            <Mark shape="diamond" /> {mismatches === 1 ? '1 thing does not fit' : `${mismatches} things do not fit`}
          </span>
        )}
      </summary>
      <p className="mute small">
        {message.words}
        {message.rows.length === 0 || images ? '' : ' No images have come to compare it with.'}
      </p>
      {message.rows.length === 0 ? null : (
        <table className="received-table">
          <thead>
            <tr>
              <th scope="col">Fact</th>
              <th scope="col">As received</th>
              <th scope="col">Understood</th>
              {images ? <th scope="col">Images</th> : null}
            </tr>
          </thead>
          <tbody>
            {message.rows.map((row) => (
              <Fact key={row.name} row={row} images={images} />
            ))}
          </tbody>
        </table>
      )}
      <RawLines lines={message.lines} />
    </details>
  );
}

function Fact({ row, images }: { readonly row: UnderstoodRow; readonly images: boolean }) {
  const nothing = <span className="mute">nothing</span>;
  return (
    <tr className={row.mismatch === null ? '' : 'differs'}>
      <th scope="row">
        {row.name} <span className="dim small mono">{row.place}</span>
      </th>
      <td className="mono">{row.received === '' ? nothing : row.received}</td>
      <td>
        {row.understood === '' ? nothing : row.understood}
        {row.mismatch === null ? null : (
          <span className="signal small">
            <Mark shape="diamond" /> {row.mismatch}
          </span>
        )}
      </td>
      {images ? <td>{row.images ?? nothing}</td> : null}
    </tr>
  );
}

/** The message itself, one segment a line. */
export function RawLines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <details>
      <summary className="small">The message as it came</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keys */}
      <section className="received-raw" tabIndex={0} aria-label="Message as received">
        <pre className="mono">{lines.join('\n')}</pre>
      </section>
    </details>
  );
}

/** A button, and a command for the keys, that show the messages about one case in a dialog. */
export function ReceivedMessage(props: {
  readonly host: HostClient;
  readonly taskId: string;
  /** False where the screen has no room for a button: the key and the palette remain. */
  readonly button: boolean;
}) {
  const [open, setOpen] = useState(false);
  useCommands([
    {
      id: 'case.received',
      title: 'Show the order’s messages as received',
      group: 'Report',
      keys: 'Alt+E',
      run: () => setOpen(true),
    },
  ]);
  return (
    <>
      {props.button ? (
        <Button kind="quiet" keys="Alt+E" onClick={() => setOpen(true)}>
          As received
        </Button>
      ) : null}
      {open ? (
        <Dialog title="Messages as received" className="received-dialog" onClose={() => setOpen(false)}>
          <ReceivedMessages host={props.host} taskId={props.taskId} />
          <div className="row actions">
            <Button keys="Esc" onClick={() => setOpen(false)}>
              Close
            </Button>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}

import { useEffect, useState } from 'react';
import type { CallOutput } from '../../../shared/api/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Dialog, Message, useCommands } from '../../ui/index.ts';
import './dispute.css';

type File = CallOutput<'dispute'>;
type Host = Pick<HostClient, 'call'>;

/** The command for it, and the page itself while it is open: why this study's clock says what it says. */
export function DisputeFile({ host, taskId }: { readonly host: Host; readonly taskId: TaskId }) {
  const [open, setOpen] = useState(false);
  useCommands([
    {
      id: 'case.dispute',
      title: 'Dispute file: every event and how the clock was reckoned',
      group: 'Report',
      keys: 'Alt+T',
      run: () => setOpen(true),
    },
  ]);
  return open ? <DisputeDialog host={host} taskId={taskId} onClose={() => setOpen(false)} /> : null;
}

function DisputeDialog(props: { readonly host: Host; readonly taskId: TaskId; readonly onClose: () => void }) {
  const { host, taskId, onClose } = props;
  const [file, setFile] = useState<File | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const params = { taskId };

  useEffect(() => {
    let gone = false;
    void host.call('dispute', { params: { taskId } }).then((answered) => {
      if (gone) return;
      if (answered.ok) setFile(answered.value);
      else setTrouble(answered.error.message);
    });
    return () => {
      gone = true;
    };
  }, [host, taskId]);

  async function save(format: 'csv' | 'fhir'): Promise<void> {
    setBusy(true);
    const answered = await host.call('exportDispute', { params, input: { format } });
    setBusy(false);
    setTrouble(answered.ok ? null : `Not exported: ${answered.error.message}`);
    if (answered.ok) download(answered.value);
  }
  async function print(): Promise<void> {
    setBusy(true);
    const noted = await host.call('printDispute', { params, input: {} });
    setBusy(false);
    setTrouble(noted.ok ? null : `Not printed: ${noted.error.message}`);
    if (noted.ok) window.print();
  }

  return (
    <Dialog
      title="Dispute file"
      className="dispute"
      onClose={onClose}
      head={
        <span className="dispute-doing">
          <Button kind="go" disabled={busy || file === null} onClick={() => void print()}>
            Print
          </Button>
          <Button disabled={busy || file === null} onClick={() => void save('csv')}>
            CSV
          </Button>
          <Button disabled={busy || file === null} onClick={() => void save('fhir')}>
            FHIR
          </Button>
          <Button keys="Esc" kind="quiet" onClick={onClose}>
            Close
          </Button>
        </span>
      }
    >
      {/* It scrolls, so the keyboard must reach it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take focus (WCAG 2.1.1). */}
      <section className="dialog-body dispute-body" aria-label="Page" tabIndex={0}>
        {trouble === null ? null : <Message tone="ask" title={trouble} />}
        {file === null ? (
          trouble === null ? (
            <p className="mute">Gathering the events…</p>
          ) : null
        ) : (
          <>
            {file.clockFaults.map(({ contract, words, next }) => (
              <Message key={words} tone="ask" title={`“${contract}”: a clock that never stops.`}>
                {words} {next}
              </Message>
            ))}
            <Paper file={file} />
          </>
        )}
      </section>
    </Dialog>
  );
}

/** What is printed: one page for a study of usual length. Nothing on it names the patient. */
function Paper({ file }: { readonly file: File }) {
  return (
    <article className="dispute-paper" aria-label="Dispute file of this study">
      <header>
        <h2>{`Clock of ${file.accession ?? 'a study without accession'}: ${file.exam}`}</h2>
        <p>
          {`${file.site}. Times are on the site's clock (${file.zone}). Made ${file.madeAt} by ${file.madeBy}.`}
          {file.notForClinicalUse ? ' NOT FOR CLINICAL USE.' : ''}
        </p>
        <p className="mute small">{`Study ${file.studyUid ?? 'not known'}`}</p>
      </header>
      <div className="dispute-columns">
        <section aria-label="Contract">
          <h3>What was agreed</h3>
          {file.contract.map((words) => (
            <p key={words}>{words}</p>
          ))}
        </section>
        <section aria-label="Reckoning">
          <h3>How the clock was reckoned</h3>
          {file.reckoning.map((words) => (
            <p key={words}>{words}</p>
          ))}
        </section>
        <section aria-label="Intervals">
          <h3>Intervals</h3>
          {file.intervals.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two critical results have two intervals of one name; the list never changes.
            <p key={`${one.name}-${at}`} title={one.words}>
              <b>{one.name}</b> {one.milliseconds === null ? 'runs' : spanWords(one.milliseconds)}
              <span className="mute"> {one.words}</span>
            </p>
          ))}
        </section>
      </div>
      {file.lines.length === 0 ? (
        <p>No event is known of this study yet. They come with its order and its images.</p>
      ) : (
        <table aria-label="Events">
          <thead>
            <tr>
              <th scope="col">No</th>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col">Who</th>
              <th scope="col">By which clock</th>
              <th scope="col">Pause</th>
              <th scope="col">Answers</th>
              <th scope="col">Hash</th>
            </tr>
          </thead>
          <tbody>
            {file.lines.map((line) => (
              <tr key={line.id}>
                <td>{line.number}</td>
                <td className="mono">{line.time}</td>
                <td>
                  {line.what}
                  {line.detail === '' ? null : <span className="mute"> {line.detail}</span>}
                </td>
                <td>{line.who}</td>
                <td>
                  {line.clock}
                  {line.confidence === 'high' ? null : <b className="dispute-doubt"> low confidence: {line.doubt}</b>}
                </td>
                <td>{line.pause}</td>
                <td>{line.cause === null ? '' : `event ${line.cause}`}</td>
                <td className="mono mute" title={line.hash}>
                  {line.hash.slice(0, 12)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <footer>
        <p className="mono">{`Chain ${file.chain}`}</p>
        <p className="mute small">
          Each hash is SHA-256 over its event and the hash before it. A file with the same last hash has the same
          events, none changed, left out or added. Overread is not a cleared medical device.
        </p>
      </footer>
    </article>
  );
}

function spanWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (count: number): string => String(count).padStart(2, '0');
  if (hours > 0) return `${hours} h ${two(minutes)} min`;
  return minutes > 0 ? `${minutes} min ${two(rest)} s` : `${rest} s`;
}

/** Hands a file to the browser; its address is taken back once the browser has it. */
function download(file: CallOutput<'exportDispute'>): void {
  const address = URL.createObjectURL(new Blob([file.text], { type: file.mediaType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = file.fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

import { useCallback, useEffect, useState } from 'react';
import type { DictatedFiguresView } from '../../../shared/api/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Dialog, Message } from '../../ui/index.ts';
import './dictated-dialog.css';

type Count = DictatedFiguresView['all'];

const columns = [
  ['unchanged', 'Unchanged'],
  ['small', 'Few words'],
  ['large', 'More words'],
] as const satisfies readonly (readonly [keyof Count, string])[];

/** What became of the reports that she gave to be signed, in numbers; nobody but herself is shown them. */
export function DictatedDialog(props: { readonly host: Pick<HostClient, 'call'>; readonly onClose: () => void }) {
  const { host, onClose } = props;
  const [view, setView] = useState<DictatedFiguresView | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const ask = useCallback(async (): Promise<void> => {
    const answered = await host.call('dictatedFigures');
    setTrouble(answered.ok ? null : answered.error.message);
    if (answered.ok) setView(answered.value);
  }, [host]);
  useEffect(() => void ask(), [ask]);
  return (
    <Dialog title="Your reports that others signed" className="dictated-figures" onClose={onClose}>
      <div className="dialog-body dictated-figures-body">
        {trouble === null ? null : (
          <Message tone="ask" title="The host could not be asked.">
            {trouble} <Button onClick={() => void ask()}>Ask again</Button>
          </Message>
        )}
        {view === null ? (
          <p className="mute">{trouble === null ? 'Asking the host…' : 'Nothing is known here.'}</p>
        ) : (
          <Figures view={view} />
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

function Figures({ view }: { readonly view: DictatedFiguresView }) {
  const { all, waiting } = view;
  const waits = waiting === 0 ? '' : `${waiting} ${waiting === 1 ? 'waits' : 'wait'} for a signature now.`;
  if (all.signed === 0)
    return (
      <>
        <p>No report that you gave is signed yet. {waits}</p>
        <p className="mute">
          Where you may write a report and not sign it, F12 gives it to somebody who may. What was changed before the
          signature is counted here, for you alone.
        </p>
      </>
    );
  return (
    <>
      <p className="dictated-figures-head">
        {all.signed} signed: {all.unchanged} unchanged, {all.small} with few words changed, {all.large} with more.{' '}
        {waits}
      </p>
      <div className="dictated-figures-tables">
        <Table title="By modality" rows={view.byModality} />
        <Table title="By month" rows={view.byMonth} />
      </div>
      <p className="mute small">
        Few words: at most one in ten of yours. Words are counted, not what they weigh: one word can change a diagnosis.
        {all.unknown === 0 ? '' : ` Of ${all.unknown} what you gave cannot be read now.`} Nobody but you is shown these
        numbers.
      </p>
    </>
  );
}

function Table(props: { readonly title: string; readonly rows: DictatedFiguresView['byMonth'] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take focus (WCAG 2.1.1).
    <section className="dictated-figures-scroll" aria-label={props.title} tabIndex={0}>
      <table className="dictated-figures-table">
        <thead>
          <tr>
            <th scope="col">{props.title}</th>
            <th scope="col" className="number">
              Signed
            </th>
            {columns.map(([field, title]) => (
              <th key={field} scope="col" className="number">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td className="number">{row.signed}</td>
              {columns.map(([field]) => (
                <td key={field} className={row[field] === 0 ? 'number mute' : 'number'}>
                  {row[field]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

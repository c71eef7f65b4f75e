import { useCallback } from 'react';
import type { DictatedFiguresView } from '../../../shared/api/index.ts';
import type { HostClient } from '../../host/index.ts';
import { AskedTrouble, Button, Dialog, FigureTable, useAskedView } from '../../ui/index.ts';
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
  const question = useCallback((signal: AbortSignal) => host.call('dictatedFigures', { signal }), [host]);
  const { view, trouble, ask } = useAskedView(question);
  return (
    <Dialog title="Your reports that others signed" className="dictated-figures" onClose={onClose}>
      <div className="dialog-body dictated-figures-body">
        <AskedTrouble trouble={trouble} ask={ask} />
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
  const heads = ['Signed', ...columns.map(([_field, title]) => title)].map(
    (words) => ({ words, as: 'number' }) as const,
  );
  return (
    <FigureTable label={props.title} heads={[props.title, ...heads]}>
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
    </FigureTable>
  );
}

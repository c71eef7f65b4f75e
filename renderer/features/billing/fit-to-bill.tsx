import { useCallback, useEffect, useState } from 'react';
import type { BillingRow, FitToBillList } from '../../../shared/api/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { shownDate, shownName } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Dialog, FigureTable, Mark, Message } from '../../ui/index.ts';
import './billing.css';

type State =
  | { readonly kind: 'asking' }
  | { readonly kind: 'known'; readonly list: FitToBillList }
  | { readonly kind: 'failed'; readonly message: string };

/** Studies that cannot be billed as they stand, for the lead. Readers are not told: nothing here is theirs to mend. */
export function FitToBill(props: {
  readonly host: HostClient;
  readonly onLook: (taskId: TaskId) => void;
  readonly onClose: () => void;
}) {
  const { host } = props;
  const [state, setState] = useState<State>({ kind: 'asking' });
  const ask = useCallback(
    async (signal?: AbortSignal) => {
      setState({ kind: 'asking' });
      const answered = await host.call('fitToBill', signal === undefined ? {} : { signal });
      if (signal?.aborted === true) return;
      setState(
        answered.ok ? { kind: 'known', list: answered.value } : { kind: 'failed', message: answered.error.message },
      );
    },
    [host],
  );
  useEffect(() => {
    const ended = new AbortController();
    void ask(ended.signal);
    return () => ended.abort();
  }, [ask]);
  return (
    <Dialog title="Fit to bill" onClose={props.onClose} className="fit-to-bill">
      <div className="dialog-body">
        {state.kind === 'asking' ? <p className="mute">Asking the record for coverage and authorizations…</p> : null}
        {state.kind === 'failed' ? (
          <Message
            tone="ask"
            title="The list could not be made."
            action={<Button onClick={() => void ask()}>Ask again</Button>}
          >
            {state.message}
          </Message>
        ) : null}
        {state.kind === 'known' ? <Known list={state.list} onLook={props.onLook} /> : null}
      </div>
    </Dialog>
  );
}

function Known({ list, onLook }: { readonly list: FitToBillList; readonly onLook: (taskId: TaskId) => void }) {
  const diagnoses = list.tables.filter((one) => one.kind === 'icd10cm');
  const defects = list.rows.filter((row) => row.verdict === 'not-fit').length;
  return (
    <>
      <p className="dim">
        {defects} of {list.judged} studies with an order cannot be billed as they stand
        {list.rows.length === defects ? '' : `; of ${list.rows.length - defects} more it is not known`}.
        {list.left === 0 ? '' : ` ${list.left} older ones were not judged.`} No reader sees this, and no study waits for
        it.
      </p>
      <p className="mute small">
        {diagnoses.length === 0
          ? 'No ICD-10-CM table is loaded: npm run tables -- add icd10cm FILE --valid-from DATE.'
          : `ICD-10-CM in force from ${diagnoses.map((one) => shownDate(one.validFrom)).join(', ')}.`}
      </p>
      {list.rows.length === 0 ? (
        <p>Every study with an order can be billed.</p>
      ) : (
        <FigureTable
          className="billing-table"
          label="Studies that cannot be billed"
          heads={['Accession', 'Patient, exam', 'Site, day of service', 'What is missing or wrong']}
        >
          {list.rows.map((row) => (
            <Row key={row.taskId} row={row} onLook={onLook} />
          ))}
        </FigureTable>
      )}
    </>
  );
}

function Row({ row, onLook }: { readonly row: BillingRow; readonly onLook: (taskId: TaskId) => void }) {
  return (
    <tr>
      <th scope="row">
        <button type="button" className="linkish mono" title="Look at this study" onClick={() => onLook(row.taskId)}>
          {row.accession ?? 'none'}
        </button>
      </th>
      <td>
        {shownName(row.patient.name).whole}
        <small>{row.exam}</small>
      </td>
      <td>
        {row.site ?? 'site not known'}
        <small>{row.dateOfService === null ? 'no images yet' : shownDate(row.dateOfService)}</small>
      </td>
      <td>
        <ul>
          {row.checks
            .filter((check) => check.state !== 'ready')
            .map((check) => (
              <li key={`${check.code}${check.found}${check.words}`} title={check.clause}>
                <span className={check.state === 'defect' ? 'signal' : 'mute'}>
                  <Mark shape={check.state === 'defect' ? 'diamond' : 'ring'} />
                  <span className="visually-hidden">
                    {check.state === 'defect' ? 'Defect: ' : check.state === 'note' ? 'Note: ' : 'Not known: '}
                  </span>
                </span>{' '}
                {check.found === '' ? null : <span className="mono">{check.found} </span>}
                {check.words}
              </li>
            ))}
        </ul>
      </td>
    </tr>
  );
}

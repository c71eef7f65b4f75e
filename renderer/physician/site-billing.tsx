import type { FitToBillList } from '../../shared/api/index.ts';
import type { BillCheckCode, BillCorrection } from '../../shared/domain/billing/index.ts';
import { shownDate, shownName } from '../case/index.ts';
import { Button, Mark, Message } from '../ui/index.ts';
import { SiteCorrection } from './site-correction.tsx';

/** What would put right each defect, and by whom. Overread asks no payer: the desk supplies what it knows, here or by its own system. */
const remedies: Readonly<Record<BillCheckCode, string>> = {
  authorization: 'Get or renew the authorization.',
  coverage: 'Check the patient’s coverage.',
  diagnosis: 'Ask the ordering physician for an ICD-10-CM code.',
  procedure: 'A code that payers take is missing from the order.',
  'orderer-npi': 'Correct it in your own system too, so that the next order has it.',
  'reader-npi': 'The reading group mends this: its lead sees it too.',
  signature: 'Nothing to do here: it ends with the final report.',
};

export type CorrectOrder = (taskId: string, commandId: string, correction: BillCorrection) => Promise<string | null>;

export type BillingState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'known'; readonly list: FitToBillList }
  | { readonly kind: 'failed'; readonly message: string };

/** This site's studies that cannot be billed as they stand. No reader sees it, and no study waits for it. */
export function SiteBilling(props: {
  readonly state: BillingState;
  readonly onAsk: () => void;
  /** Null when it was taken, else why not. */
  readonly onCorrect: CorrectOrder;
}) {
  const { state } = props;
  return (
    <section aria-label="Fit to bill">
      <h2>Fit to bill</h2>
      {state.kind === 'asking' ? <p className="dim">Asking the record for coverage and authorizations…</p> : null}
      {state.kind === 'failed' ? (
        <Message
          tone="ask"
          title="The list could not be made."
          action={<Button onClick={props.onAsk}>Ask again</Button>}
        >
          {state.message}
        </Message>
      ) : null}
      {state.kind === 'known' ? <Known list={state.list} onCorrect={props.onCorrect} /> : null}
    </section>
  );
}

function Known({ list, onCorrect }: { readonly list: FitToBillList; readonly onCorrect: CorrectOrder }) {
  const defects = list.rows.filter((row) => row.verdict === 'not-fit');
  const unknown = list.rows.length - defects.length;
  return (
    <>
      <p className="dim">
        {defects.length === 0
          ? `None of ${list.judged} studies is known to lack anything for billing.`
          : `${defects.length} of ${list.judged} studies cannot be billed as they stand.`}
        {unknown === 0 ? '' : ` Of ${unknown} more it is not known.`}
        {list.left === 0 ? '' : ` ${list.left} older ones were not judged.`} No reader sees this, and no study waits for
        it.
      </p>
      {defects.length === 0 ? null : (
        <table className="site-table">
          <thead>
            <tr>
              <th scope="col">Accession</th>
              <th scope="col">Patient, exam</th>
              <th scope="col">Day of service</th>
              <th scope="col">What is missing or wrong, and what would put it right</th>
            </tr>
          </thead>
          <tbody>
            {defects.map((row) => (
              <tr key={row.taskId}>
                <th scope="row" className="mono">
                  {row.accession ?? 'none'}
                </th>
                <td>
                  {shownName(row.patient.name).whole}, {row.exam}
                </td>
                <td>{row.dateOfService === null ? 'no images yet' : shownDate(row.dateOfService)}</td>
                <td>
                  <ul className="site-defects">
                    {row.checks
                      .filter((check) => check.state === 'defect')
                      .map((check) => (
                        <li key={`${check.code}${check.found}${check.words}`} title={check.clause}>
                          <span className="signal">
                            <Mark shape="diamond" />
                          </span>{' '}
                          {check.found === '' ? null : <span className="mono">{check.found} </span>}
                          {check.words} <span className="dim">{remedies[check.code]}</span>
                          <SiteCorrection
                            check={check}
                            about={row.accession ?? row.exam}
                            onCorrect={(commandId, correction) => onCorrect(row.taskId, commandId, correction)}
                          />
                        </li>
                      ))}
                  </ul>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

import type { ReactNode } from 'react';
import type { WorklistRow } from '../../../shared/api/index.ts';
import { shownExam } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Mark, Message } from '../../ui/index.ts';
import { AdviceList, CheckList } from './check-list.tsx';
import { verdictOf } from './check-words.ts';
import './orders.css';
import { type ChecksState, useOrderChecks } from './use-order-checks.ts';

const sides = { L: ', left', R: ', right', B: ', both sides' } as const;

/** What came of the order, before the first click: its words, and each check of them. It tells; it never stands in the way. */
export function OrderPanel(props: {
  readonly host: HostClient;
  readonly row: WorklistRow;
  /** The message as it was received, beside what was understood of it. */
  readonly received?: ReactNode;
}) {
  const { host, row } = props;
  const { state, again } = useOrderChecks(host, row);
  const verdict = state.kind === 'known' ? verdictOf(state.checks) : null;
  return (
    <section className="section order-panel" aria-label="Order">
      <div className="section-head">
        <h3>Order</h3>
        <span className="grow" />
        {verdict === null ? (
          <span className="mute small">{state.kind === 'asking' ? 'checking…' : 'not checked'}</span>
        ) : (
          <span className={`${verdict.tone} small`}>
            <Mark shape={verdict.shape} /> {verdict.words}
          </span>
        )}
      </div>
      {row.link === 'images-without-order' ? (
        <p className="mute small">
          No order names these images: who asked, and for what, is not known. They can be read; the site can send the
          order or say its accession number.
        </p>
      ) : (
        <>
          <p className="reason">
            {row.reason === '' ? <span className="mute">No reason for exam was given.</span> : row.reason}
          </p>
          <dl className="facts">
            <dt>Exam</dt>
            <dd>
              {shownExam(row)}
              {row.laterality === null ? '' : sides[row.laterality]}
            </dd>
            {row.codes === undefined || row.codes.length === 0 ? null : (
              <>
                <dt>Codes</dt>
                <dd className="mono">{row.codes.join(' ')}</dd>
              </>
            )}
            <dt>Ordered by</dt>
            <dd>
              {row.orderedBy === '' ? 'not named' : row.orderedBy}
              {row.orderedByNumber === undefined ? null : <span className="mute"> {row.orderedByNumber}</span>}
            </dd>
          </dl>
        </>
      )}
      <Checks state={state} onAgain={again} />
      {props.received}
    </section>
  );
}

function Checks({ state, onAgain }: { readonly state: ChecksState; readonly onAgain: () => void }) {
  if (state.kind === 'asking') return null;
  if (state.kind === 'failed') {
    return (
      <Message
        tone="ask"
        title="The order was not checked against its images."
        action={
          <Button kind="quiet" onClick={onAgain}>
            Check again
          </Button>
        }
      >
        {state.message} The study can be read all the same.
      </Message>
    );
  }
  return (
    <>
      {state.checks.images === 'listed' && state.checks.verdict !== 'no-order' ? (
        <p className="mute small">
          The archive did not say what each series holds: side, contrast and views were compared by its list alone.
        </p>
      ) : null}
      {state.checks.checks.length === 0 ? null : <CheckList checks={state.checks.checks} />}
      <AdviceList advice={state.checks.advice} />
    </>
  );
}

import { type ReactNode, useState } from 'react';
import type { WorklistRow } from '../../../shared/api/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Mark, useCommands } from '../../ui/index.ts';
import { AdviceList, CheckList } from './check-list.tsx';
import { evidenceOf, markOf, verdictOf } from './check-words.ts';
import './orders.css';
import { useOrderChecks } from './use-order-checks.ts';

/**
 * The order in the reading screen: one line that never changes its height, so that no image moves when the answer comes. All checks lie
 * over the images while they are asked for.
 */
export function OrderStrip(props: {
  readonly host: HostClient;
  readonly row: WorklistRow;
  readonly received?: ReactNode;
}) {
  const { state, again } = useOrderChecks(props.host, props.row);
  const [open, setOpen] = useState(false);
  useCommands([
    {
      id: 'order.checks',
      title: open ? 'Hide the order and its checks' : 'Show the order and its checks',
      group: 'Report',
      keys: 'Alt+O',
      run: () => setOpen((before) => !before),
    },
  ]);
  const verdict = state.kind === 'known' ? verdictOf(state.checks) : null;
  const findings =
    state.kind === 'known' ? state.checks.checks.filter((one) => one.state === 'defect' || one.state === 'note') : [];
  return (
    <section className="order-strip" aria-label="Order">
      <div className="order-line">
        <span className="label">Order</span>
        {verdict === null ? (
          <span className="mute">{state.kind === 'failed' ? 'not checked against its images' : 'checking…'}</span>
        ) : (
          <span className={verdict.tone}>
            <Mark shape={verdict.shape} /> {verdict.words}
          </span>
        )}
        {open ? (
          <span className="grow" />
        ) : (
          <ul className="order-findings" aria-label="Order checks">
            {findings.map((check) => (
              <li key={`${check.code}${check.words}`} title={`${evidenceOf(check)}\n${check.clause}`}>
                <span className={markOf(check).tone}>
                  <Mark shape={markOf(check).shape} />
                </span>{' '}
                {check.words}
              </li>
            ))}
          </ul>
        )}
        {state.kind === 'failed' ? (
          <Button kind="quiet" onClick={again}>
            Check again
          </Button>
        ) : null}
        <Button kind="quiet" keys="Alt+O" onClick={() => setOpen((before) => !before)}>
          {open ? 'Hide' : 'All checks'}
        </Button>
      </div>
      {open ? (
        <div className="order-sheet">
          <p className="reason">
            {props.row.reason === '' ? <span className="mute">No reason for exam was given.</span> : props.row.reason}
          </p>
          {state.kind === 'known' ? (
            <>
              <CheckList checks={state.checks.checks} />
              <AdviceList advice={state.checks.advice} />
            </>
          ) : null}
          {state.kind === 'failed' ? <p className="mute">{state.message} The study can be read all the same.</p> : null}
          {props.received}
        </div>
      ) : null}
    </section>
  );
}

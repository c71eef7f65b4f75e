import { useState } from 'react';
import type { CaseDetail } from '../../../shared/api/index.ts';
import { can, type Reader } from '../../../shared/domain/reader/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import type { CaseStore } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Mark, unbroken, useCommands } from '../../ui/index.ts';
import { useCaseWithdrawal } from './use-case-withdrawal.ts';
import { WithdrawDialog } from './withdraw-dialog.tsx';
import { headLine, receiverLine, stepLine } from './withdrawal-words.ts';
import './withdrawal.css';

/** Above the report: the way to take a released one back, and, where it was, which receiver has the withdrawal and what is open. */
export function CaseWithdrawal(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: Pick<CaseStore, 'onEvent' | 'signalOf'>;
  readonly detail: CaseDetail;
  readonly reader: Reader;
  readonly zone: string;
  readonly onOpen: (taskId: TaskId) => void;
}) {
  const { host, caseStore, detail, zone } = props;
  const { epoch, taskId } = detail.context;
  const { standing, trouble, ask } = useCaseWithdrawal({ host, caseStore, epoch, taskId });
  const [asking, setAsking] = useState(false);
  const [retried, setRetried] = useState<string | null>(null);
  const out = standing?.standing ?? null;
  const allowed = standing?.may.allowed === true && out !== null;
  useCommands([
    {
      id: 'report.withdraw',
      title: 'Withdraw report: wrong patient or entered in error…',
      group: 'Report',
      keys: 'Alt+Shift+Q',
      run: () => setAsking(true),
      enabled: () => allowed,
    },
  ]);
  async function retry(deliveryId: string): Promise<void> {
    const answered = await host.call('retryDelivery', { params: { deliveryId } });
    setRetried(answered.ok ? null : answered.error.message);
    ask();
  }

  const dialog =
    asking && out !== null ? (
      <WithdrawDialog
        detail={detail}
        standing={out}
        passwordNeeded={standing?.passwordNeeded === true}
        userName={props.reader.userName}
        zone={zone}
        host={host}
        onBack={() => setAsking(false)}
        onDone={() => {
          setAsking(false);
          ask();
        }}
      />
    ) : null;
  const withdrawal = standing?.withdrawal ?? null;
  if (withdrawal === null)
    return (
      <>
        {allowed ? (
          <p className="withdraw-offer">
            <Button kind="quiet" keys="Alt+Shift+Q" onClick={() => setAsking(true)}>
              Wrong patient, or in error…
            </Button>
          </p>
        ) : null}
        {dialog}
      </>
    );
  const reads = can(props.reader.role, 'read');
  const lines = withdrawal.steps.flatMap((one) => stepLine(one) ?? []);
  return (
    <section className="report-block withdrawal" aria-label="Withdrawal">
      <div className="report-block-head">
        <h3>
          <span className="danger">
            <Mark shape="octagon" />
          </span>{' '}
          Withdrawn
        </h3>
        <span className="grow" />
        <span className={withdrawal.finished ? 'dim small' : 'signal small'}>
          {withdrawal.finished ? 'Finished' : 'Not finished'}
        </span>
      </div>
      <p className="report-line">
        <b>{unbroken(headLine(withdrawal, zone))}.</b> {unbroken(withdrawal.words)}.
      </p>
      <ul className="withdrawal-lines" aria-label="Receivers of the withdrawal">
        {withdrawal.receivers.map((one) => (
          <li key={one.name}>
            <Mark shape={one.hasIt ? 'tick' : one.state === 'refused' ? 'octagon' : 'ring'} />
            <span>
              {one.name}: <span className={one.hasIt ? 'dim' : 'signal'}>{receiverLine(one)}</span>
            </span>
            {one.state === 'refused' && one.deliveryId !== '' && can(props.reader.role, 'retry-delivery') ? (
              <Button onClick={() => void retry(one.deliveryId)}>Try again</Button>
            ) : null}
          </li>
        ))}
        {lines.map(({ words, done }) => (
          <li key={words}>
            <Mark shape={done ? 'tick' : 'ring'} />
            <span className={done ? 'dim' : 'signal'}>{words}</span>
          </li>
        ))}
      </ul>
      {retried === null ? null : (
        <p className="report-line signal" role="alert">
          Not sent again: {retried}
        </p>
      )}
      {trouble === null ? null : (
        <p className="report-line signal" role="alert">
          This may be older: {trouble}
        </p>
      )}
      <div className="withdraw-actions">
        {withdrawal.right === null || !reads ? null : (
          <Button onClick={() => withdrawal.right !== null && props.onOpen(withdrawal.right.taskId)}>
            Open the right exam, {withdrawal.right.accession ?? withdrawal.right.exam}
          </Button>
        )}
        {withdrawal.againTaskId === null || !reads ? null : (
          <Button onClick={() => withdrawal.againTaskId !== null && props.onOpen(withdrawal.againTaskId)}>
            Open this exam to read it anew
          </Button>
        )}
      </div>
      {dialog}
    </section>
  );
}

import { useCallback, useEffect } from 'react';
import type { CaseWithdrawal } from '../../../shared/api/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { type CaseStore, useAskedOfCase } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';

/** How the withdrawal of the open case's report stands, asked again with each word of the host that the case changed. */
export function useCaseWithdrawal(parts: {
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: Pick<CaseStore, 'onEvent' | 'signalOf'>;
  readonly epoch: number;
  readonly taskId: TaskId;
}): { readonly standing: CaseWithdrawal | null; readonly trouble: string | null; readonly ask: () => void } {
  const { host, caseStore, epoch, taskId } = parts;
  const question = useCallback(
    (signal: AbortSignal) => host.call('caseWithdrawal', { params: { taskId }, signal }),
    [host, taskId],
  );
  const { known: standing, trouble, ask } = useAskedOfCase({ caseStore, epoch, question });
  // Receivers that were silent are told by no event of this case: while one is open it is asked again.
  const open = standing?.withdrawal != null && !standing.withdrawal.finished;
  useEffect(() => {
    if (!open) return;
    const timer = setInterval(ask, 5_000);
    return () => clearInterval(timer);
  }, [open, ask]);
  return { standing, trouble, ask };
}

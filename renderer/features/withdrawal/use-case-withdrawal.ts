import { useCallback, useEffect, useRef, useState } from 'react';
import type { CaseWithdrawal } from '../../../shared/api/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import type { CaseStore } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';

/** How the withdrawal of the open case's report stands, asked again with each word of the host that the case changed. */
export function useCaseWithdrawal(parts: {
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: Pick<CaseStore, 'onEvent' | 'signalOf'>;
  readonly epoch: number;
  readonly taskId: TaskId;
}): { readonly standing: CaseWithdrawal | null; readonly trouble: string | null; readonly ask: () => void } {
  const { host, caseStore, epoch, taskId } = parts;
  const [standing, setStanding] = useState<CaseWithdrawal | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const asked = useRef(0);
  const ask = useCallback(() => {
    asked.current += 1;
    const own = asked.current;
    const signal = caseStore.signalOf(epoch);
    void host.call('caseWithdrawal', { params: { taskId }, signal }).then((answered) => {
      if (own !== asked.current || signal.aborted) return;
      setTrouble(answered.ok ? null : answered.error.message);
      if (answered.ok) setStanding(answered.value);
    });
  }, [host, caseStore, epoch, taskId]);
  useEffect(ask, [ask]);
  useEffect(
    () =>
      caseStore.onEvent((event) => {
        if (event.epoch === epoch && event.type === 'case-changed') ask();
      }),
    [caseStore, epoch, ask],
  );
  // Receivers that were silent are told by no event of this case: while one is open it is asked again.
  const open = standing?.withdrawal != null && !standing.withdrawal.finished;
  useEffect(() => {
    if (!open) return;
    const timer = setInterval(ask, 5_000);
    return () => clearInterval(timer);
  }, [open, ask]);
  return { standing, trouble, ask };
}

import { useEffect, useState } from 'react';
import type { CaseDetail } from '../../shared/api/index.ts';
import type { CaseStore } from '../case/index.ts';
import type { HostClient } from '../host/index.ts';

/** DESIGN 4: a lease of 10 minutes, renewed at 4. */
const renewEvery = 4 * 60_000;
/** After a renewal that got no answer. */
const tryAgainIn = 20_000;
/** The host tells of each event of a case, several at once: a claim is not renewed for each. */
const soonest = 3_000;

export type ClaimState = {
  /** Why it is no longer held; null while it is. */
  readonly lapsed: string | null;
};

/** Keeps the claim of the open case alive, and says when it is lost. Words are kept either way. */
export function useClaim(host: HostClient, caseStore: CaseStore, detail: CaseDetail): ClaimState {
  const [state, setState] = useState<ClaimState>({ lapsed: null });
  const { taskId, epoch } = detail.context;
  const fencingToken = detail.mode === 'read' ? (detail.claim?.fencingToken ?? null) : null;
  const over = detail.row.state === 'completed' || detail.row.state === 'cancelled';
  useEffect(() => {
    // A claim that was lost stays said until the case is opened anew.
    if (fencingToken === null || over) return;
    let timer: ReturnType<typeof setTimeout>;
    let renewedAt = Date.now();
    const renew = async (): Promise<void> => {
      clearTimeout(timer);
      renewedAt = Date.now();
      const answered = await host.call('renewClaim', {
        params: { taskId },
        input: { fencingToken },
        signal: caseStore.signalOf(epoch),
      });
      if (!caseStore.isCurrent(epoch)) return;
      if (answered.ok) {
        caseStore.amend(epoch, (before) => ({ ...before, claim: answered.value }));
        setState({ lapsed: null });
        timer = setTimeout(() => void renew(), renewEvery);
      } else if (answered.error.code === 'lease-lapsed' || answered.error.code === 'held-by-another') {
        setState({ lapsed: answered.error.message });
        // Said before she signs: without a claim there is nothing to sign under, and her words are kept.
        caseStore.amend(epoch, (before) => ({ ...before, claim: null }));
      } else if (answered.error.code !== 'not-a-legal-move') timer = setTimeout(() => void renew(), tryAgainIn);
    };
    timer = setTimeout(() => void renew(), renewEvery);
    // Somebody did something about this case: whether it is still hers is asked now, not in four minutes.
    const stopHearing = caseStore.onEvent((event) => {
      if (event.type === 'case-changed' && Date.now() - renewedAt > soonest) void renew();
    });
    return () => {
      clearTimeout(timer);
      stopHearing();
    };
  }, [host, caseStore, taskId, epoch, fencingToken, over]);
  return state;
}

import { useCallback } from 'react';
import type { CheckRulesView } from '../../../shared/api/index.ts';
import type { CheckWeights } from '../../../shared/domain/checks/index.ts';
import type { HostClient } from '../../host/index.ts';
import { type AskedView, useAskedView } from '../../ui/index.ts';

export type CheckRulesDesk = Pick<AskedView<CheckRulesView>, 'view' | 'trouble' | 'ask'> & {
  /** Null: kept; else why not, in words. */
  keep(weights: CheckWeights): Promise<string | null>;
};

/** The rules of the checks before signing as the group has them. */
export function useCheckRules(host: Pick<HostClient, 'call'>): CheckRulesDesk {
  const question = useCallback((signal: AbortSignal) => host.call('checkRules', { signal }), [host]);
  const { view, trouble, ask, take } = useAskedView(question);
  const version = view?.version ?? null;
  return {
    view,
    trouble,
    ask,
    keep: async (weights) => take(await host.call('keepCheckRules', { input: { version, weights } })),
  };
}

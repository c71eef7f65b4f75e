import { useCallback, useEffect, useState } from 'react';
import type { CallOutput, CheckRulesView, Failure } from '../../../shared/api/index.ts';
import type { CheckWeights } from '../../../shared/domain/checks/index.ts';
import type { Result } from '../../../shared/lib/result.ts';
import type { HostClient } from '../../host/index.ts';

export type CheckRulesDesk = {
  /** Null until the host has answered. */
  readonly view: CheckRulesView | null;
  readonly trouble: string | null;
  ask(): Promise<void>;
  /** Null: kept; else why not, in words. */
  keep(weights: CheckWeights): Promise<string | null>;
};

/** The rules of the checks before signing as the group has them. */
export function useCheckRules(host: Pick<HostClient, 'call'>): CheckRulesDesk {
  const [view, setView] = useState<CheckRulesView | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const take = useCallback((answered: Result<CallOutput<'checkRules'>, Pick<Failure, 'message'>>): string | null => {
    if (!answered.ok) return answered.error.message;
    setView(answered.value);
    return null;
  }, []);
  const ask = useCallback(async () => setTrouble(take(await host.call('checkRules'))), [host, take]);
  useEffect(() => void ask(), [ask]);
  const version = view?.version ?? null;
  return {
    view,
    trouble,
    ask,
    keep: async (weights) => take(await host.call('keepCheckRules', { input: { version, weights } })),
  };
}

import { useEffect } from 'react';
import type { CaseDetail } from '../../shared/api/index.ts';
import type { CaseStore } from '../case/index.ts';
import type { HostClient } from '../host/index.ts';

/** After the host's word, in milliseconds: a site's correction comes in several. */
const settled = 400;

/**
 * What order, images and priors say, asked again when the host tells of a change: words that came from them are marked while she writes,
 * not at the next opening. Nothing of her words is changed by it.
 */
export function useLiveSources(parts: {
  readonly detail: CaseDetail;
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: Pick<CaseStore, 'amend' | 'onEvent' | 'signalOf'>;
  /** The row as the list has it: another one is the host's word too. */
  readonly changes: unknown;
}): void {
  const { host, caseStore, changes } = parts;
  const { mode } = parts.detail;
  const { taskId, epoch } = parts.detail.context;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `changes` is asked about, not read.
  useEffect(() => {
    if (mode !== 'read') return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const signal = caseStore.signalOf(epoch);
      const answered = await host.call('caseSources', { params: { taskId }, input: { epoch }, signal });
      if (!answered.ok || signal.aborted) return;
      const { prefill } = answered.value;
      caseStore.amend(epoch, (before) =>
        JSON.stringify(before.prefill) === JSON.stringify(prefill) ? before : { ...before, prefill },
      );
    };
    const soon = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => void ask(), settled);
    };
    soon();
    const stop = caseStore.onEvent((event) => {
      if (event.type === 'case-changed' && event.epoch === epoch) soon();
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [host, caseStore, mode, taskId, epoch, changes]);
}

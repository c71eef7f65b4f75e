import { useCallback, useEffect, useRef, useState } from 'react';
import type { CaseDetail, CasePriors, Failure } from '../../../shared/api/index.ts';
import type { CaseStore } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { addHung, dropHung } from './hung-priors.ts';

export type PriorsState =
  | { readonly kind: 'searching' }
  | { readonly kind: 'failed'; readonly words: string }
  | { readonly kind: 'found'; readonly found: CasePriors };

/** Earlier exams of one opening of a case. An answer for a case that is not on screen any more is dropped. */
export function usePriors(parts: {
  readonly detail: CaseDetail;
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: CaseStore;
  /** False while host, group or record is silent. */
  readonly answering: boolean;
}) {
  const { detail, host, caseStore, answering } = parts;
  const { epoch, taskId } = detail.context;
  const [state, setState] = useState<PriorsState>({ kind: 'searching' });
  /** The key of the prior that is being confirmed or taken back. */
  const [busy, setBusy] = useState<string | null>(null);
  const asked = useRef(0);

  /** What was found hangs as it would have hung had it been known at opening; what was taken back leaves at once. */
  const take = useCallback(
    (found: CasePriors): void => {
      setState({ kind: 'found', found });
      const gone: string[] = [];
      caseStore.amend(epoch, (before) => {
        const priors = addHung(before.priors, found);
        const here = new Set(priors.map((one) => one.study.studyUid));
        gone.push(...before.priors.map((one) => one.study.studyUid).filter((uid) => !here.has(uid)));
        return { ...before, priors };
      });
      for (const studyUid of gone) caseStore.publish({ type: 'comparison-withdrawn', studyUid, epoch });
    },
    [caseStore, epoch],
  );

  const search = useCallback(
    async (again: boolean): Promise<void> => {
      asked.current += 1;
      const turn = asked.current;
      setState({ kind: 'searching' });
      const input = again ? { epoch, again: 'yes' as const } : { epoch };
      const answered = await host.call('casePriors', { params: { taskId }, input });
      if (turn !== asked.current || !caseStore.isCurrent(epoch)) return;
      if (answered.ok) take(answered.value);
      else setState({ kind: 'failed', words: answered.error.message });
    },
    [host, caseStore, taskId, epoch, take],
  );
  useEffect(() => void search(false), [search]);

  // A search that failed in a silence is made again by itself when it ends: nobody has to notice that it failed.
  const wasAnswering = useRef(answering);
  useEffect(() => {
    const back = answering && !wasAnswering.current;
    wasAnswering.current = answering;
    if (back && state.kind === 'failed') void search(false);
  }, [answering, state.kind, search]);

  // A colleague, or another window, may confirm one or take it back: what is not to be seen leaves this screen too.
  const watched = state.kind === 'found' && state.found.priors.some((one) => one.standing !== 'shown');
  useEffect(() => {
    if (!watched) return;
    return caseStore.onEvent(async (event) => {
      if (event.type !== 'case-changed' || event.epoch !== epoch) return;
      const turn = asked.current;
      const answered = await host.call('casePriors', { params: { taskId }, input: { epoch } });
      if (answered.ok && turn === asked.current && caseStore.isCurrent(epoch)) take(answered.value);
    });
  }, [watched, caseStore, host, taskId, epoch, take]);

  const settle = async (key: string, asking: ReturnType<typeof host.call<'confirmPrior'>>): Promise<Failure | null> => {
    setBusy(key);
    asked.current += 1;
    const answered = await asking;
    if (!caseStore.isCurrent(epoch)) return null;
    setBusy(null);
    if (!answered.ok) return answered.error;
    take(answered.value);
    return null;
  };

  return {
    state,
    busy,
    again: () => void search(true),
    /** Null when it is done; else why not. */
    confirm: (key: string, reason: string, evidence: readonly string[]): Promise<Failure | null> =>
      settle(
        key,
        host.call('confirmPrior', { params: { taskId }, input: { epoch, key, reason, evidence: [...evidence] } }),
      ),
    withdraw: async (key: string): Promise<Failure | null> => {
      const failed = await settle(key, host.call('withdrawPrior', { params: { taskId }, input: { epoch, key } }));
      if (failed !== null) return failed;
      // Also where it was not among those that the answer names.
      caseStore.amend(epoch, (before) => ({ ...before, priors: dropHung(before.priors, key) }));
      caseStore.publish({ type: 'comparison-withdrawn', studyUid: key, epoch });
      return null;
    },
    /** Hangs a prior beside the exam that is read; one that is not among the hung ones yet is fetched first. */
    hang: (key: string): void => {
      if (state.kind !== 'found') return;
      const prior = state.found.priors.find((one) => one.key === key);
      if (prior === undefined || prior.study === null) return;
      const { study, report, reason } = prior;
      caseStore.amend(epoch, (before) =>
        before.priors.some((one) => one.study.studyUid === study.studyUid)
          ? before
          : { ...before, priors: [...before.priors, { study, report, reason }] },
      );
      caseStore.send({ type: 'hang-prior', studyUid: study.studyUid });
    },
  };
}

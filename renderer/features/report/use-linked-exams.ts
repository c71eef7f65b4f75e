import { useCallback, useState } from 'react';
import type { CaseDetail, LinkedExams } from '../../../shared/api/index.ts';
import { type CaseStore, useAskedOfCase } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';

export type LinkedExamsInUse = {
  /** Null before the first answer. */
  readonly view: LinkedExams | null;
  /** What the last question or press came to, in words; null where there is nothing to say. */
  readonly words: string | null;
  readonly claiming: boolean;
  /** Claims all that go with this one, or none. */
  readonly claim: () => void;
};

/** The exams that go with the open case, asked again on the host's word that something changed. */
export function useLinkedExams(options: {
  readonly detail: CaseDetail;
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: Pick<CaseStore, 'onEvent' | 'signalOf'>;
}): LinkedExamsInUse {
  const { detail, host, caseStore } = options;
  const { taskId, epoch } = detail.context;
  const question = useCallback(
    (signal: AbortSignal) => host.call('linkedExams', { params: { taskId }, signal }),
    [host, taskId],
  );
  const { known: view, ask, take } = useAskedOfCase<LinkedExams>({ caseStore, epoch, question });
  const [words, setWords] = useState<string | null>(null);
  const [claiming, setClaiming] = useState(false);
  const fencingToken = detail.mode === 'read' ? (detail.claim?.fencingToken ?? null) : null;
  const claim = useCallback((): void => {
    if (fencingToken === null) return;
    setClaiming(true);
    setWords(null);
    const signal = caseStore.signalOf(epoch);
    void host.call('claimLinked', { params: { taskId }, input: { fencingToken }, signal }).then((done) => {
      if (signal.aborted) return;
      setClaiming(false);
      setWords(done.ok ? done.value.words : done.error.message);
      if (done.ok) take(done.value);
      else ask();
    });
  }, [host, caseStore, taskId, epoch, fencingToken, ask, take]);
  return { view, words, claiming, claim };
}

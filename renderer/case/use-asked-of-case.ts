import { useCallback, useEffect, useRef, useState } from 'react';
import type { CaseStore } from './case-store.ts';

type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: { readonly message: string } };

export type AskedOfCase<Value> = {
  /** Null before the first answer; what was last answered stays while nobody answers. */
  readonly known: Value | null;
  /** Why the last question has no answer; null where it has one. */
  readonly trouble: string | null;
  readonly ask: () => void;
  /** What came as the answer to a press: a question that is on its way is older than it is. */
  readonly take: (value: Value) => void;
};

/**
 * What a panel beside the images asks of the open case: at its opening, at each `stamp`, and when the host says that the case changed.
 * An answer of a case that was left is another patient's and is dropped, and so is one that was overtaken. Give a stable `question`.
 */
export function useAskedOfCase<Value>(of: {
  readonly caseStore: Pick<CaseStore, 'onEvent' | 'signalOf'>;
  readonly epoch: number;
  readonly question: (signal: AbortSignal) => Promise<Answer<Value>>;
  readonly stamp?: unknown;
}): AskedOfCase<Value> {
  const { caseStore, epoch, question, stamp } = of;
  const [known, setKnown] = useState<Value | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const asked = useRef(0);
  const ask = useCallback((): void => {
    asked.current += 1;
    const own = asked.current;
    const signal = caseStore.signalOf(epoch);
    void question(signal).then((answered) => {
      if (own !== asked.current || signal.aborted) return;
      setTrouble(answered.ok ? null : answered.error.message);
      if (answered.ok) setKnown(answered.value);
    });
  }, [caseStore, epoch, question]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp says that there is something new to ask for.
  useEffect(ask, [ask, stamp]);
  useEffect(
    () =>
      caseStore.onEvent((event) => {
        if (event.epoch === epoch && event.type === 'case-changed') ask();
      }),
    [caseStore, epoch, ask],
  );
  const take = useCallback((value: Value): void => {
    asked.current += 1;
    setKnown(value);
    setTrouble(null);
  }, []);
  return { known, trouble, ask, take };
}

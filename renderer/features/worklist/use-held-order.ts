import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import { countHeldChanges } from './order-rows.ts';

/** After the last key in the list, this long, its rows stay where they are. */
const restAfterKey = 10_000;

export type HeldOrder = {
  /** What is shown, in the order it is shown. */
  readonly order: readonly TaskId[];
  /** Rows that would come, go or move. */
  readonly held: number;
  readonly showChanges: () => void;
  readonly setPointerInside: (inside: boolean) => void;
  readonly noteKey: () => void;
};

/**
 * Keeps rows still while the reader is in the list: under a pointer and just after a key, a new order waits behind a count. What she
 * chose herself (`choice`: another filter or sort) takes effect at once.
 */
export function useHeldOrder(next: readonly TaskId[], choice: string): HeldOrder {
  const [shown, setShown] = useState<{ order: readonly TaskId[]; choice: string }>({ order: next, choice });
  const pointer = useRef(false);
  const [touched, setTouched] = useState(0);
  const lastKey = useRef(Number.NEGATIVE_INFINITY);

  const busy = useCallback(() => pointer.current || performance.now() - lastKey.current < restAfterKey, []);
  const chosen = shown.choice !== choice || shown.order.length === 0;
  const order = chosen ? next : shown.order;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `touched` re-runs this when the hand has left the list.
  useEffect(() => {
    if (chosen || !busy()) setShown({ order: next, choice });
    if (pointer.current || !busy()) return;
    const rest = restAfterKey - (performance.now() - lastKey.current);
    const timer = setTimeout(() => setTouched((count) => count + 1), Math.max(0, rest) + 50);
    return () => clearTimeout(timer);
  }, [next, choice, chosen, busy, touched]);

  return {
    order,
    held: useMemo(() => (order === next ? 0 : countHeldChanges(order, next)), [order, next]),
    showChanges: useCallback(() => setShown({ order: next, choice }), [next, choice]),
    setPointerInside: useCallback((inside: boolean) => {
      pointer.current = inside;
      if (!inside) setTouched((count) => count + 1);
    }, []),
    noteKey: useCallback(() => {
      lastKey.current = performance.now();
    }, []),
  };
}

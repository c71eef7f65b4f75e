import { useCallback, useEffect, useState } from 'react';
import type { OrderChecks, WorklistRow } from '../../../shared/api/index.ts';
import type { HostClient } from '../../host/index.ts';

export type ChecksState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'known'; readonly checks: OrderChecks }
  | { readonly kind: 'failed'; readonly message: string };

type Held = { readonly taskId: string; readonly state: ChecksState };
const asking: ChecksState = { kind: 'asking' };
/** Milliseconds that a study must stay selected before the host is asked: arrows pass over many. */
const settle = 120;

/** The checks of one case, asked anew when its row says that order, images or marks changed; what is shown stays until the answer is here. */
export function useOrderChecks(
  host: HostClient,
  row: WorklistRow,
): { readonly state: ChecksState; readonly again: () => void } {
  const [held, setHeld] = useState<Held | null>(null);
  const [turn, setTurn] = useState(0);
  const { taskId } = row;
  const version = JSON.stringify([row.link, row.images, row.identity, row.fit, row.reason, row.procedure, turn]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for all of the row that decides the answer
  useEffect(() => {
    const ended = new AbortController();
    const timer = setTimeout(async () => {
      const answered = await host.call('orderChecks', { params: { taskId }, signal: ended.signal });
      if (ended.signal.aborted) return;
      setHeld({
        taskId,
        state: answered.ok
          ? { kind: 'known', checks: answered.value }
          : { kind: 'failed', message: answered.error.message },
      });
    }, settle);
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  }, [host, taskId, version]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  // An answer about one case is never shown with another.
  return { state: held?.taskId === taskId ? held.state : asking, again };
}

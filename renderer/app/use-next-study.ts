import { useCallback, useRef, useState } from 'react';
import type { TaskId } from '../../shared/domain/reading/index.ts';
import type { HostClient } from '../host/index.ts';
import type { Router } from './route.ts';
import type { SignedIn } from './signed-in.ts';

export type NextAnswer =
  | { readonly kind: 'found'; readonly taskId: TaskId; readonly words: string }
  | { readonly kind: 'none'; readonly words: string }
  | { readonly kind: 'failed'; readonly words: string };

export type NextStudy = {
  readonly answer: NextAnswer | null;
  readonly asking: boolean;
  /** Claims the best study that nobody has and opens it; what the answer was stays until the next press or `forget`. */
  readonly ask: () => void;
  readonly forget: () => void;
};

/** One key: the host claims, this page opens. */
export function useNextStudy(host: HostClient, signedIn: SignedIn, router: Router): NextStudy {
  const [answer, setAnswer] = useState<NextAnswer | null>(null);
  const [asking, setAsking] = useState(false);
  const busy = useRef(false);
  const ask = useCallback(() => {
    if (busy.current) return;
    busy.current = true;
    setAsking(true);
    setAnswer(null);
    void host.call('nextStudy', { input: { justRead: [...signedIn.justRead.tasks()] } }).then((answered) => {
      busy.current = false;
      setAsking(false);
      if (!answered.ok) return setAnswer({ kind: 'failed', words: answered.error.message });
      const { found, words } = answered.value;
      if (found === null) return setAnswer({ kind: 'none', words });
      setAnswer({ kind: 'found', taskId: found.taskId, words });
      router.openCase(found.taskId, 'read');
    });
  }, [host, signedIn, router]);
  return { answer, asking, ask, forget: useCallback(() => setAnswer(null), []) };
}

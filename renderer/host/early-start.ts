import { caseHeaders } from '../../shared/api/case-headers.ts';
import type { EarlyAnswers } from './early-answers.ts';
import type { SessionStore } from './session-store.ts';

/** What an address opens, as far as its host is told early. */
export type EarlyCase = { readonly taskId: string; readonly mode: 'look' | 'read' };

/**
 * The first questions of the program, asked while it is still being loaded: what the host offers, who reads here, and, where the address
 * names a case, that it will be opened. The last is no opening: nothing of the case comes with it.
 */
export function startEarly(options: {
  /** The page's own origin, without a slash at its end. */
  readonly origin: string;
  readonly session: SessionStore;
  readonly answers: Pick<EarlyAnswers, 'ask'>;
  readonly opens: EarlyCase | null;
  readonly send?: typeof fetch;
}): void {
  const { origin, session, answers, opens } = options;
  const send: typeof fetch = options.send ?? ((input, init) => globalThis.fetch(input, init));
  const token = session.token();
  const own: Record<string, string> = { [caseHeaders.window]: session.windowId };
  if (token !== null) own.Authorization = `Bearer ${token}`;
  answers.ask(`${origin}/api/capabilities`, own);
  if (token === null) return;
  answers.ask(`${origin}/api/session`, own);
  if (opens === null) return;
  void send(`${origin}/api/cases/${encodeURIComponent(opens.taskId)}/expect`, {
    method: 'POST',
    headers: { ...own, 'Content-Type': 'application/json' },
    body: JSON.stringify({ mode: opens.mode }),
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
  }).then(
    (answer) => answer.body?.cancel().catch(() => undefined),
    // The opening asks for itself.
    () => undefined,
  );
}

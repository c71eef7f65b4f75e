import type { Result } from '../../shared/lib/result.ts';
import type { CallFailure } from './host-client.ts';

/** Answers after which the same press would be refused again; all others may be a matter of time. */
const final: ReadonlySet<CallFailure['code']> = new Set(['bad-request', 'forbidden', 'too-large', 'not-a-legal-move']);

/** What the host said to a press that waits for it: taken, refused for good, or not now. */
export function answerOf(
  answered: Result<unknown, CallFailure>,
): { readonly kind: 'taken' } | { readonly kind: 'refused' | 'not-now'; readonly why: string } {
  if (answered.ok) return { kind: 'taken' };
  const refused = answered.error.from === 'host' && final.has(answered.error.code);
  return { kind: refused ? 'refused' : 'not-now', why: answered.error.message };
}

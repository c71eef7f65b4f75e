import type { Instant } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Person } from './question.ts';

/** "Call me about this patient": a site's desk wants the reader on the phone. */
export type CallRequest = {
  readonly id: string;
  readonly taskId: string;
  readonly orderId: string | null;
  readonly siteId: string;
  readonly patientReference: string | null;
  /** Who is to be called, and where. */
  readonly from: Person;
  readonly phone: string;
  readonly words: string;
  readonly at: Instant;
  readonly done: { readonly by: Person; readonly at: Instant; readonly words: string } | null;
};

/** Digits with the usual signs between them, at least seven: something that can be dialled. */
export function isPhone(text: string): boolean {
  return /^\+?[0-9 ().x-]{7,40}$/.test(text.trim()) && text.replace(/\D/g, '').length >= 7;
}

/** The call was made. What came of it is said in words, so that the next shift knows. */
export function endCallRequest(
  call: CallRequest,
  by: Person,
  words: string,
  now: Instant,
): Result<CallRequest, { readonly code: 'done-already' | 'nothing-said'; readonly words: string }> {
  if (call.done !== null) return err({ code: 'done-already', words: `${call.done.by.name} has called already.` });
  if (words.trim() === '') return err({ code: 'nothing-said', words: 'Say what came of the call.' });
  return ok({ ...call, done: { by, at: now > call.at ? now : call.at, words: words.trim() } });
}

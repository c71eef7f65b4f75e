import type { Hl7Receipt } from '../../../shared/domain/delivery/index.ts';
import type { SignedOru } from './forms.ts';

/** What a receiving application says of a message after its hop has committed it, on the same line or by a message of its own. */
export type LaterAnswer = {
  /** MSA-2. */
  readonly controlId: string;
  /** MSA-1; CE and CR read as AE and AR. */
  readonly code: 'AA' | 'AE' | 'AR';
  readonly words: string;
  /** The site whose line it came in by; null where that line is no site's own. */
  readonly siteId: string | null;
  /** By which way it came, for people. */
  readonly by: string;
};

/** `unknown`: no message of that number went to that site from here. `not-kept`: it is not on disk, and should be said again. */
export type AnswerNoted = 'noted' | 'unknown' | 'not-kept';

/** What an application acknowledgement of the message is worth, as it was agreed when it was signed. */
export function receiptOf(oru: Pick<SignedOru, 'receipt'>): Hl7Receipt {
  return oru.receipt ?? 'accepted';
}

/** Whether a delivery waits because the application asked to have it again (AE): any host of a group goes by that, and not by a wait of its own. */
export function isAskedAgain(proof: string): boolean {
  return proof.startsWith('AE of the application');
}

export function answerWords({ code, controlId, words, by }: LaterAnswer): string {
  return code === 'AA'
    ? `AA of the application for message ${controlId}, ${by}`
    : `${code} of the application, ${by}: ${words === '' ? 'no reason given' : words}`;
}

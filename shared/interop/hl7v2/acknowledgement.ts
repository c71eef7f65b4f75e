import { err, ok, type Result } from '../../lib/result.ts';
import { type Hl7Message, parseMessage, segmentsNamed, valueAt } from './message.ts';

export type Acknowledgement = {
  /**
   * MSA-1 (table 0008). `CA`, the commit of enhanced mode, says that the bytes are safe somewhere and nothing of what becomes of them: it
   * is no acceptance. CE and CR read as AE and AR.
   */
  readonly code: 'AA' | 'AE' | 'AR' | 'CA';
  /** MSA-2: control id of the message that is answered. MSH-10 of an answer is worth nothing (some servers write "ACK"). */
  readonly controlId: string;
  /** What the receiver says, from MSA-3 and ERR-8, ERR-7, ERR-3; empty when it says nothing. */
  readonly words: string;
};

/** Whether the sender of a message wants to hear that it was taken, or that it was not (MSH-15, table 0155). Without it an answer is not answered. */
export function asksForCommit(message: Hl7Message, taken: boolean): boolean {
  const wish = valueAt(message, segmentsNamed(message, 'MSH')[0], { field: 15 });
  return wish === 'AL' || wish === (taken ? 'SU' : 'ER');
}

const codes: { readonly [code: string]: Acknowledgement['code'] | undefined } = {
  AA: 'AA',
  AE: 'AE',
  AR: 'AR',
  CA: 'CA',
  CE: 'AE',
  CR: 'AR',
};

export function parseAck(
  text: string,
): Result<Acknowledgement, { readonly code: 'not-an-acknowledgement'; readonly words: string }> {
  const message = parseMessage(text);
  const refuse = (words: string) => err({ code: 'not-an-acknowledgement' as const, words });
  if (!message.ok) return refuse(message.error.words);
  const answer = segmentsNamed(message.value, 'MSA')[0];
  const code = codes[valueAt(message.value, answer, { field: 1 })];
  if (answer === undefined || code === undefined) return refuse('The answer has no MSA segment with AA, AE, AR or CA.');
  const errors = segmentsNamed(message.value, 'ERR').flatMap((segment) => [
    valueAt(message.value, segment, { field: 8 }),
    valueAt(message.value, segment, { field: 7 }),
    valueAt(message.value, segment, { field: 3, component: 2 }),
  ]);
  const words = [valueAt(message.value, answer, { field: 3 }), ...errors].filter((one) => one !== '');
  return ok({
    code,
    controlId: valueAt(message.value, answer, { field: 2 }),
    words: [...new Set(words)].join('; '),
  });
}

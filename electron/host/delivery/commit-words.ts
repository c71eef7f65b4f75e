import { buildAck, headOf, parseMessage } from '../../../shared/interop/hl7v2/index.ts';
import { siteTime } from '../../../shared/interop/text/site-time.ts';
import type { Ports } from '../ports.ts';
import type { AnswerNoted } from './later-answer.ts';

const refusals: Readonly<Record<Exclude<AnswerNoted, 'noted'>, string>> = {
  unknown: 'No message of this number (MSA-2) went to this site from here.',
  'not-kept': 'The acknowledgement could not be stored here; send it again.',
};

/** What is said to an application's acknowledgement that asks for a commit of its own (HL7 v2.5.1 2.9.3): CA, or CE with the reason. */
export function commitWords(text: string, noted: AnswerNoted, ports: Pick<Ports, 'now' | 'newId'>): string {
  const message = parseMessage(text);
  const head = message.ok ? headOf(message.value) : null;
  const { date, time, offset } = siteTime(ports.now(), 'UTC');
  return buildAck({
    code: noted === 'noted' ? 'CA' : 'CE',
    controlId: head?.controlId ?? '',
    ownControlId: `OVR${ports.newId().replaceAll('-', '').slice(0, 17)}`,
    at: `${date}${time}${offset}`,
    toApplication: head?.sendingApplication ?? '',
    toFacility: head?.sendingFacility ?? '',
    fromApplication: 'OVERREAD',
    fromFacility: 'OVERREAD',
    trigger: head?.trigger ?? '',
    processing: /^[PTD]$/.test(head?.processing ?? '') ? (head?.processing ?? 'P') : 'P',
    version: head?.version ?? '',
    words: noted === 'noted' ? '' : refusals[noted],
    condition: '',
  });
}

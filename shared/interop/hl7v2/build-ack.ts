import { escapeText } from './escape.ts';

/** What is said back to a sender; every text as it was read, unescaped. */
export type AckFacts = {
  /** MSA-1 (table 0008): the application's word, or that of enhanced mode's commit. */
  readonly code: 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR';
  /** MSA-2: control id of the message that is answered. */
  readonly controlId: string;
  readonly ownControlId: string;
  /** MSH-7: YYYYMMDDHHMMSS+ZZZZ. */
  readonly at: string;
  /** MSH-3 and MSH-4 of the message, who are now the receivers. */
  readonly toApplication: string;
  readonly toFacility: string;
  readonly fromApplication: string;
  readonly fromFacility: string;
  readonly trigger: string;
  readonly processing: string;
  readonly version: string;
  /** For whoever runs the interface; in MSA-3, and in ERR-8 of a refusal. */
  readonly words: string;
  /** ERR-3 (table 0357) of a refusal. */
  readonly condition: string;
};

/** An acknowledgement (HL7 v2.5.1 2.9.2, 2.14.8, 2.14.5), always with the usual delimiters and in UTF-8. */
export function buildAck(facts: AckFacts): string {
  const text = (value: string): string => escapeText(value.replace(/\s+/g, ' ').trim());
  const segment = (fields: readonly string[]): string => fields.join('|').replace(/\|+$/, '');
  const type = facts.trigger === '' ? 'ACK' : `ACK^${text(facts.trigger)}^ACK`;
  const version = facts.version === '' ? '2.5.1' : text(facts.version);
  const lines = [
    segment([
      'MSH',
      '^~\\&',
      text(facts.fromApplication),
      text(facts.fromFacility),
      text(facts.toApplication),
      text(facts.toFacility),
      facts.at,
      '',
      type,
      text(facts.ownControlId),
      facts.processing === '' ? 'P' : text(facts.processing),
      version,
      ...['', '', '', '', '', 'UNICODE UTF-8'],
    ]),
    // MSA-3 is an ST of 80 letters up to v2.5; the whole sentence is in ERR-8.
    segment(['MSA', facts.code, text(facts.controlId), text(facts.words)]),
  ];
  if (facts.code !== 'AA' && facts.code !== 'CA') {
    const condition = facts.condition === '' ? '207' : facts.condition;
    lines.push(segment(['ERR', '', '', `${condition}^^HL70357`, 'E', '', '', '', text(facts.words)]));
  }
  return `${lines.join('\r')}\r`;
}

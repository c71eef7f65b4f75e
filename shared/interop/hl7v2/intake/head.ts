import { type Hl7Message, segmentsNamed, valueAt } from '../message.ts';

/** What the header of a message says (HL7 v2.5.1 2.14.9), unescaped. */
export type MessageHead = {
  readonly sendingApplication: string;
  readonly sendingFacility: string;
  readonly receivingApplication: string;
  readonly receivingFacility: string;
  /** MSH-7 as written. */
  readonly sentAt: string;
  /** MSH-9.1 and 9.2: "ORM", "O01". */
  readonly type: string;
  readonly trigger: string;
  /** MSH-10. */
  readonly controlId: string;
  /** MSH-11.1: P, T or D. */
  readonly processing: string;
  readonly version: string;
};

export function headOf(message: Hl7Message): MessageHead {
  const head = segmentsNamed(message, 'MSH')[0];
  const at = (field: number, component = 1): string => valueAt(message, head, { field, component }).trim();
  return {
    sendingApplication: at(3),
    sendingFacility: at(4),
    receivingApplication: at(5),
    receivingFacility: at(6),
    sentAt: at(7),
    type: at(9).toUpperCase(),
    trigger: at(9, 2).toUpperCase(),
    controlId: at(10),
    processing: at(11),
    version: at(12),
  };
}

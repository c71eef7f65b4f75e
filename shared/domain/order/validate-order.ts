import type { Order } from './order.ts';

export type OrderDefectCode =
  | 'no-patient-name'
  | 'no-patient-id'
  | 'no-birth-date'
  | 'no-accession'
  | 'no-procedure'
  | 'no-modality'
  | 'no-body-part'
  | 'no-side'
  | 'no-reason'
  | 'no-site'
  | 'no-orderer'
  | 'unknown-priority'
  | 'not-active';

/** One thing that an order lacks, and what that costs, in words for the site's desk. */
export type OrderDefect = { readonly code: OrderDefectCode; readonly words: string };

/** Parts of the body that come in pairs: without a side the wrong one can be read. */
const paired =
  /\b(KNEE|HIP|ANKLE|FOOT|HAND|WRIST|ELBOW|SHOULDER|FEMUR|TIBIA|FIBULA|HUMERUS|FOREARM|LEG|ARM|FINGER|TOE|CLAVICLE|SCAPULA|HEEL|CALCANEUS|EYE|EAR|BREAST|OVARY|TESTIS)\b/i;

/** What is missing for the study to be read and its result to find its way; empty when nothing is. */
export function validateOrder(order: Order): OrderDefect[] {
  const defects: OrderDefect[] = [];
  const add = (code: OrderDefectCode, words: string) => defects.push({ code, words });
  if (isBlank(order.patient.name.replace(/[\^=]/g, ''))) add('no-patient-name', 'The order names no patient.');
  if (isBlank(order.patient.id))
    add('no-patient-id', 'No patient id: images and report cannot be told from a namesake’s.');
  if (isBlank(order.patient.birthDate))
    add('no-birth-date', 'No birth date: identity can be checked by name and id alone.');
  if (isBlank(order.accession))
    add('no-accession', 'No accession number: images must be linked to this order by a person.');
  if (isBlank(order.procedure.code) && isBlank(order.procedure.display)) {
    add('no-procedure', 'No procedure: it is not said which exam was asked for.');
  }
  if (isBlank(order.modality)) add('no-modality', 'Modality missing.');
  if (isBlank(order.bodyPart)) add('no-body-part', 'Body part missing.');
  if (order.laterality === null && paired.test(`${order.bodyPart ?? ''} ${order.procedure.display}`)) {
    add('no-side', 'No side for a part of the body that comes in pairs.');
  }
  if (isBlank(order.reason) && order.reasonCodes.length === 0) {
    add('no-reason', 'No reason for the exam: the reader does not know what is asked.');
  }
  if (order.site === null) add('no-site', 'No site: licence, time zone and telephone number are not known.');
  if (order.orderedBy === null || isBlank(order.orderedBy.name)) {
    add('no-orderer', 'No ordering physician: nobody is named to whom a critical finding can be told.');
  }
  if (order.priority === 'unknown')
    add('unknown-priority', 'Priority not known: it ranks as urgent until somebody sets it.');
  if (order.status !== 'active' && order.status !== 'completed') {
    add('not-active', `The order is ${order.status.replaceAll('-', ' ')}.`);
  }
  return defects;
}

function isBlank(text: string | null): boolean {
  return text === null || text.trim() === '';
}

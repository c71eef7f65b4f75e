import { cleanLine } from '../../lib/clean-text.ts';
import type { Laterality } from '../study/index.ts';
import type { ContrastUse, ExamWords, ReadWords } from './exam-words.ts';
import type { Order } from './order.ts';

/** Where an order says what its exam is, beside the code. */
export const codeClause = 'FHIR ServiceRequest.code against orderDetail and bodySite; HL7 v2 OBR-4';
export const sideClause =
  'Laterality (0020,0060), PS3.3 C.7.3.1; Image Laterality (0020,0062), PS3.3 C.8.11.3; FHIR ServiceRequest.bodySite';

export const sideWords: Readonly<Record<Laterality, string>> = { L: 'left', R: 'right', B: 'both sides' };
export const contrastWords: Readonly<Record<ContrastUse, string>> = {
  with: 'with contrast',
  without: 'without contrast',
  both: 'without and with contrast',
};

/** What an order asks for, its fields before its words. */
export type Asked = {
  readonly order: Order;
  readonly read: ReadWords;
  readonly words: ExamWords;
  readonly procedure: string;
  readonly side: Laterality | null;
  readonly contrast: ContrastUse | null;
};

export function readOrder(order: Order, read: ReadWords): Asked {
  const words = read(order.procedure.display);
  return {
    order,
    read,
    words,
    procedure: cleanLine(order.procedure.display || order.procedure.code, 120),
    side: order.laterality ?? words.laterality,
    contrast: words.contrast,
  };
}

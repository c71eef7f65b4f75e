import { type Hl7Receipt, hl7Receipts } from '../delivery/index.ts';
import { type Field, flag, members, oneOf, optional } from './read-fields.ts';

/** How a site wants its reports beside the channels that the host is set to send them on. */
export type DeliveryRules = {
  /**
   * The signed PDF is stored in the archive too, beside the images, as DICOM Encapsulated PDF (PS3.3 A.45.1), for viewers that show no SR.
   * False where nobody said. Where an earlier version of a report went this way, later ones follow whatever is set now.
   */
  readonly encapsulatedPdf: boolean;
  /** What its HL7 receiver's application acknowledgement is worth; accepted where nobody said. */
  readonly hl7Receipt: Hl7Receipt;
  /** OBX-11 (table 0085) of a report that is taken back: `W` posted as wrong, the usual; `D` where its system only deletes by that. */
  readonly hl7Withdrawal: 'W' | 'D';
  /** Whether OBX-8 of what the report says of a critical result is `AA` (table 0078, critically abnormal). False where nobody said. */
  readonly hl7Critical: boolean;
};

export const usualDelivery: DeliveryRules = {
  encapsulatedPdf: false,
  hl7Receipt: 'accepted',
  hl7Withdrawal: 'W',
  hl7Critical: false,
};

export function readDelivery(field: Field): DeliveryRules {
  const found = members(field, ['encapsulatedPdf', 'hl7Receipt', 'hl7Withdrawal', 'hl7Critical']);
  return {
    encapsulatedPdf: optional(found.encapsulatedPdf, usualDelivery.encapsulatedPdf, flag),
    hl7Receipt: optional(found.hl7Receipt, usualDelivery.hl7Receipt, (one) => oneOf(one, hl7Receipts)),
    hl7Withdrawal: optional(found.hl7Withdrawal, usualDelivery.hl7Withdrawal, (one) => oneOf(one, ['W', 'D'])),
    hl7Critical: optional(found.hl7Critical, usualDelivery.hl7Critical, flag),
  };
}

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
};

export const usualDelivery: DeliveryRules = { encapsulatedPdf: false, hl7Receipt: 'accepted' };

export function readDelivery(field: Field): DeliveryRules {
  const found = members(field, ['encapsulatedPdf', 'hl7Receipt']);
  return {
    encapsulatedPdf: optional(found.encapsulatedPdf, usualDelivery.encapsulatedPdf, flag),
    hl7Receipt: optional(found.hl7Receipt, usualDelivery.hl7Receipt, (one) => oneOf(one, hl7Receipts)),
  };
}

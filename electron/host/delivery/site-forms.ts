import type { Delivery } from '../../../shared/domain/delivery/index.ts';
import { type DeliveryRules, usualDelivery } from '../../../shared/domain/site/index.ts';
import type { EarlierPdfs } from './report-pdf-objects.ts';

/** In which forms a case's versions go, and which of them went into the archive as PDF, by the digest of what was signed. */
export type SiteForms = { readonly rules: DeliveryRules; readonly wentAsPdf: (digest: string) => boolean };

/** `deliveries` of the case. A delivery's id names its version by the beginning of its digest. */
export function siteForms(
  rules: DeliveryRules | undefined,
  deliveries: readonly Pick<Delivery, 'id' | 'channel'>[],
): SiteForms {
  const pdfs = deliveries.filter((one) => one.channel === 'pdf');
  return {
    rules: rules ?? usualDelivery,
    wentAsPdf: (digest) => pdfs.some((one) => one.id.includes(`-${digest.slice(0, 12)}-`)),
  };
}

/**
 * Null where the version is not to be stored as PDF. Where an earlier one was, it is, whatever the site wants by now: else that one would stand
 * there as the latest word.
 */
export function earlierPdfs(
  { rules, wentAsPdf }: SiteForms,
  parent: string | null,
  earlier: readonly string[],
): EarlierPdfs | null {
  const predecessor = parent !== null && wentAsPdf(parent) ? parent : null;
  const withdrawn = earlier.filter(wentAsPdf);
  return rules.encapsulatedPdf || predecessor !== null || withdrawn.length > 0 ? { predecessor, withdrawn } : null;
}

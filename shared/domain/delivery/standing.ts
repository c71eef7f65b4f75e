import type { Delivery } from './delivery.ts';

/** How a report's deliveries stand together, the worst first: refused, then waiting, then accepted, then all filed. */
export type DeliveryStanding = {
  readonly state: 'none' | 'refused' | 'waiting' | 'accepted' | 'filed';
  /** "2 of 3 filed; refused: HL7 results, Larkspur (AE: unknown accession)". */
  readonly words: string;
};

export function standing(all: readonly Delivery[]): DeliveryStanding {
  // What never goes out again, because its report was withdrawn or a later version is there, is no more to be waited for.
  const deliveries = all.filter(({ state }) => state !== 'withdrawn' && state !== 'superseded');
  if (deliveries.length === 0) return { state: 'none', words: 'Nothing to deliver' };
  const refused = deliveries.filter(({ state }) => state === 'refused');
  const waiting = deliveries.filter(({ state }) => state === 'queued' || state === 'sent');
  const accepted = deliveries.filter(({ state }) => state === 'accepted');
  const filed = deliveries.filter(({ state }) => state === 'filed');
  const parts = [`${filed.length} of ${deliveries.length} filed`];
  if (accepted.length > 0) parts.push(`accepted: ${accepted.map(({ name }) => name).join(', ')}`);
  if (waiting.length > 0) parts.push(`waiting: ${waiting.map(({ name }) => name).join(', ')}`);
  if (refused.length > 0) parts.push(`refused: ${refused.map(({ name, proof }) => `${name} (${proof})`).join(', ')}`);
  const words = parts.join('; ');
  if (refused.length > 0) return { state: 'refused', words };
  if (waiting.length > 0) return { state: 'waiting', words };
  return { state: accepted.length > 0 ? 'accepted' : 'filed', words };
}

import { type Delivery, isArrived, isCommitted } from './delivery.ts';

/** Why somebody has to look at a delivery: its receiver said no, or it does not get through. */
export type DeliveryTrouble = { readonly kind: 'refused' | 'late'; readonly delivery: Delivery };

/** Attempts that came to nothing before a delivery counts as late: with the pauses between them about two minutes. */
export const attemptsBeforeLate = 8;

/** Whether a receiver has it: `accepted` by the hop that answered, or read back equal. */
function isThere({ state }: Delivery): boolean {
  return state === 'accepted' || state === 'filed';
}

/**
 * Deliveries of released versions that need a person, refusals first. A version whose successor is there on the same channel needs nobody
 * any more: the receiver has the latest word.
 */
export function deliveryTroubles(deliveries: readonly Delivery[]): readonly DeliveryTrouble[] {
  const newestThere = new Map<string, number>();
  const keyOf = (one: Delivery): string => `${one.reportId}|${one.channel}`;
  for (const one of deliveries)
    if (isThere(one)) newestThere.set(keyOf(one), Math.max(one.version, newestThere.get(keyOf(one)) ?? 0));
  const found = deliveries.flatMap((delivery): DeliveryTrouble[] => {
    if ((newestThere.get(keyOf(delivery)) ?? 0) > delivery.version) return [];
    if (delivery.state === 'refused') return [{ kind: 'refused', delivery }];
    const open = delivery.state === 'queued' || delivery.state === 'sent' || isUnread(delivery);
    // Committed twice, and the application silent all the while: somebody asks at the receiver.
    const late = delivery.attempts >= (isCommitted(delivery) ? 2 : attemptsBeforeLate);
    return open && late ? [{ kind: 'late', delivery }] : [];
  });
  const rank = ({ kind }: DeliveryTrouble): number => (kind === 'refused' ? 0 : 1);
  return found.sort(
    (left, right) =>
      rank(left) - rank(right) ||
      left.delivery.since - right.delivery.since ||
      left.delivery.id.localeCompare(right.delivery.id),
  );
}

/** Taken, and not to be read back yet, where reading back is what proves it. */
function isUnread(delivery: Delivery): boolean {
  return delivery.state === 'accepted' && !isArrived(delivery);
}

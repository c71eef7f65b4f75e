import type { Delivery } from '../../../shared/domain/delivery/index.ts';
import type { EventType, ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { HeldVersion } from '../delivery/signed-store.ts';
import { caseEvent, type EventCase } from '../intake/case-events.ts';

function typeOf(state: Delivery['state']): EventType | null {
  switch (state) {
    case 'queued':
    // Told by the withdrawal itself.
    case 'withdrawn':
    // Told by the later version, which stands there.
    case 'superseded':
      return null;
    case 'sent':
      return 'report.sent';
    case 'accepted':
      return 'report.accepted';
    case 'filed':
      return 'report.filed';
    case 'refused':
      return 'report.delivery.failed';
    default:
      return assertNever(state);
  }
}

/** One event for each state that a version reaches on a channel: the first time counts, repeats have the same id. */
export function deliveryEvents(facts: EventCase, delivery: Delivery, held: HeldVersion, now: Instant): ReadingEvent[] {
  const type = typeOf(delivery.state);
  if (type === null) return [];
  const { content, digest } = held.signed;
  return [
    caseEvent(facts, type, now, {
      part: `${digest}|${delivery.channel}`,
      channel: delivery.channel,
      detail: delivery.name,
      report: { id: content.reportId, version: content.version },
    }),
  ];
}

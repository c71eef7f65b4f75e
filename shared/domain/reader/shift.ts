import { assertNever } from '../../lib/assert-never.ts';
import { after, type Instant, millis } from '../../lib/instant.ts';
import { formatInZone } from '../../lib/zoned-time.ts';
import { calendarOf } from '../turnaround/index.ts';
import type { Entitlement, Shift } from './credentials.ts';

/** Whether somebody is at work. `unsaid`: no shifts are kept for her, so nothing is known either way. */
export type ShiftStanding =
  | { readonly kind: 'on'; readonly until: Instant; readonly zone: string }
  | { readonly kind: 'off' }
  | { readonly kind: 'unsaid' };

/** Longest run of shifts that is looked ahead, in milliseconds: an end further away is told as this far. */
const lookAhead = 48 * 3_600_000;

/**
 * Whether a reader is on shift at that instant, on the wall clock of each shift's own zone, and until when. Shifts of one zone that
 * touch are one; of two zones the later end counts. A shift that ends at seven is over at seven.
 */
export function onShift(entitlement: Entitlement, at: Instant): ShiftStanding {
  if (entitlement === 'unrestricted' || entitlement.shifts.length === 0) return { kind: 'unsaid' };
  const byZone = new Map<string, Shift[]>();
  for (const one of entitlement.shifts) byZone.set(one.zone, [...(byZone.get(one.zone) ?? []), one]);
  let best: { readonly until: Instant; readonly zone: string } | null = null;
  for (const [zone, spans] of byZone) {
    const [now] = calendarOf({ spans, holidays: [] }, zone).between(at, after(at, millis(lookAhead)));
    if (now !== undefined && now.from === at && (best === null || now.to > best.until)) best = { until: now.to, zone };
  }
  return best === null ? { kind: 'off' } : { kind: 'on', ...best };
}

/** "on shift until 07:00 CST", "not on shift"; empty where no shifts are kept. */
export function shiftWords(standing: ShiftStanding): string {
  switch (standing.kind) {
    case 'on': {
      const [, time = '', zone = ''] = formatInZone(standing.until, standing.zone).split(' ');
      return `on shift until ${time.slice(0, 5)} ${zone}`;
    }
    case 'off':
      return 'not on shift';
    case 'unsaid':
      return '';
    default:
      return assertNever(standing);
  }
}

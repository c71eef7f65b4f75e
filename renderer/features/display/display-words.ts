import type { DisplayCheck, DisplayStanding } from '../../../shared/domain/display/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { timeInZone } from '../../../shared/lib/zoned-time.ts';

/** When this screen was last checked, by whom, and how it went. */
export function lastCheckWords(checks: readonly DisplayCheck[], now: Instant): string {
  const last = checks.at(-1);
  if (last === undefined) return 'This screen was never checked here.';
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return `Last checked ${timeInZone(last.at, zone, now)} by ${last.by}: ${last.faults.length === 0 ? 'passed' : 'failed'}.`;
}

/** Whether the host has taken her checks. */
export function toldWords(waiting: number | null): string {
  if (waiting === null) return 'The reading window tells the host of it.';
  return waiting === 0
    ? 'The host keeps it too, for your lead and QA to see.'
    : 'The host has not taken it yet: it is told again by itself, and stays here until then.';
}

/** How a screen stands by one rule, in short: "due in 12 d", "overdue: 45 d, of 30". */
export function dueWords(standing: DisplayStanding, every: number): string {
  switch (standing.kind) {
    case 'never':
      return 'never checked';
    case 'failed':
      return 'failed';
    case 'rescaled':
      return 'scaled since';
    case 'overdue':
      return `overdue: ${standing.days} d, of ${every}`;
    case 'checked':
      return `due in ${every - standing.days} d`;
    default:
      return assertNever(standing);
  }
}

import type { DisplayCheck } from '../../../shared/domain/display/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { timeInZone } from '../../../shared/lib/zoned-time.ts';

/** When this screen was last checked, by whom, and how it went. */
export function lastCheckWords(checks: readonly DisplayCheck[], now: Instant): string {
  const last = checks.at(-1);
  if (last === undefined) return 'This screen was never checked here.';
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return `Last checked ${timeInZone(last.at, zone, now)} by ${last.by}: ${last.faults.length === 0 ? 'passed' : 'failed'}.`;
}

import { type Instant, instant } from '../../lib/instant.ts';
import { timeInZone } from '../../lib/zoned-time.ts';
import type { Claim } from './reading-task.ts';
import { leaseDuration } from './task-moves.ts';

/**
 * Who does not answer, so that what is on screen may have changed since: this computer's own host, the group's hosts, or the record
 * behind a host that answers. Null while all do.
 */
export type Silent = 'host' | 'group' | 'record' | null;

/**
 * When the record last confirmed a claim, on the record's clock: each grant and each renewal promises one lease from then (DESIGN 4), and
 * no clock of a desktop comes into it.
 */
export function claimConfirmedAt(claim: Pick<Claim, 'leaseUntil'>): Instant {
  return instant(claim.leaseUntil - leaseDuration);
}

/** "last confirmed 02:14 CST"; "not confirmed yet" where nothing was. What others did since is not known, and is never shown as known. */
export function lastConfirmed(at: Instant | null, zone: string, now: Instant): string {
  return at === null ? 'not confirmed yet' : `last confirmed ${timeInZone(at, zone, now)}`;
}

/** The time at which claims on a list are judged: while nobody can confirm them, none runs out before her eyes. */
export function claimsJudgedAt(now: Instant, asOf: Instant | null, silent: Silent): Instant {
  return silent === null || asOf === null || asOf > now ? now : asOf;
}

export type ClaimWords = {
  /** Until when it is hers, or that its time has run out. */
  readonly until: string;
  /** What stands behind that, and when it was last so. */
  readonly standing: string;
  /** True while the record answers and the lease runs: then alone may a tick stand beside it. */
  readonly sure: boolean;
};

/** How the reader's own claim stands, in the zone of its site. A lease that ran out unconfirmed may be somebody else's by now. */
export function claimWords(claim: Pick<Claim, 'leaseUntil'>, silent: Silent, zone: string, now: Instant): ClaimWords {
  const until = timeInZone(claim.leaseUntil, zone, now);
  const at = claimConfirmedAt(claim);
  if (now < claim.leaseUntil)
    return silent === null
      ? { until: `Yours until ${until}`, standing: `confirmed ${timeInZone(at, zone, now)}`, sure: true }
      : { until: `Yours until ${until}`, standing: lastConfirmed(at, zone, now), sure: false };
  return {
    until: `Your claim ran out ${until}`,
    standing: `${lastConfirmed(at, zone, now)}; others may have it`,
    sure: false,
  };
}

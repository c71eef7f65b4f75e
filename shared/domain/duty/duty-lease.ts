import { after, type Instant, instant, type Millis, millis } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';

/**
 * What one host at a time does for everybody (DESIGN 2.6): taking orders in, releasing and delivering, escalating, calling people.
 * `read` is no duty of one: every host has it. `page` raises codes, the first call to people; `escalate` writes down that nobody answered,
 * codes and questions alike.
 */
export const soleDuties = ['intake', 'deliver', 'escalate', 'page'] as const;
export type SoleDuty = (typeof soleDuties)[number];

/** Who holds a duty until when, on the record's clock. `holder` is null when it was given back. */
export type DutyLease = {
  readonly duty: SoleDuty;
  readonly holder: string | null;
  /** Grows by one with each grant: what an earlier holder still has in hand is told by it. */
  readonly fencingToken: number;
  readonly until: Instant;
};

/** How long a lease holds without renewal. A dead host's work waits no longer than this. */
export const dutyLeaseLength: Millis = millis(24_000);
/** How often a holder renews: two renewals may fail before the lease lapses. */
export const dutyRenewEvery: Millis = millis(7_000);
/** A holder stops this long before its lease ends: an effect begun in the last moment must be over when another may begin. */
export const dutyMargin: Millis = millis(4_000);

export type DutyMove =
  /** Takes a free or lapsed duty; by its holder it renews. */
  | { readonly kind: 'take'; readonly holder: string }
  /** Takes it as a new start of the same host: whatever the earlier process had in hand is fenced off. */
  | { readonly kind: 'retake'; readonly holder: string }
  | { readonly kind: 'give-back'; readonly holder: string; readonly fencingToken: number };

export type DutyRefusal =
  | { readonly code: 'held'; readonly by: string; readonly until: Instant }
  | { readonly code: 'not-holder' };

/** A duty that nobody has held yet. */
export function freeDuty(duty: SoleDuty): DutyLease {
  return { duty, holder: null, fencingToken: 0, until: instant(0) };
}

/** `recordNow` is the record's time, never a host's own clock. */
export function stepDuty(lease: DutyLease, move: DutyMove, recordNow: Instant): Result<DutyLease, DutyRefusal> {
  const live = lease.holder !== null && recordNow < lease.until;
  if (move.kind === 'give-back') {
    return lease.holder === move.holder && lease.fencingToken === move.fencingToken
      ? ok({ ...lease, holder: null, until: recordNow < lease.until ? recordNow : lease.until })
      : err({ code: 'not-holder' });
  }
  if (live && lease.holder !== move.holder) return err({ code: 'held', by: lease.holder ?? '', until: lease.until });
  const until = after(recordNow, dutyLeaseLength);
  if (live && move.kind === 'take')
    // The record's clock may step back; a lease once promised is not shortened by it.
    return ok({ ...lease, until: instant(Math.max(until, lease.until)) });
  return ok({ ...lease, holder: move.holder, fencingToken: lease.fencingToken + 1, until });
}

/** Whether this holder, with this token, may begin an effect now. */
export function mayAct(lease: DutyLease | null, holder: string, fencingToken: number, recordNow: Instant): boolean {
  return (
    lease !== null &&
    lease.holder === holder &&
    lease.fencingToken === fencingToken &&
    recordNow < lease.until - dutyMargin
  );
}

import { type Instant, instant, type Millis, millis } from '../../lib/instant.ts';
import { warnBefore } from './device.ts';

/**
 * How long a device has been away from its group, in a way that a clock set back cannot shorten: kept sealed on the device.
 * All instants are on the group's clock.
 */
export type OfflineClock = {
  readonly lastContact: Instant;
  /** The latest time of which there was evidence. It never goes back. */
  readonly seen: Instant;
  /** The group's clock less the device's at the last contact. */
  readonly skew: Millis;
  /** Milliseconds since the computer was started, sleep included, when `seen` was noted. */
  readonly uptime: Millis;
};

/** What the computer says of time now: its wall clock, which anybody can set, and how long it has been on, which nobody can. */
export type TimeEvidence = { readonly wall: Instant; readonly uptime: Millis };

/** The group answered at `groupNow`: nothing before counts any more. */
export function atContact(groupNow: Instant, { wall, uptime }: TimeEvidence): OfflineClock {
  return { lastContact: groupNow, seen: groupNow, skew: millis(groupNow - wall), uptime };
}

/** The latest time of which there is evidence: what the wall clock says, and at the least what the computer was on since. */
export function atTick(clock: OfflineClock, { wall, uptime }: TimeEvidence): OfflineClock {
  // Below the noted uptime the computer was started anew since, so that at least its whole uptime has passed.
  const passed = uptime >= clock.uptime ? uptime - clock.uptime : uptime;
  const seen = instant(Math.max(wall + clock.skew, clock.seen + passed));
  return { ...clock, seen, uptime };
}

export type OfflineStanding =
  | { readonly kind: 'well' }
  /** Within four hours of the end. */
  | { readonly kind: 'warned'; readonly left: Millis }
  | { readonly kind: 'over' };

/** Judged by what was last seen: take a tick first. */
export function offlineStanding(clock: OfflineClock, limit: Millis): OfflineStanding {
  const left = millis(clock.lastContact + limit - clock.seen);
  if (left <= 0) return { kind: 'over' };
  // With a short limit no more than its last half is a warning: it would be there all day.
  return left <= Math.min(warnBefore, limit / 2) ? { kind: 'warned', left } : { kind: 'well' };
}

import { type Instant, instant, type Millis, millis, minutes } from '../../lib/instant.ts';
import { wallClock } from '../../lib/wall-clock.ts';

const day = 86_400_000;

/** A night that was missed, and two hours for the next one: older than this, somebody is told. */
export const backupIsOldAfter: Millis = millis(26 * 3_600_000);
/** How long after a failure it is tried again: the target may be a share that is mounted in a while. */
export const backupRetryAfter: Millis = minutes(15);

/** The last moment, up to now, at which the clock of the zone came to this full hour. Clocks set back show it twice: the first counts. */
export function lastBackupSlot(now: Instant, hour: number, zone: string): Instant {
  const clock = wallClock(zone);
  const midnight = Math.floor(clock.shown(now) / day) * day;
  const slots = [1, 0, -1, -2].map((days) => clock.at(midnight + days * day + hour * 3_600_000).first);
  return slots.find((slot) => slot <= now) ?? instant(now - day);
}

/**
 * The newest good backup, of their times; null where there is none. One from the future was made while the clock was wrong and tells
 * nothing about tonight.
 */
export function lastGoodBackup(good: readonly Instant[], now: Instant): Instant | null {
  return good.reduce<Instant | null>(
    (newest, one) => (one <= now && (newest === null || one > newest) ? one : newest),
    null,
  );
}

/** Whether a backup is to be made now: none is from since the last slot (or there is none at all), and a failure is some time ago. */
export function backupIsDue(facts: {
  readonly good: readonly Instant[];
  readonly failedAt: Instant | null;
  readonly hour: number;
  readonly zone: string;
  readonly now: Instant;
}): boolean {
  const { failedAt, now } = facts;
  // A failure from the future was noted while the clock was wrong.
  if (failedAt !== null && failedAt <= now && now - failedAt < backupRetryAfter) return false;
  const good = lastGoodBackup(facts.good, now);
  return good === null || good < lastBackupSlot(now, facts.hour, facts.zone);
}

/** `old` says that somebody must be told. */
export function backupStanding(
  good: readonly Instant[],
  now: Instant,
): { readonly lastGood: Instant | null; readonly old: boolean } {
  const lastGood = lastGoodBackup(good, now);
  return { lastGood, old: lastGood === null || now - lastGood > backupIsOldAfter };
}

import type { Instant } from '../../lib/instant.ts';
import { leastKeptDays } from '../site/index.ts';

const day = 86_400_000;

/** Something that only this host holds: whose it is, and since when nobody needs it for work any more; null while somebody does. */
export type HeldHere = { readonly key: string; readonly siteId: string | null; readonly settledAt: Instant | null };

/**
 * What may be let go, of what only this host holds. Nothing is, of a site that has not said how long, of a site that is not known, while
 * it is needed, and before its whole time has passed.
 */
export function pastKeeping<Held extends HeldHere>(
  held: readonly Held[],
  keptDays: (siteId: string) => number | null,
  now: Instant,
): readonly Held[] {
  return held.filter(({ siteId, settledAt }) => {
    const days = siteId === null ? null : keptDays(siteId);
    if (days === null || settledAt === null) return false;
    return now - settledAt > Math.max(days, leastKeptDays) * day;
  });
}

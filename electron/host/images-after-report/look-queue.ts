import { after, type Instant, type Millis } from '../../../shared/lib/instant.ts';

/** Which released reports are looked at next. What showed a sign of change goes first; the others follow, the longest ago first. */
export type LookQueue = {
  /** `sign`: what the list says of the study; another one than before wants a look. `until`: when nobody looks after it any more; null never. */
  follow(id: string, standing: { readonly sign: string; readonly until: Instant | null }, now: Instant): void;
  drop(id: string): void;
  /** At most so many, each of which is due. */
  take(now: Instant, most: number): readonly string[];
  /** What came of a look; one that could not be made is made again soon. */
  looked(id: string, done: boolean, now: Instant): void;
};

type Watched = { readonly sign: string; readonly until: Instant | null; due: Instant; lastLook: Instant | null };

export type LookPaces = {
  /** Between two looks without a sign of change. */
  readonly again: Millis;
  /** Between two looks while signs of change come. */
  readonly soon: Millis;
  /** Before a look is made again that could not be made. */
  readonly retry: Millis;
};

export function createLookQueue({ again, soon, retry }: LookPaces): LookQueue {
  const watched = new Map<string, Watched>();
  return {
    follow: (id, { sign, until }, now) => {
      const before = watched.get(id);
      const lastLook = before?.lastLook ?? null;
      if (before !== undefined && before.sign === sign) {
        watched.set(id, { ...before, until });
        return;
      }
      const due = lastLook === null ? now : (Math.max(now, after(lastLook, soon)) as Instant);
      watched.set(id, { sign, until, due, lastLook });
    },
    drop: (id) => {
      watched.delete(id);
    },
    take: (now, most) => {
      const due: [string, Watched][] = [];
      for (const [id, one] of watched) {
        if (one.until !== null && one.until < now) watched.delete(id);
        else if (one.due <= now) due.push([id, one]);
      }
      return due
        .sort(([, one], [, other]) => one.due - other.due)
        .slice(0, most)
        .map(([id]) => id);
    },
    looked: (id, done, now) => {
      const one = watched.get(id);
      if (one === undefined) return;
      one.lastLook = now;
      one.due = after(now, done ? again : retry);
    },
  };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import { leastKeptDays } from '../site/index.ts';
import { pastKeeping } from './index.ts';

const day = 86_400_000;
const now = instant(Date.UTC(2026, 10, 22));
const one = fc.record({
  key: fc.string(),
  siteId: fc.option(fc.constantFrom('lark', 'silent', 'short')),
  settledAt: fc.option(fc.integer({ min: -400 * day, max: 400 * day }).map((span) => instant(now - span))),
});
const days = (siteId: string): number | null => ({ lark: 100, short: 1 })[siteId] ?? null;

describe('what a host lets go', () => {
  it('is only what its site named a time for, what nobody needs, and what is older than that time', () => {
    fc.assert(
      fc.property(fc.array(one), (held) => {
        const gone = new Set(pastKeeping(held, days, now));
        for (const each of held) {
          const kept =
            each.siteId === 'lark' ? 100 : each.siteId === 'short' ? leastKeptDays : Number.POSITIVE_INFINITY;
          expect(gone.has(each)).toBe(each.settledAt !== null && now - each.settledAt > kept * day);
        }
      }),
    );
  });

  it('only grows with time, and a longer time never lets more go', () => {
    fc.assert(
      fc.property(fc.array(one), fc.integer({ min: 0, max: 400 }), (held, more) => {
        const today = pastKeeping(held, days, now);
        const later = new Set(pastKeeping(held, days, instant(now + more * day)));
        for (const each of today) expect(later.has(each)).toBe(true);
        const longer = pastKeeping(held, (id) => (days(id) === null ? null : 100 + more), now);
        for (const each of longer) expect(today).toContain(each);
      }),
    );
  });
});

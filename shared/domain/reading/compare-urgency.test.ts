import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, minutes, after as timeAfter } from '../../lib/instant.ts';
import { compareUrgency, type Urgency } from './compare-urgency.ts';

const now = instant(Date.UTC(2026, 10, 22, 9));
const calm: Urgency = {
  priority: 'routine',
  dueAt: timeAfter(now, minutes(600)),
  state: 'queued',
  clockStartedAt: now,
  accession: 'A',
};
const row = (accession: string, change: Partial<Urgency>): Urgency => ({ ...calm, accession, ...change });

describe('the worklist by urgency', () => {
  it('has the late and the STAT on top, then what is due soonest, then what has no clock, and finished work last', () => {
    const sorted = [
      row('late', { dueAt: timeAfter(now, minutes(-30)) }),
      row('stat late', { priority: 'stat', dueAt: timeAfter(now, minutes(-5)) }),
      row('stat', { priority: 'stat', dueAt: timeAfter(now, minutes(25)) }),
      row('stat without clock', { priority: 'stat', dueAt: null }),
      row('urgent soon', { priority: 'urgent', dueAt: timeAfter(now, minutes(10)) }),
      row('unknown', { priority: 'unknown', dueAt: timeAfter(now, minutes(100)) }),
      row('routine', {}),
      row('unknown, no clock', { priority: 'unknown', dueAt: null }),
      row('routine, no clock', { dueAt: null }),
      row('done', { state: 'completed', priority: 'stat', dueAt: timeAfter(now, minutes(-90)) }),
      row('cancelled', { state: 'cancelled', dueAt: timeAfter(now, minutes(-60)) }),
    ];
    const shuffled = [...sorted].sort((left, right) => ((left.accession ?? '') < (right.accession ?? '') ? -1 : 1));
    shuffled.sort((left, right) => compareUrgency(left, right, now));
    expect(shuffled.map(({ accession }) => accession)).toEqual(sorted.map(({ accession }) => accession));
  });

  it('lifts a study at the moment when it becomes late', () => {
    const due = row('due', { dueAt: now });
    const stat = row('stat', { priority: 'stat', dueAt: timeAfter(now, minutes(1)) });
    expect(compareUrgency(due, stat, instant(now - 1))).toBeGreaterThan(0);
    expect(compareUrgency(due, stat, now)).toBeLessThan(0);
  });

  it('is a total order for any rows and moment', () => {
    const times = fc.option(
      fc.integer({ min: -5, max: 5 }).map((count) => timeAfter(now, minutes(count))),
      { nil: null },
    );
    const rows: fc.Arbitrary<Urgency> = fc.record({
      priority: fc.constantFrom('stat', 'asap', 'urgent', 'routine', 'unknown'),
      dueAt: times,
      state: fc.constantFrom('queued', 'claimed', 'reading', 'held', 'completed', 'cancelled'),
      clockStartedAt: times,
      accession: fc.constantFrom('A', 'B', null),
    });
    fc.assert(
      fc.property(rows, rows, rows, (one, two, three) => {
        const compare = (left: Urgency, right: Urgency) => Math.sign(compareUrgency(left, right, now));
        expect(compare(one, two) + compare(two, one)).toBe(0);
        expect(compare(one, one)).toBe(0);
        if (compare(one, two) <= 0 && compare(two, three) <= 0) expect(compare(one, three)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 3_000 },
    );
  });
});

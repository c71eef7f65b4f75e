import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import { countJudged, type ImagesSoFar, imagesComplete, isQuiet, quietPeriod } from './images-complete.ts';

const nine = Date.UTC(2026, 10, 22, 9);
const images = (more: Partial<ImagesSoFar>): ImagesSoFar => ({
  present: 4,
  expected: null,
  changedAt: instant(nine),
  judged: [],
  open: true,
  ...more,
});
const after = (seconds: number) => instant(nine + seconds * 1_000);

describe('the images of a study', () => {
  it.each([
    ['are complete with the last one announced, at once', { expected: 4 }, 0, 'complete', 'rule count: 4 of 4'],
    ['are complete when more came than announced', { expected: 3 }, 0, 'complete', 'rule count: 4 of 3'],
    ['are awaited while one announced is missing, however long', { expected: 5 }, 90_000, 'wait', null],
    ['without a count are awaited for less than two quiet minutes', {}, 119, 'wait', null],
    ['without a count are complete after two', {}, 120, 'complete', 'rule quiet-2-min: 4 instances'],
    ['that were judged complete are not judged again', { judged: [4] }, 900, 'wait', null],
    ['that come later wait for their own quiet time', { present: 6, judged: [4] }, 119, 'wait', null],
    [
      'that come later are told once they are quiet',
      { present: 6, judged: [4] },
      120,
      'more',
      'rule quiet-2-min: 6 instances, more came after the study was judged complete',
    ],
    ['that were told are not told again', { present: 6, judged: [4, 6] }, 900, 'wait', null],
    ['that come after the report is out are none', { present: 6, judged: [4], open: false }, 900, 'wait', null],
    [
      'judged by other words than ours are never more',
      { present: 6, judged: [countJudged('by hand')] },
      900,
      'wait',
      null,
    ],
  ] as const)('%s', (_what, more, seconds, kind, words) => {
    const verdict = imagesComplete(images(more as Partial<ImagesSoFar>), after(seconds));
    expect(verdict.kind).toBe(kind);
    // The moment is the arrival of the last image, never the end of the wait.
    if (verdict.kind !== 'wait') expect([verdict.at, verdict.words]).toEqual([nine, words]);
  });

  it('are judged complete once, and each later number at most once, however often one looks', () => {
    const arrivals = fc.array(fc.record({ came: fc.nat(3), seconds: fc.integer({ min: 1, max: 300 }) }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(arrivals, fc.option(fc.integer({ min: 1, max: 12 }), { nil: null }), (steps, expected) => {
        const judged: number[] = [];
        let [present, changedAt, now] = [1, nine, nine];
        for (const { came, seconds } of steps) {
          now += seconds * 1_000;
          if (came > 0) [present, changedAt] = [present + came, now];
          const seen = images({ present, expected, judged, changedAt: instant(changedAt) });
          const verdict = imagesComplete(seen, instant(now));
          if (verdict.kind === 'wait') continue;
          expect(verdict.kind).toBe(judged.length === 0 ? 'complete' : 'more');
          expect(judged).not.toContain(countJudged(verdict.words));
          expect(countJudged(verdict.words)).toBe(present);
          if (verdict.kind === 'more' || expected === null)
            expect(isQuiet(instant(changedAt), instant(now))).toBe(true);
          judged.push(present);
        }
      }),
    );
    expect(quietPeriod).toBe(120_000);
  });
});

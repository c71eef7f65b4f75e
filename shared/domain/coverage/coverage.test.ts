import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant } from '../../lib/instant.ts';
import {
  addsNothing,
  type CaseCoverage,
  countOf,
  holds,
  isOpened,
  isOver,
  mergeCoverage,
  mostWindows,
  neverOpened,
  neverOpenedWords,
  noCoverage,
  notePainted,
  notePlanes,
  overFrames,
  placesOf,
  rangesOf,
  type SeriesCoverage,
  type ShownWindow,
  shownAt,
  withRange,
  withRanges,
} from './index.ts';

const place = fc.integer({ min: 0, max: 40 });
const places = fc.array(place, { maxLength: 30 });
const sorted = (list: Iterable<number>): number[] => [...new Set(list)].sort((one, other) => one - other);

describe('ranges of slices', () => {
  test('say the same as the set of slices, however they came, and never touch or overlap', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(place, place), { maxLength: 20 }), places, (added, more) => {
        const set = new Set<number>();
        let ranges = rangesOf([]);
        for (const [from, to] of added) {
          ranges = withRange(ranges, from, to);
          for (let at = from; at < to; at += 1) set.add(at);
        }
        ranges = withRanges(ranges, rangesOf(more));
        for (const one of more) set.add(one);
        expect(placesOf(ranges)).toEqual(sorted(set));
        expect(countOf(ranges)).toBe(set.size);
        for (let at = 0; at <= 41; at += 1) expect(holds(ranges, at)).toBe(set.has(at));
        ranges.forEach(([from, to], index) => {
          expect(to).toBeGreaterThan(from);
          expect(from).toBeGreaterThan(ranges[index - 1]?.[1] ?? -1);
        });
      }),
    );
  });

  test('stay the very same value where nothing is new', () => {
    const ranges = rangesOf([1, 2, 3, 7]);
    expect(withRange(ranges, 2, 4)).toBe(ranges);
    expect(withRanges(ranges, rangesOf([1, 7]))).toBe(ranges);
  });
});

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `i${at}#1`);
const brain: ShownWindow = { center: 40, width: 80 };
const bone: ShownWindow = { center: 500, width: 2_000 };
const painting = fc.record({
  place: fc.integer({ min: 0, max: 9 }),
  scale: fc.constantFrom(0.4, 1, 2.5),
  window: fc.constantFrom<ShownWindow | null>(brain, bone, { table: 'LUNG' }, null),
});
const shownAfter = (paintings: readonly { place: number; scale: number; window: ShownWindow | null }[], count = 10) =>
  paintings.reduce<SeriesCoverage>(notePainted, noCoverage('1', '1.1', names(count)));

describe('what was shown of a series', () => {
  test('is counted once, at the windows that it was shown at, and pixel for pixel only where it was that large', () => {
    fc.assert(
      fc.property(fc.array(painting, { maxLength: 40 }), (all) => {
        const coverage = shownAfter(all);
        expect(placesOf(coverage.shown)).toEqual(sorted(all.map((one) => one.place)));
        expect(placesOf(coverage.full)).toEqual(sorted(all.filter((one) => one.scale >= 1).map((one) => one.place)));
        for (const window of [brain, bone])
          expect(placesOf(shownAt(coverage, window))).toEqual(
            sorted(all.filter((one) => one.window === window).map((one) => one.place)),
          );
        expect(isOpened(coverage)).toBe(all.length > 0);
      }),
    );
  });

  test('takes two windows that nobody could tell apart for one, and keeps to a dozen however long one is dragged', () => {
    const near = shownAfter([
      { place: 0, scale: 1, window: { center: 40, width: 400 } },
      { place: 1, scale: 1, window: { center: 50, width: 420 } },
    ]);
    expect(near.windows).toHaveLength(1);
    const dragged = shownAfter([
      ...Array.from({ length: 6 }, (_, at) => ({ place: at, scale: 1, window: brain })),
      ...Array.from({ length: 60 }, (_, step) => ({
        place: 7,
        scale: 1,
        window: { center: 0, width: 10 * 1.5 ** step },
      })),
    ]);
    expect(dragged.windows.length).toBeLessThanOrEqual(mostWindows);
    // What was really looked at stays; what a drag passed through goes first.
    expect(countOf(shownAt(dragged, brain))).toBeGreaterThanOrEqual(6);
  });

  test('moves with the images when more come between, and forgets those that are gone', () => {
    fc.assert(
      fc.property(fc.array(painting, { maxLength: 20 }), fc.shuffledSubarray(names(10)), (all, kept) => {
        const coverage = shownAfter(all);
        const now = overFrames(coverage, ['new#1', ...kept]);
        const shown = (of: SeriesCoverage): string[] => placesOf(of.shown).map((at) => of.frames[at] ?? '');
        expect(shown(now).sort()).toEqual(
          shown(coverage)
            .filter((name) => kept.includes(name))
            .sort(),
        );
        expect(holds(now.shown, 0)).toBe(false);
      }),
    );
  });

  test('is opened by planes computed from it, of which no slice was seen', () => {
    const coverage = notePlanes(noCoverage('1', '1.1', names(3)));
    expect([isOpened(coverage), countOf(coverage.shown)]).toEqual([true, 0]);
  });
});

describe('what two windows have seen of a case', () => {
  const seen = (coverage: CaseCoverage): unknown =>
    Object.fromEntries(
      Object.entries(coverage).map(([uid, one]) => [
        uid,
        [one.shown, one.full].map((ranges) => sorted(placesOf(ranges)).map((at) => one.frames[at])),
      ]),
    );
  const slices = (coverage: CaseCoverage): unknown =>
    Object.keys(coverage)
      // A series that one window names and nobody has seen anything of is no news to another.
      .filter((uid) => (coverage[uid]?.shown.length ?? 0) > 0)
      .sort()
      .map((uid) => [
        uid,
        placesOf(coverage[uid]?.shown ?? [])
          .map((at) => coverage[uid]?.frames[at])
          .sort(),
      ]);
  const caseOf = fc
    .dictionary(fc.constantFrom('1.1', '1.2', '1.3'), fc.array(painting, { maxLength: 12 }))
    .map(
      (series): CaseCoverage =>
        Object.fromEntries(Object.entries(series).map(([uid, all]) => [uid, { ...shownAfter(all), seriesUid: uid }])),
    );

  test('is what either has seen: in any order, and no more for being told twice', () => {
    fc.assert(
      fc.property(caseOf, caseOf, (one, other) => {
        const both = mergeCoverage(one, other);
        expect(seen(mergeCoverage(other, one))).toEqual(seen(both));
        expect(seen(mergeCoverage(both, other))).toEqual(seen(both));
        expect(seen(mergeCoverage(both, both))).toEqual(seen(both));
      }),
    );
  });

  test('comes to an end however many windows tell each other', () => {
    fc.assert(
      fc.property(fc.array(caseOf, { minLength: 2, maxLength: 4 }), (windows) => {
        // The first is the reading window: it takes all, and tells each what that one does not know.
        const all = [...windows];
        let tellings = 0;
        for (let isNews = true; isNews; ) {
          isNews = false;
          for (let at = 1; at < all.length; at += 1) {
            const [main = {}, own = {}] = [all[0], all[at]];
            all[0] = mergeCoverage(own, main);
            // What the reading window has learned it tells those again that it had told before.
            isNews ||= !addsNothing(main, all[0]);
            if (addsNothing(own, all[0])) continue;
            all[at] = mergeCoverage(all[0], own);
            isNews = true;
            tellings += 1;
          }
          expect(tellings).toBeLessThan(20);
        }
        const sets = all.map((one) => JSON.stringify(slices(one)));
        expect(new Set(sets).size).toBe(1);
      }),
    );
  });

  test('keeps a slice that only the other window knows', () => {
    const mine = { '1.1': shownAfter([{ place: 0, scale: 1, window: null }], 2) };
    const theirs = { '1.1': shownAfter([{ place: 4, scale: 1, window: null }], 5) };
    const both = mergeCoverage(mine, theirs)['1.1'];
    expect(placesOf(both?.shown ?? []).map((at) => both?.frames[at])).toEqual(['i0#1', 'i4#1']);
  });
});

describe('series that were never opened', () => {
  const listed = (name: string) => ({ studyUid: '1', seriesUid: `1.${name}`, name });

  test('are named, and none is named that was', () => {
    const coverage = { '1.a': shownAfter([{ place: 0, scale: 0.3, window: null }]) };
    const left = neverOpened(coverage, ['a', 'T2 axial', 'scout'].map(listed));
    expect(neverOpenedWords(left)).toBe('2 series were never opened: T2 axial, scout.');
    expect(neverOpenedWords(left.slice(1))).toBe('One series was never opened: scout.');
    expect(neverOpenedWords([])).toBeNull();
    expect(neverOpenedWords(['1', '2', '3', '4', '5', '6'].map(listed))).toBe(
      '6 series were never opened: 1, 2, 3, 4 and 2 more.',
    );
  });
});

describe('what was seen is let go', () => {
  const kept = { savedAt: instant(1_000_000) };
  test.each([
    ['completed', true],
    ['cancelled', true],
    ['reading', false],
    ['preliminary', false],
    [null, false],
  ])('when its study is %s: %s', (state, over) => {
    expect(isOver(kept, state, instant(1_000_001))).toBe(over);
  });

  test('after a month, whatever became of it', () => {
    expect(isOver(kept, null, instant(1_000_000 + 31 * 86_400_000))).toBe(true);
  });
});

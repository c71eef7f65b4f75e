import { describe, expect, test } from 'vitest';
import type { SeriesImages } from '../../imaging/index.ts';
import { type HandMatches, matchOf, toggledMatch } from './hand-matches.ts';
import type { ShownFrame } from './shown-frames.ts';

const series = (epoch: number, seriesUid: string, instances: string): SeriesImages => {
  const frames = [...instances].map((name) => ({ instanceUid: `${seriesUid}.${name}`, frame: 1 }));
  return { epoch, seriesUid, frames } as unknown as SeriesImages;
};
const shown = (of: SeriesImages, index: number): ShownFrame => {
  const reference = of.frames[index];
  if (reference === undefined) throw new Error('no such slice');
  return { series: of, reference, index };
};

describe('two series that are matched by hand', () => {
  const [now, prior] = [series(1, 'now', 'abcdef'), series(1, 'prior', 'uvw')];
  const matches = toggledMatch([], shown(now, 4), shown(prior, 1));

  test('are matched at the images that were shown, whichever of them leads', () => {
    expect(matchOf(matches, now, prior)).toEqual({ one: 4, other: 1 });
    expect(matchOf(matches, prior, now)).toEqual({ one: 1, other: 4 });
    expect(matchOf(matches, now, series(1, 'another', 'abc'))).toBeNull();
  });

  test('once more: no more', () => {
    expect(toggledMatch(matches, shown(prior, 2), shown(now, 0))).toEqual([]);
    const two = toggledMatch(matches, shown(now, 0), shown(series(1, 'another', 'abc'), 2));
    expect(toggledMatch(two, shown(now, 0), shown(prior, 0)).map(([, end]) => end.seriesUid)).toEqual(['another']);
  });

  test('are matched at the very images in another opening, though others have come before them', () => {
    const kept = JSON.parse(JSON.stringify(matches)) as HandMatches;
    expect(matchOf(kept, series(2, 'now', 'xyabcdef'), series(2, 'prior', 'uvw'))).toEqual({ one: 6, other: 1 });
  });

  test('are not matched at another image once theirs is gone', () => {
    expect(matchOf(matches, series(2, 'now', 'abcdf'), prior)).toBeNull();
    expect(matchOf(matches, now, series(2, 'prior', ''))).toBeNull();
  });
});

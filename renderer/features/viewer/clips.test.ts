import { describe, expect, it } from 'vitest';
import type { SeriesImages } from '../../imaging/index.ts';
import { clipsOf, nextFrame } from './clips.ts';

const series = (...clips: readonly number[]): Pick<SeriesImages, 'frames'> => ({
  frames: clips.flatMap((frames, clip) =>
    Array.from({ length: frames }, () => ({ instanceUid: `1.${clip}`, description: { frames } })),
  ) as unknown as SeriesImages['frames'],
});

describe('clips of a series', () => {
  it('are its multi-frame images, each by itself; stills are none', () => {
    expect(clipsOf(series(3, 2, 1, 4))).toEqual([
      { from: 0, to: 2 },
      { from: 3, to: 4 },
      { from: 6, to: 9 },
    ]);
    expect(clipsOf(series(1, 1))).toEqual([]);
  });

  it('play round by themselves and never into the next', () => {
    const two = series(3, 2);
    expect([0, 1, 2, 3, 4].map((index) => nextFrame(clipsOf(two), 5, index))).toEqual([1, 2, 0, 4, 3]);
    // A stack of single images plays through.
    expect([0, 1, 2].map((index) => nextFrame([], 3, index))).toEqual([1, 2, 0]);
  });
});

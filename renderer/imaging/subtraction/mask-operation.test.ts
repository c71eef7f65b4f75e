import { describe, expect, test } from 'vitest';
import { maskOf, maskOperations, maskWords } from './mask-operation.ts';

const sequence = (...items: readonly Record<string, readonly unknown[]>[]) => ({
  '00286100': {
    vr: 'SQ',
    Value: items.map((item) => Object.fromEntries(Object.entries(item).map(([tag, Value]) => [tag, { Value }]))),
  },
});
const planned = (item: Record<string, readonly unknown[]>, count: number) =>
  Array.from({ length: count }, (_, at) => {
    const mask = maskOf(maskOperations(sequence(item)), at + 1, count);
    return mask === null ? null : [mask.contrast, mask.mask];
  });

describe('which frames are subtracted from which (PS3.3 C.7.6.10.1.1)', () => {
  test('AVG_SUB takes the mean of its mask frames from each frame', () => {
    expect(planned({ '00286101': ['AVG_SUB'], '00286110': [1, 2] }, 4)).toEqual([
      [[1], [1, 2]],
      [[2], [1, 2]],
      [[3], [1, 2]],
      [[4], [1, 2]],
    ]);
  });

  test('contrast frames are averaged from the one seen on; the last ones have none to average with', () => {
    const item = { '00286101': ['AVG_SUB'], '00286110': [1], '00286112': [3] };
    expect(planned(item, 5)).toEqual([[[1, 2, 3], [1]], [[2, 3, 4], [1]], [[3, 4, 5], [1]], null, null]);
  });

  test('a range leaves the frames outside it as they were acquired', () => {
    const item = { '00286101': ['AVG_SUB'], '00286102': [2, 2, 4, 5], '00286110': [1] };
    expect(planned(item, 5).map((one) => one !== null)).toEqual([false, true, false, true, true]);
  });

  test('TID takes the frame an offset before, 1 where the offset is empty, and none where there is no such frame', () => {
    expect(planned({ '00286101': ['TID'], '00286120': [2] }, 4)).toEqual([null, null, [[3], [1]], [[4], [2]]]);
    expect(planned({ '00286101': ['TID'] }, 3)).toEqual([null, [[2], [1]], [[3], [2]]]);
    expect(planned({ '00286101': ['TID'], '00286120': [-1] }, 3)).toEqual([[[1], [2]], [[2], [3]], null]);
  });

  test('REV_TID takes masks in reverse: 1, then 1 less 2 frames further apart with each frame', () => {
    // First contrast frame 4, offset 1: masks 3, 2, 1 for frames 4, 5, 6.
    const item = { '00286101': ['REV_TID'], '00286102': [4, 7], '00286120': [1] };
    expect(planned(item, 7)).toEqual([null, null, null, [[4], [3]], [[5], [2]], [[6], [1]], null]);
    expect(maskOperations(sequence({ '00286101': ['REV_TID'], '00286120': [1] }))).toEqual([]);
  });

  test('the first item that is for a frame counts; NONE and unknown ones are none', () => {
    const operations = maskOperations(
      sequence(
        { '00286101': ['NONE'] },
        { '00286101': ['AVG_SUB'], '00286102': [1, 2], '00286110': [4], '00286114': [0.5, -1] },
        { '00286101': ['AVG_SUB'], '00286110': [1] },
        { '00286101': ['SOMETHING'], '00286110': [1] },
      ),
    );
    expect([1, 2, 3].map((frame) => maskOf(operations, frame, 4)?.mask)).toEqual([[4], [4], [1]]);
    const first = maskOf(operations, 1, 4);
    expect(first === null ? '' : maskWords(first)).toBe(
      'COMPUTED: frame 1 less frame 4, mask moved by pixels: 0.5 down, 1 left',
    );
    expect(maskOf(operations, 1, 3)?.mask).toEqual([1]);
  });
});

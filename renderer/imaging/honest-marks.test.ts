import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imageMarks, stackMarks } from './honest-marks.ts';
import { describeSeries } from './study-metadata.ts';
import type { FrameReference } from './types.ts';

const ds = (vr: string, ...Value: unknown[]) => ({ vr, Value });

function stack(places: readonly number[]): readonly FrameReference[] {
  const instances = places.map((z, at) => ({
    '0020000D': ds('UI', '1.2'),
    '0020000E': ds('UI', '1.2.3'),
    '00080018': ds('UI', `1.2.3.${at + 1}`),
    '00080060': ds('CS', 'CT'),
    '00200013': ds('IS', at + 1),
    '00200032': ds('DS', -100, -100, z),
    '00200037': ds('DS', 1, 0, 0, 0, 1, 0),
    '00280010': ds('US', 4),
    '00280011': ds('US', 4),
  }));
  return describeSeries({ archive: 'a', epoch: 1, studyUid: '1.2' }, '1.2.3', instances, {}).frames;
}
const square = { kind: 'patient', row: 0.5, column: 0.5 } as const;
const [plain] = stack([0]);
const description = plain?.description;
if (description === undefined) throw new Error('no frame');

describe('what an image is honest about', () => {
  test.each([
    [{ '00282110': ds('CS', '00') }, square, []],
    [{ '00282110': ds('CS', '01') }, square, ['lossy']],
    [
      { '00282110': ds('CS', '01'), '00282112': ds('DS', 12.4), '00282114': ds('CS', 'ISO_10918_1') },
      square,
      ['lossy 12:1 JPEG'],
    ],
    [{ '00181120': ds('DS', -12.5), '00080060': ds('CS', 'CT') }, square, ['gantry tilt -12.5°']],
    [{ '00181120': ds('DS', 30), '00080060': ds('CS', 'DX') }, square, []],
    [
      {},
      { kind: 'patient', row: 0.6, column: 0.5 } as const,
      ['pixels not square (1.20 : 1), shown in true proportion'],
    ],
  ])('%j: %j', (data, pixelSize, marks) => {
    expect(imageMarks(data, { pixelSize, aspect: [1, 1], description })).toEqual(marks);
  });
  test('a photometric interpretation and a shape that contradict each other', () => {
    const [words] = imageMarks({ '20500020': ds('CS', 'INVERSE') }, { pixelSize: square, aspect: [1, 1], description });
    expect(words).toContain('contradict');
  });
});

describe('what a stack is honest about', () => {
  test('an even stack says nothing, whatever its spacing and direction', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 60 }),
        fc.double({ min: 0.2, max: 10, noNaN: true }),
        fc.boolean(),
        (count, gap, down) => {
          const places = Array.from({ length: count }, (_, at) => at * gap * (down ? -1 : 1));
          expect(stackMarks(stack(places))).toEqual([]);
        },
      ),
    );
  });
  test('slices that are missing are counted and named', () => {
    const places = Array.from({ length: 20 }, (_, at) => at * 5);
    expect(stackMarks(stack(places.filter((_, at) => at !== 7)))).toEqual(['1 slice missing, after 7']);
    expect(stackMarks(stack(places.filter((_, at) => at !== 7 && at !== 8 && at !== 15)))).toEqual([
      '3 slices missing, after 7, 13',
    ]);
  });
  test('slices unevenly apart are told with both distances', () => {
    expect(stackMarks(stack([0, 1, 2, 3, 8, 13, 18, 23]))).toEqual(['slices unevenly apart: 1.0 to 5.0 mm']);
  });
  test('phases at the same places are no gaps', () => {
    expect(stackMarks(stack([0, 5, 10, 15, 0, 5, 10, 15]))).toEqual([]);
  });
});

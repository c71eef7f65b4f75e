import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edgeLetters, oppositeLetters, type ScreenAxes, vectorLetters } from './orientation.ts';
import { pixelSize } from './pixel-size.ts';
import { describeSeries } from './study-metadata.ts';
import type { Orientation, Point } from './types.ts';
import { fullWindow, storedRange, windowRange } from './window.ts';

const axial: Orientation = { kind: 'cosines', row: [1, 0, 0], column: [0, 1, 0] };
const upright: ScreenAxes = { alongRow: [2, 0], alongColumn: [0, 2] };

/** The turns of the viewer, as it draws them: flip first, then rotation clockwise (screen y points down). */
function turned(axes: ScreenAxes, turn: 'horizontal' | 'vertical' | 'clockwise'): ScreenAxes {
  const move = ([x, y]: Point): Point => (turn === 'horizontal' ? [-x, y] : turn === 'vertical' ? [x, -y] : [-y, x]);
  return { alongRow: move(axes.alongRow), alongColumn: move(axes.alongColumn) };
}

describe('orientation letters', () => {
  test('an axial slice as acquired: patient’s right is on the left', () => {
    expect(edgeLetters(axial, upright)).toEqual({ top: 'A', right: 'L', bottom: 'P', left: 'R' });
  });
  test('flipped left and right', () => {
    expect(edgeLetters(axial, turned(upright, 'horizontal'))).toEqual({ top: 'A', right: 'R', bottom: 'P', left: 'L' });
  });
  test('flipped up and down', () => {
    expect(edgeLetters(axial, turned(upright, 'vertical'))).toEqual({ top: 'P', right: 'L', bottom: 'A', left: 'R' });
  });
  test('turned clockwise: what was left is on top', () => {
    expect(edgeLetters(axial, turned(upright, 'clockwise'))).toEqual({ top: 'R', right: 'A', bottom: 'L', left: 'P' });
  });
  test('a coronal and a sagittal', () => {
    const coronal: Orientation = { kind: 'cosines', row: [1, 0, 0], column: [0, 0, -1] };
    const sagittal: Orientation = { kind: 'cosines', row: [0, 1, 0], column: [0, 0, -1] };
    expect(edgeLetters(coronal, upright)).toEqual({ top: 'H', right: 'L', bottom: 'F', left: 'R' });
    expect(edgeLetters(sagittal, upright)).toEqual({ top: 'H', right: 'P', bottom: 'F', left: 'A' });
  });
  test('a mammogram names its directions by letters', () => {
    const mammogram: Orientation = { kind: 'letters', row: 'P', column: 'FL' };
    expect(edgeLetters(mammogram, upright)).toEqual({ top: 'HR', right: 'P', bottom: 'FL', left: 'A' });
    expect(edgeLetters(mammogram, turned(upright, 'horizontal')).right).toBe('A');
  });
  test('an oblique names both directions, the larger first', () => {
    expect(vectorLetters([0.5, 0.86, 0])).toBe('PL');
    expect(vectorLetters([0, 0, 0])).toBe('');
  });
  test('without orientation no letter is invented', () => {
    expect(edgeLetters({ kind: 'none' }, upright)).toEqual({ top: '', right: '', bottom: '', left: '' });
  });
  test('after any turns, facing edges stay opposite, and undoing the turns brings the letters back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('horizontal' as const, 'vertical' as const, 'clockwise' as const), { maxLength: 8 }),
        (turns) => {
          const after = turns.reduce(turned, upright);
          const letters = edgeLetters(axial, after);
          expect(oppositeLetters(letters.left)).toBe(letters.right);
          expect(oppositeLetters(letters.top)).toBe(letters.bottom);
          const back = [...turns]
            .reverse()
            .reduce(
              (axes, turn) =>
                turn === 'clockwise' ? turned(turned(turned(axes, turn), turn), turn) : turned(axes, turn),
              after,
            );
          expect(edgeLetters(axial, back)).toEqual(edgeLetters(axial, upright));
        },
      ),
    );
  });
});

describe('windows', () => {
  test('the linear window of PS3.3 C.11.2.1.2.1', () => {
    expect(windowRange({ center: 40, width: 400 })).toEqual({ lower: -160, upper: 239 });
    expect(windowRange({ center: 2048, width: 4096 })).toEqual({ lower: 0, upper: 4095 });
    expect(windowRange(fullWindow(0, 255))).toEqual({ lower: 0, upper: 255 });
  });
  test('in stored values, through the rescale, also a negative one', () => {
    expect(storedRange({ center: 40, width: 400 }, { slope: 1, intercept: -1024 })).toEqual({
      lower: 864,
      upper: 1263,
      turned: false,
    });
    expect(storedRange({ center: 50, width: 101 }, { slope: -2, intercept: 100 })).toMatchObject({
      lower: 0.25,
      upper: 50.25,
      turned: true,
    });
  });
});

const ds = (vr: string, ...Value: unknown[]) => ({ vr, Value });

describe('what a pixel measures', () => {
  test.each([
    ['CT', { '00280030': ds('DS', 0.7, 0.8) }, { kind: 'patient', row: 0.7, column: 0.8 }],
    ['DX', { '00181164': ds('DS', 0.139, 0.139) }, { kind: 'detector', row: 0.139, column: 0.139 }],
    [
      'DX',
      { '00280030': ds('DS', 0.139, 0.139), '00181164': ds('DS', 0.139, 0.139) },
      { kind: 'detector', row: 0.139, column: 0.139 },
    ],
    [
      'DX',
      { '00280030': ds('DS', 0.12, 0.12), '00181164': ds('DS', 0.139, 0.139) },
      { kind: 'calibrated', row: 0.12, column: 0.12, by: null },
    ],
    [
      'CR',
      { '00280030': ds('DS', 0.1, 0.1), '00280A02': ds('CS', 'FIDUCIAL') },
      { kind: 'calibrated', row: 0.1, column: 0.1, by: 'FIDUCIAL' },
    ],
    ['CR', { '00280030': ds('DS', 0.1, 0.1) }, { kind: 'detector', row: 0.1, column: 0.1 }],
    ['CT', { '00280030': ds('DS', 0, -1) }, { kind: 'unknown' }],
    ['CT', { '00280030': ds('DS', 'NaN', '0.5') }, { kind: 'unknown' }],
    ['OT', {}, { kind: 'unknown' }],
  ])('%s %j is %j', (modality, data, size) => {
    expect(pixelSize(data, null, modality)).toEqual(size);
  });
  test('ultrasound by its regions, only where all agree and lie in the image', () => {
    const size = { '00280010': ds('US', 480), '00280011': ds('US', 640) };
    const region = (delta: number, right = 600) => ({
      '00186012': ds('US', 1),
      '00186018': ds('UL', 20),
      '0018601A': ds('UL', 10),
      '0018601C': ds('UL', right),
      '0018601E': ds('UL', 400),
      '00186024': ds('US', 3),
      '00186026': ds('US', 3),
      '0018602C': ds('FD', delta),
      '0018602E': ds('FD', delta),
    });
    expect(pixelSize({ ...size, '00186011': ds('SQ', region(0.02)) }, null, 'US')).toEqual({
      kind: 'region',
      row: 0.2,
      column: 0.2,
    });
    const two = ds('SQ', region(0.02), region(0.04));
    expect(pixelSize({ ...size, '00186011': two }, null, 'US')).toEqual({ kind: 'unknown' });
    // Made for a larger image than the one that came: its scale is not this image's.
    const unfit = ds('SQ', region(0.02, 900));
    expect(pixelSize({ ...size, '00186011': unfit }, null, 'US')).toEqual({ kind: 'unknown' });
  });
});

describe('a series', () => {
  const origin = { archive: 'pacs', epoch: 7, studyUid: '1.2.3' };
  const slice = (number: number, z: number, change: object = {}) => ({
    '0020000D': ds('UI', '1.2.3'),
    '0020000E': ds('UI', '1.2.3.4'),
    '00080018': ds('UI', `1.2.3.4.${number}`),
    '00080060': ds('CS', 'CT'),
    '00200013': ds('IS', number),
    '00280010': ds('US', 4),
    '00280011': ds('US', 4),
    '00200032': ds('DS', 0, 0, z),
    '00200037': ds('DS', 1, 0, 0, 0, 1, 0),
    ...change,
  });
  test('is ordered by place, from the end at which the numbers begin', () => {
    const series = describeSeries(origin, '1.2.3.4', [slice(1, 50), slice(3, 45), slice(2, 40), slice(10, -5)], {});
    expect(series.frames.map((frame) => frame.position?.[2])).toEqual([50, 45, 40, -5]);
  });
  test('phases at one place are ordered by number', () => {
    const series = describeSeries(origin, '1.2.3.4', [slice(10, 0), slice(2, 0), slice(9, 5)], {});
    expect(series.frames.map((frame) => frame.instanceNumber)).toEqual([2, 9, 10]);
  });
  test('takes nothing of another study or series, whatever the archive sends', () => {
    const foreign = slice(2, 5, { '0020000D': ds('UI', '9.9.9') });
    const other = slice(3, 5, { '0020000E': ds('UI', '9.9.9') });
    expect(describeSeries(origin, '1.2.3.4', [slice(1, 0), foreign, other], {}).frames).toHaveLength(1);
  });
  test('frames of one instance are slices, and every image id names the epoch', () => {
    const series = describeSeries(
      origin,
      '1.2.3.4',
      [slice(1, 0, { '00280008': ds('IS', 30), '00181063': ds('DS', 33.3) })],
      {},
    );
    expect(series.frames).toHaveLength(30);
    expect(series.frames[29]?.imageId).toBe('overread:pacs/7/1.2.3/1.2.3.4.1/30');
    expect(series.frameTime).toBe(33.3);
  });
  test.each([
    ['SR', 'Structured report'],
    ['PR', 'Presentation state'],
    ['SEG', 'Segmentation'],
    ['KO', 'Key object selection'],
  ])('%s is listed as %s and shows no image', (modality, words) => {
    const series = describeSeries(origin, '1.2.3.4', [slice(1, 0, { '00080060': ds('CS', modality) })], {});
    expect([series.frames.length, series.notShown]).toEqual([0, words]);
  });
  test('metadata that is nonsense is left out without harm', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.constantFrom('0020000D', '00280010', '00200037', '52009230'), fc.jsonValue()), {
          maxLength: 5,
        }),
        (rows) => {
          expect(describeSeries(origin, '1.2.3.4', rows as never, {}).frames).toEqual([]);
        },
      ),
    );
  });
});

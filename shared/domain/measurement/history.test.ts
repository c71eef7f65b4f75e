import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CaseMarks,
  changed,
  type EarlierMeasurement,
  freshHistory,
  growthOf,
  type ImageMeasurement,
  mergeMarks,
  nextNumber,
  noMarks,
  redone,
  reportText,
  samePlace,
  uidOfUuid,
  undone,
} from './index.ts';

const place = { studyUid: '1.2', seriesUid: '1.2.3', instanceUid: '1.2.3.4', frame: 1, frameOfReferenceUid: null };
const mark = (number: number, change: Partial<ImageMeasurement> = {}): ImageMeasurement => ({
  id: `mark-${number}`,
  number,
  kind: 'length',
  place,
  points: [
    [0, 0],
    [0, number],
  ],
  label: '',
  trackingUid: '2.25.1',
  spacing: { source: 'patient', row: 1, column: 1 },
  quantities: [{ name: 'length', value: number, unit: 'mm' }],
  ...change,
});
const marks = (...numbers: readonly number[]): CaseMarks => ({
  measurements: numbers.map((number) => mark(number)),
  keyImages: [],
});

describe('undo and redo', () => {
  test('undoing all steps and redoing them brings back what was there', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 30 }), (steps) => {
        const states = steps.map((one, at) => marks(one, at));
        const after = states.reduce(changed, freshHistory);
        expect(after.present).toBe(states.at(-1) ?? noMarks);
        const back = states.reduce(undone, after);
        expect(back.present).toBe(noMarks);
        expect(undone(back)).toBe(back);
        const again = states.reduce(redone, back);
        expect(again.present).toBe(after.present);
        expect(redone(again)).toBe(again);
      }),
    );
  });
  test('a new step after undoing forgets what was taken back', () => {
    const history = changed(undone(changed(changed(freshHistory, marks(1)), marks(1, 2))), marks(3));
    expect(history.future).toEqual([]);
    expect(undone(history).present).toEqual(marks(1));
  });
  test('the same value is no step', () => {
    const history = changed(freshHistory, marks(1));
    expect(changed(history, history.present)).toBe(history);
  });
});

describe('marks of two sources', () => {
  test('own marks stand before those of the draft, and none is lost or doubled', () => {
    const own: CaseMarks = { measurements: [mark(2, { label: 'moved' })], keyImages: [] };
    const kept: CaseMarks = { measurements: [mark(1), mark(2)], keyImages: [{ id: 'key', place }] };
    const both = mergeMarks(own, kept);
    expect(both.measurements.map((one) => [one.id, one.label])).toEqual([
      ['mark-1', ''],
      ['mark-2', 'moved'],
    ]);
    expect(both.keyImages).toHaveLength(1);
    expect(mergeMarks(both, kept)).toBe(both);
    expect(nextNumber(both)).toBe(3);
  });
  test('another frame, series or study is another place', () => {
    expect(samePlace(place, { ...place })).toBe(true);
    expect(samePlace(place, { ...place, frame: 2 })).toBe(false);
    expect(samePlace(place, { ...place, studyUid: '1.3' })).toBe(false);
  });
  test('a tracking UID is a UID that the standard allows', () => {
    expect(uidOfUuid('f81d4fae-7dec-11d0-a765-00a0c91e6bf6')).toBe('2.25.329800735698586629295641978511506172918');
  });
});

describe('growth', () => {
  const earlier = (change: Partial<EarlierMeasurement>): EarlierMeasurement => ({
    kind: 'length',
    quantities: [{ name: 'length', value: 8, unit: 'mm' }],
    trackingUid: '2.25.1',
    label: '',
    studyUid: '9.9',
    studyDate: '20260101',
    ...change,
  });
  test('is computed from the latest earlier study of the same lesion', () => {
    const growth = growthOf(mark(10), [
      earlier({ studyDate: '20250101', quantities: [{ name: 'length', value: 5, unit: 'mm' }] }),
      earlier({}),
      earlier({ trackingUid: '2.25.2', studyDate: '20260901' }),
    ]);
    expect(growth).toMatchObject({ difference: 2, percent: 25, studyDate: '20260101' });
  });
  test('pixels and millimetres do not compare, nor an angle and a length, nor the same study', () => {
    expect(growthOf(mark(10), [earlier({ quantities: [{ name: 'length', value: 8, unit: '{pixels}' }] })])).toBeNull();
    expect(growthOf(mark(10), [earlier({ kind: 'angle' })])).toBeNull();
    expect(growthOf(mark(10), [earlier({ studyUid: '1.2' })])).toBeNull();
  });
  test('the long axis of two diameters compares with a length', () => {
    expect(
      growthOf(mark(10), [
        earlier({ kind: 'bidirectional', quantities: [{ name: 'long-axis', value: 4, unit: 'mm' }] }),
      ])?.percent,
    ).toBe(150);
  });
});

test('a label goes before the value in the report, and a text is not said twice', () => {
  expect(reportText(mark(48, { label: 'Segment VI' }))).toBe('Segment VI: 48.0 mm');
  expect(reportText(mark(1, { kind: 'text', label: 'Stent', quantities: [] }))).toBe('Stent');
});

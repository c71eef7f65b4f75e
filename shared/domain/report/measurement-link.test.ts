import { describe, expect, test } from 'vitest';
import type { CaseMarks, ImageMeasurement } from '../measurement/index.ts';
import { type Draft, draftFrom, type Measurement, measurementLink, withUpdatedMeasurement } from './index.ts';

const mark: ImageMeasurement = {
  id: 'm',
  number: 1,
  kind: 'length',
  place: { studyUid: '1.2', seriesUid: '1.2.3', instanceUid: '1.2.3.4', frame: 1, frameOfReferenceUid: null },
  points: [
    [0, 0],
    [48, 0],
  ],
  label: '',
  trackingUid: '2.25.1',
  spacing: { source: 'patient', row: 1, column: 1 },
  quantities: [{ name: 'length', value: 48, unit: 'mm' }],
};
const inserted: Measurement = {
  id: 'm',
  studyUid: '1.2',
  seriesUid: '1.2.3',
  instanceUid: '1.2.3.4',
  frame: 1,
  tool: 'length',
  text: '48.0 mm',
  value: 48,
  unit: 'mm',
};
const marksOf = (change: Partial<ImageMeasurement>): CaseMarks => ({
  measurements: [{ ...mark, ...change }],
  keyImages: [],
});
const longer = marksOf({ quantities: [{ name: 'length', value: 52, unit: 'mm' }] });

describe('a number in the report and its drawing', () => {
  test('agree until the drawing changes, is named otherwise or is taken away', () => {
    expect(measurementLink(inserted, marksOf({})).kind).toBe('same');
    expect(measurementLink(inserted, longer)).toMatchObject({ kind: 'changed', now: { text: '52.0 mm', value: 52 } });
    expect(measurementLink(inserted, marksOf({ label: 'Cyst' }))).toMatchObject({
      kind: 'changed',
      now: { text: 'Cyst: 48.0 mm' },
    });
    expect(measurementLink(inserted, { measurements: [], keyImages: [] }).kind).toBe('gone');
    expect(measurementLink(inserted, undefined).kind).toBe('unknown');
  });

  const draft = (findings: string, impression = ''): Draft => {
    const fresh = draftFrom(
      { clinicalInformation: '', technique: '', comparison: '' } as never,
      { taskId: 't', studyUid: '1.2', readerId: 'r', now: 0 } as never,
    );
    return {
      ...fresh,
      sections: { ...fresh.sections, '59776-5': findings, '19005-8': impression },
      measurements: [inserted],
    };
  };
  const now = { ...inserted, text: '52.0 mm', value: 52 };

  test('the new words take the place of the old ones where those stand once', () => {
    const updated = withUpdatedMeasurement(draft('A cyst of 48.0 mm, simple.'), now);
    expect(updated?.sections['59776-5']).toBe('A cyst of 52.0 mm, simple.');
    expect(updated?.measurements).toEqual([now]);
  });
  test('where they stand twice, or were rewritten, no word is changed', () => {
    expect(withUpdatedMeasurement(draft('48.0 mm', 'Cyst, 48.0 mm.'), now)).toBeNull();
    expect(withUpdatedMeasurement(draft('A cyst of some 5 cm.'), now)).toBeNull();
  });
  test('words that look like a pattern are words', () => {
    const odd = { ...now, text: '$& $1 52.0 mm' };
    expect(withUpdatedMeasurement(draft('48.0 mm'), odd)?.sections['59776-5']).toBe('$& $1 52.0 mm');
  });
});

import { describe, expect, it } from 'vitest';
import { type Draft, type DraftField, draftFrom, type Measurement } from '../../../../shared/domain/report/index.ts';
import { instant } from '../../../../shared/lib/instant.ts';
import { putMeasurement } from './put-measurement.ts';
import { sourceLine } from './source-line.ts';

const findings = { kind: 'section', code: '59776-5', exam: null } as const;
const measurement = { id: 'm1', text: '48.0 mm', value: 48, unit: 'mm' } as Measurement;
const prefill = { clinicalInformation: 'Cough.', technique: '', comparison: '' };
const first = draftFrom(prefill, { taskId: 't', studyUid: '1.2', readerId: 'r', now: instant(0) });
const size: DraftField = {
  key: 'size',
  section: '59776-5',
  from: 10,
  to: 10,
  field: { id: 'size', name: 'Size', kind: 'measurement', required: true, unit: 'mm' },
  state: 'empty',
};
const draft: Draft = {
  ...first,
  sections: { ...first.sections, '59776-5': 'A mass of  in the liver.' },
  fields: [size],
};

describe('a measurement that is put in', () => {
  it('fills the field that the caret is in, and is marked as taken from the images', () => {
    const put = putMeasurement(draft, findings, measurement, 10, { inside: 'size', past: null });
    expect(put.draft.sections['59776-5']).toBe('A mass of 48.0 mm in the liver.');
    expect(put.draft.fields?.[0]).toMatchObject({ from: 10, to: 17, state: 'filled' });
    expect(put.draft.sourced?.at(-1)).toMatchObject({ from: 10, to: 17, words: 'from the images', value: '48.0 mm' });
    expect(put.caret).toBe(17);
    expect(put.draft.measurements).toEqual([measurement]);
  });
  it('goes to the end where nobody has been, once more is marked twice and listed once', () => {
    const once = putMeasurement(draft, findings, measurement, null);
    const twice = putMeasurement(once.draft, findings, measurement, null);
    expect(twice.draft.sections['59776-5']).toBe('A mass of  in the liver. 48.0 mm 48.0 mm');
    const marks = (twice.draft.sourced ?? []).filter((one) => one.source === 'measurement');
    expect(new Set(marks.map((one) => one.key)).size).toBe(2);
    expect(twice.draft.measurements).toHaveLength(1);
    expect(twice.draft.fields?.[0]).toMatchObject({ from: 10, to: 10, state: 'empty' });
  });
  it('in an addendum is words alone', () => {
    const put = putMeasurement({ ...draft, kind: 'addendum' }, { kind: 'addendum' }, measurement, null);
    expect(put.draft.addendum).toBe('48.0 mm');
    expect(put.draft.sourced).toEqual(first.sourced);
  });
});

describe('the head of a section', () => {
  const clinical = { kind: 'section', code: '55752-0', exam: null } as const;
  it('says where its words came from until they are touched', () => {
    const words = { text: 'Cough.', fields: [], sourced: first.sourced ?? [] };
    expect(sourceLine(first.sourced, clinical, words, prefill)).toEqual({ words: 'from the order', whole: true });
    expect(sourceLine(first.sourced, clinical, { ...words, sourced: [] }, prefill)).toBeNull();
    expect(sourceLine(first.sourced, clinical, { ...words, text: 'Old cough. Cough.' }, prefill)?.whole).toBe(false);
  });
  it('of a draft from before sources were kept says so while the words are those of the source', () => {
    const words = { text: 'Cough.', fields: [], sourced: [] };
    expect(sourceLine(undefined, clinical, words, prefill)).toEqual({ words: 'from the order', whole: true });
    expect(sourceLine(undefined, clinical, { ...words, text: 'Cough' }, prefill)).toBeNull();
  });
});

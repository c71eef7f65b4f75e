import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import {
  type Draft,
  type DraftField,
  draftFrom,
  emptyHistory,
  fieldBeside,
  insertMeasurement,
  keepOwnWords,
  keepSpans,
  openRequiredFields,
  recordEdit,
  redoEdit,
  sameDraftWords,
  staleWords,
  takeSourceWords,
  undoEdit,
  withWords,
  wordsAt,
  wordsOfDraft,
} from './index.ts';

const prefill = { clinicalInformation: 'Cough.', technique: 'CT chest.', comparison: '' };
const facts = { taskId: 't', studyUid: '1.2', readerId: 'r', now: instant(0) };
const first = draftFrom(prefill, facts);
const findings = { kind: 'section', code: '59776-5', exam: null } as const;
const impression = { kind: 'section', code: '19005-8', exam: null } as const;
const size: DraftField = {
  key: 'size',
  section: '59776-5',
  from: 10,
  to: 10,
  field: { id: 'size', name: 'Size', kind: 'measurement', required: true, unit: 'mm' },
  state: 'empty',
};
const withFindings = (text: string, fields: readonly DraftField[]): Draft => ({
  ...first,
  sections: { ...first.sections, '59776-5': text },
  fields,
});
const writes = (draft: Draft, code: '59776-5' | '19005-8', text: string): Draft =>
  keepSpans(draft, { ...draft, sections: { ...draft.sections, [code]: text } });

describe('a first draft', () => {
  it('says of the words that it holds where they came from', () => {
    expect(first.sourced?.map(({ section, words, value }) => [section, words, value])).toEqual([
      ['55752-0', 'from the order', 'Cough.'],
      ['55111-9', 'from the images', 'CT chest.'],
    ]);
  });
});

describe('words that came from elsewhere', () => {
  const one = first.sourced?.[0];
  it('are stale once their source says something else, and are not changed by it', () => {
    if (one === undefined) throw new Error('nothing came from the order');
    expect(staleWords(one, prefill)).toBeNull();
    expect(staleWords(one, { ...prefill, clinicalInformation: 'Cough, fever.' })).toBe('Cough, fever.');
    // Nothing that is known is nothing new.
    expect(staleWords(one, { ...prefill, clinicalInformation: '' })).toBeNull();
  });
  it('are replaced by the new ones when the reader takes them, and marked as those', () => {
    const taken = takeSourceWords(first, 'prefill-55752-0', 'Cough, fever.');
    expect(taken?.sections['55752-0']).toBe('Cough, fever.');
    expect(taken?.sourced?.[0]).toMatchObject({ from: 0, to: 13, value: 'Cough, fever.' });
    expect(takeSourceWords(first, 'none', 'x')).toBeNull();
  });
  it('are her own when she keeps them', () => {
    expect(keepOwnWords(first, 'prefill-55752-0').sourced).toHaveLength(1);
  });
  it('behind words of hers are taken in their place alone', () => {
    const edited = keepSpans(first, { ...first, sections: { ...first.sections, '55752-0': 'Smoker. Cough.' } });
    expect(takeSourceWords(edited, 'prefill-55752-0', 'Fever.')?.sections['55752-0']).toBe('Smoker. Fever.');
  });
});

describe('a change that knows nothing of fields', () => {
  const draft = withFindings('A mass of  in the liver.', [size]);
  it('leaves them where their words are: a measurement put in before a field', () => {
    const put = insertMeasurement(draft.sections['59776-5'], '48.0 mm', 0);
    const now = writes(draft, '59776-5', put.text);
    expect(now.fields?.[0]).toMatchObject({ from: 18, to: 18, state: 'empty' });
  });
  it('never leaves one outside the text: words of another draft in its place', () => {
    const now = writes(draft, '59776-5', 'X');
    expect(wordsAt(now, findings).fields).toEqual(now.fields);
    expect(now.fields?.[0]?.to).toBeLessThanOrEqual(1);
  });
  it('takes away those of an exam that is no part of the report any more', () => {
    const other = { ...size, exam: '9.9' };
    expect(keepSpans(draft, { ...draft, fields: [size, other] }).fields).toEqual([size]);
  });
});

describe('a required field', () => {
  const draft = withFindings('A mass of  in the liver.', [size]);
  it('is open until it is filled, and fields of an addendum are none', () => {
    expect(openRequiredFields(draft)).toEqual([size]);
    expect(openRequiredFields({ ...draft, kind: 'addendum' })).toEqual([]);
    const filled = withWords(draft, findings, {
      text: 'A mass of 6 mm in the liver.',
      fields: [{ ...size, to: 14, state: 'filled' }],
      sourced: [],
    });
    expect(openRequiredFields(filled)).toEqual([]);
  });
});

describe('the next field', () => {
  const next: DraftField = { ...size, key: 'next', section: '19005-8', from: 0, to: 0 };
  const draft = withFindings('A mass of  in the liver.', [size, next]);
  it('is the first behind the caret, over the borders of sections', () => {
    expect(fieldBeside(draft, null, 1)?.field.key).toBe('size');
    expect(fieldBeside(draft, { place: findings, at: 0, key: null }, 1)?.field.key).toBe('size');
    expect(fieldBeside(draft, { place: findings, at: 12, key: null }, 1)?.field.key).toBe('next');
    expect(fieldBeside(draft, { place: findings, at: 10, key: 'size' }, 1)?.field.key).toBe('next');
    expect(fieldBeside(draft, { place: impression, at: 0, key: 'next' }, 1)).toBeNull();
    expect(fieldBeside(draft, { place: impression, at: 0, key: 'next' }, -1)?.field.key).toBe('size');
    expect(fieldBeside(draft, { place: findings, at: 12, key: null }, -1)?.field.key).toBe('size');
    expect(fieldBeside(draft, { place: findings, at: 5, key: null }, -1)).toBeNull();
  });
});

describe('undo', () => {
  it('goes back through edits in the order made, over the borders of sections, and forth again', () => {
    const one = writes(first, '59776-5', 'Nodule.');
    const two = writes(one, '19005-8', 'Benign.');
    const three = {
      ...two,
      measurements: [{ id: 'm' } as never],
      sections: { ...two.sections, '59776-5': 'Nodule. 6 mm' },
    };
    let history = recordEdit(emptyHistory, first, one, 0);
    history = recordEdit(history, one, two, 100);
    history = recordEdit(history, two, three, 200);
    const back = undoEdit(history);
    expect(back?.words).toEqual(wordsOfDraft(two));
    expect(back?.caret?.place).toEqual(findings);
    const further = undoEdit(back?.history ?? emptyHistory);
    expect(further?.words).toEqual(wordsOfDraft(one));
    expect(further?.caret).toEqual({ place: impression, at: 0 });
    expect(redoEdit(further?.history ?? emptyHistory)?.words).toEqual(wordsOfDraft(two));
    expect(sameDraftWords(undoEdit(further?.history ?? emptyHistory)?.words ?? two, first)).toBe(true);
    expect(undoEdit(emptyHistory)).toBeNull();
  });
  it('takes what was typed in one go as one, and what was typed after a pause or elsewhere as another', () => {
    let history = emptyHistory;
    let draft = first;
    const type = (text: string, at: number): void => {
      const next = writes(draft, '59776-5', text);
      history = recordEdit(history, draft, next, at);
      draft = next;
    };
    type('N', 0);
    type('No', 200);
    type('No ', 400);
    expect(history.done).toHaveLength(1);
    type('No m', 3_000);
    type('No ma', 3_100);
    expect(history.done).toHaveLength(2);
    type('No m', 3_200);
    expect(history.done).toHaveLength(3);
    expect(undoEdit(history)?.words.sections['59776-5']).toBe('No ma');
  });
  it('ends what could be done again as soon as something else is written', () => {
    const one = writes(first, '59776-5', 'A');
    const back = undoEdit(recordEdit(emptyHistory, first, one, 0));
    expect(recordEdit(back?.history ?? emptyHistory, first, writes(first, '19005-8', 'B'), 9_000).undone).toEqual([]);
  });
});

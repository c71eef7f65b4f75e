import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import { draftFrom, sameAsLastTime, wordsAt } from './index.ts';

const prefill = { clinicalInformation: '', technique: '', comparison: '' };
const draft = draftFrom(prefill, { taskId: 't', studyUid: '1.2', readerId: 'r', now: instant(0) });
const last = {
  exam: 'CT chest',
  date: '2026-08-18',
  sections: [
    { title: 'Technique', text: 'CT.' },
    { title: 'Findings', text: 'Nodule at the left apex, 6 mm.\n\nUnchanged since 2025-01-02: no effusion.\n' },
    { title: 'Impression', text: 'Benign.' },
  ],
};
const findings = { kind: 'section', code: '59776-5', exam: null } as const;

describe('same as last time', () => {
  it('drafts comparison and findings, each line marked as from that report until it is touched', () => {
    const same = sameAsLastTime(draft, last);
    if (same === null) throw new Error('nothing was drafted');
    expect(same.sections['18834-2']).toBe('CT chest, 2026-08-18.');
    expect(same.sections['59776-5']).toBe(
      'Unchanged since 2026-08-18: Nodule at the left apex, 6 mm.\nUnchanged since 2026-08-18: no effusion.',
    );
    expect(same.sections['19005-8']).toBe('');
    const { text, sourced } = wordsAt(same, findings);
    expect(sourced.map((one) => [text.slice(one.from, one.to), one.source, one.words])).toEqual([
      [text.split('\n')[0], 'prior-report', 'from the report of 2026-08-18'],
      [text.split('\n')[1], 'prior-report', 'from the report of 2026-08-18'],
    ]);
    expect(new Set(same.sourced?.map((one) => one.key)).size).toBe(3);
  });
  it('adds to what is written and never writes a line twice; the comparison that stands stays', () => {
    const written = {
      ...draft,
      sections: { ...draft.sections, '59776-5': 'New effusion.', '18834-2': 'None of the chest.' },
    };
    const same = sameAsLastTime(written, last);
    expect(same?.sections['59776-5'].split('\n')[0]).toBe('New effusion.');
    expect(same?.sections['59776-5'].split('\n')).toHaveLength(3);
    expect(same?.sections['18834-2']).toBe('None of the chest.');
    expect(same === null ? null : sameAsLastTime(same, last)).toBeNull();
  });
  it('takes the impression of a report without findings, and nothing of one without either', () => {
    const short = { ...last, sections: [{ title: 'IMPRESSION', text: 'No nodule.' }] };
    expect(sameAsLastTime(draft, short)?.sections['59776-5']).toBe('Unchanged since 2026-08-18: No nodule.');
    expect(sameAsLastTime(draft, { ...last, sections: [] })).toBeNull();
    expect(sameAsLastTime({ ...draft, kind: 'addendum' }, last)).toBeNull();
  });
});

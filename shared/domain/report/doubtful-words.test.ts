import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import { type Draft, doubtsAt, draftFrom, keepDoubts, withDoubts } from './index.ts';

const findings = { kind: 'section', code: '59776-5', exam: null } as const;
const addendum = { kind: 'addendum' } as const;
const first = draftFrom(
  { clinicalInformation: '', technique: '', comparison: '' },
  { taskId: 't', studyUid: '1.2', readerId: 'r', now: instant(0) },
);
const written = (text: string): Draft => ({ ...first, sections: { ...first.sections, '59776-5': text } });
const left = { from: 12, to: 16, words: 'left', grave: true };
const heard = withDoubts(written('Fracture of left wrist.'), findings, [left]);
const change = (before: Draft, text: string): Draft =>
  keepDoubts(before, { ...before, sections: { ...before.sections, '59776-5': text } });

describe('words that were not heard well', () => {
  it('stay doubtful in the draft: what is read from it again says so', () => {
    const again = JSON.parse(JSON.stringify(heard)) as Draft;
    expect(doubtsAt(again, findings)).toEqual([left]);
    expect(doubtsAt(again, addendum)).toEqual([]);
  });

  it('move with words put in before them, by a macro too, and stay with words behind them', () => {
    expect(doubtsAt(change(heard, 'CT. Fracture of left wrist.'), findings)).toEqual([{ ...left, from: 16, to: 20 }]);
    expect(doubtsAt(change(heard, 'Fracture of the left wrist.'), findings)).toEqual([{ ...left, from: 16, to: 20 }]);
    expect(doubtsAt(change(heard, 'Fracture of left wrist. No dislocation.'), findings)).toEqual([left]);
  });

  it('are no longer doubtful once they are touched', () => {
    expect(doubtsAt(change(heard, 'Fracture of right wrist.'), findings)).toEqual([]);
    expect(doubtsAt(change(heard, 'Fracture of wrist.'), findings)).toEqual([]);
    // The same word written anew at the same place is her own.
    expect(doubtsAt(change(change(heard, 'Fracture of wrist.'), 'Fracture of left wrist.'), findings)).toEqual([]);
  });

  it('of one text are replaced without those of another', () => {
    const both = withDoubts({ ...heard, addendum: 'No change.' }, addendum, [
      { from: 0, to: 2, words: 'No', grave: true },
    ]);
    expect(doubtsAt(withDoubts(both, findings, []), addendum)).toHaveLength(1);
    expect(doubtsAt(withDoubts(both, findings, []), findings)).toEqual([]);
    expect(withDoubts(first, findings, [])).toBe(first);
  });

  it('are where their words stand after any change, or gone', () => {
    fc.assert(
      fc.property(fc.nat(23), fc.nat(23), fc.string({ maxLength: 8 }), (one, other, put) => {
        const text = heard.sections['59776-5'];
        const [from, to] = one < other ? [one, other] : [other, one];
        const next = change(heard, text.slice(0, from) + put + text.slice(to));
        for (const doubt of next.doubtful ?? [])
          expect(next.sections['59776-5'].slice(doubt.from, doubt.to)).toBe(doubt.words);
      }),
    );
  });
});

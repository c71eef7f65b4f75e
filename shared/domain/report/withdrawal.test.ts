import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instant } from '../../lib/instant.ts';
import { carryWords, type OfferedWords, wordsToCarry } from './carried-words.ts';
import type { Draft, ReleaseKind, ReportContent, ReportVersion } from './report.ts';
import { mayRelease, stateAfter } from './report-moves.ts';
import { emptySections } from './report-text.ts';
import { mayWithdraw, withdrawnSections } from './withdrawal.ts';
import { type StepStanding, withdrawalStanding } from './withdrawal-standing.ts';

const version = (kind: ReleaseKind, signerId: string, more: Partial<ReportVersion> = {}) => ({
  kind,
  state: stateAfter(kind),
  returned: null,
  content: { signer: { id: signerId, name: `Dr ${signerId}`, npi: null } } as ReportContent,
  ...more,
});

describe('who may take a report back', () => {
  const resident = version('preliminary', 'resident');
  const attending = version('final', 'attending');
  it.each([
    ['its signer', { id: 'attending', role: 'radiologist' }, 'yes'],
    ['the signer of its preliminary', { id: 'resident', role: 'radiologist' }, 'yes'],
    ['a lead', { id: 'somebody', role: 'lead' }, 'yes'],
    ['another reader', { id: 'somebody', role: 'radiologist' }, 'not-hers'],
    ['a QA reviewer', { id: 'somebody', role: 'qa' }, 'not-hers'],
  ])('%s: %s', (_who, person, answer) => {
    const may = mayWithdraw(person, [resident, attending]);
    expect(may.ok ? 'yes' : may.error.code).toBe(answer);
  });

  it('nobody, while nothing is out, and nobody twice', () => {
    const lead = { id: 'lead', role: 'lead' };
    expect(mayWithdraw(lead, [])).toMatchObject({ error: { code: 'nothing-released' } });
    const waits = version('final', 'attending', { state: 'signed-not-released' });
    expect(mayWithdraw(lead, [waits])).toMatchObject({ error: { code: 'nothing-released' } });
    expect(mayWithdraw(lead, [attending, version('withdrawal', 'attending')])).toMatchObject({
      error: { code: 'withdrawn-already' },
    });
  });
});

describe('any history of released versions', () => {
  it('has no preliminary after a final, one final at most, and nothing after a withdrawal', () => {
    const kinds: readonly ReleaseKind[] = ['preliminary', 'final', 'addendum', 'correction', 'withdrawal'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { maxLength: 30 }), (presses) => {
        const out: ReleaseKind[] = [];
        for (const kind of presses) {
          const last = out.at(-1);
          if (mayRelease(last === undefined ? 'draft' : stateAfter(last), kind).ok) out.push(kind);
        }
        const final = out.indexOf('final');
        const withdrawn = out.indexOf('withdrawal');
        expect(out.filter((kind) => kind === 'final').length).toBeLessThanOrEqual(1);
        expect(out.filter((kind) => kind === 'preliminary').length).toBeLessThanOrEqual(1);
        if (final >= 0) expect(out.lastIndexOf('preliminary')).toBeLessThan(final);
        if (withdrawn >= 0) expect(withdrawn).toBe(out.length - 1);
        expect(out[0] ?? 'preliminary').toBeOneOf(['preliminary', 'final']);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the words of a withdrawn report', () => {
  it('say that it is none and why, and hold no line break of the reason', () => {
    const [section] = withdrawnSections('wrong-patient', 2, 'Dictated into\n the wrong  exam.');
    expect(section?.text.split('\n')).toEqual([
      'THIS REPORT IS WITHDRAWN. Its words were filed under the wrong patient. They say nothing of the patient named above.',
      'Do not use versions 1 to 2. There is no report of this exam until a new one is signed.',
      'Reason: Dictated into the wrong exam.',
    ]);
  });
});

describe('a withdrawal', () => {
  const told: readonly StepStanding[] = [
    { step: 'exam-again', state: 'done' },
    { step: 'lead-told', state: 'done' },
    { step: 'site-told', state: 'not-needed' },
    { step: 'right-report', state: 'open' },
  ];
  const record = { name: 'Patient record, FHIR', channel: 'record', state: 'filed' } as const;
  const results = { name: 'HL7 results, Larkspur', channel: 'hl7', state: 'accepted' } as const;
  it('is finished when every receiver has it, whether or not the right report is there yet', () => {
    expect(withdrawalStanding(true, [record, results], told)).toMatchObject({ finished: true, missing: [], open: [] });
  });
  it.each([
    ['while one receiver has it not', true, [record, { ...results, state: 'sent' as const }], told, /HL7 results/],
    ['while one refuses it', true, [record, { ...results, state: 'refused' as const }], told, /HL7 results/],
    ['while the archive has not been read back', true, [{ ...record, state: 'accepted' as const }], told, /FHIR/],
    ['while somebody is not told', true, [record], [{ step: 'lead-told', state: 'open' } as const], /every receiver/],
    ['before its release', false, [record], told, /no receiver/],
    ['where nobody knows its receivers', true, [], told, /Not known/],
  ])('is not finished %s', (_when, released, receivers, steps, words) => {
    const standing = withdrawalStanding(released, receivers, steps);
    expect(standing.finished).toBe(false);
    expect(standing.words).toMatch(words);
  });
});

describe('words that are carried to the right exam', () => {
  const offer: OfferedWords = {
    id: 'a'.repeat(64),
    under: 'LKG-12',
    sections: [
      { code: '55752-0', title: 'Clinical information', text: 'Fall, of the other patient.' },
      { code: '18834-2', title: 'Comparison', text: 'CT head of the other patient.' },
      { code: '59776-5', title: 'Findings', text: 'Left pneumothorax.\n\nNo effusion.' },
      { code: '19005-8', title: 'Impression', text: 'Left pneumothorax.' },
    ],
  };
  const draft: Draft = {
    taskId: 'rt-2',
    studyUid: '1.2.3',
    readerId: 'reader-1',
    kind: 'report',
    baseVersion: 0,
    revision: 0,
    sections: { ...emptySections(), '59776-5': 'Mine.' },
    addendum: '',
    reason: '',
    measurements: [],
    savedAt: instant(0) as Instant,
  };

  it('are findings and impression alone, behind what stands there, every line marked', () => {
    const carried = carryWords(draft, offer);
    expect(carried?.sections).toEqual({
      ...emptySections(),
      '59776-5': 'Mine.\nLeft pneumothorax.\n\nNo effusion.',
      '19005-8': 'Left pneumothorax.',
    });
    const marked = (carried?.sourced ?? []).map((one) => carried?.sections[one.section].slice(one.from, one.to));
    expect(marked).toEqual(['Left pneumothorax.', 'No effusion.', 'Left pneumothorax.']);
    expect(new Set(carried?.sourced?.map((one) => one.words))).toEqual(
      new Set(['carried from the report withdrawn under LKG-12']),
    );
  });

  it('are put in once, and never into an addendum', () => {
    const carried = carryWords(draft, offer);
    expect(carried === null ? null : carryWords(carried, offer)).toBeNull();
    expect(carryWords({ ...draft, kind: 'addendum' }, offer)).toBeNull();
    expect(wordsToCarry({ ...offer, sections: [] })).toEqual([]);
  });
});

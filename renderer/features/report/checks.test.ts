import { describe, expect, test } from 'vitest';
import type { CaseDetail } from '../../../shared/api/index.ts';
import type { CheckFinding, CheckPlace } from '../../../shared/domain/checks/index.ts';
import { noCoverage, notePainted } from '../../../shared/domain/coverage/index.ts';
import { type Draft, emptySections } from '../../../shared/domain/report/index.ts';
import { answerOfKey } from './checks-at-signing.tsx';
import { fieldNameOf } from './checks-caret.ts';
import { checkFacts } from './checks-facts.ts';
import { findingsAtSigning, type KeyedFinding, outcomesOf } from './use-checks.ts';

const detail = {
  context: { epoch: 3, studyUid: '1.2', accession: 'LKG-1' },
  order: {
    patient: { id: 'P1', issuer: 'LKG', name: 'QUILLFEATHER^OTTOLINE', birthDate: '19520309', sex: 'F' },
    procedure: { display: 'XR knee 3 views' },
    bodyPart: 'KNEE',
    laterality: 'L',
  },
  study: {
    studyUid: '1.2',
    description: 'KNEE',
    bodyPart: null,
    laterality: null,
    studyDate: '20261122',
    patient: { sex: 'F' },
  },
  identity: { grade: 'same', differences: [] },
  identityResolution: null,
  claim: { fencingToken: 1 },
  priors: [
    { study: { studyUid: '1.1', studyDate: '20250304' } },
    { study: { studyUid: '1.3', studyDate: '20261122' }, linked: 'LKG-2' },
  ],
} as unknown as CaseDetail;
const draftOf = (findings: string, impression: string, more: Partial<Draft> = {}): Draft =>
  ({
    studyUid: '1.2',
    kind: 'report',
    sections: { ...emptySections(), '59776-5': findings, '19005-8': impression },
    addendum: '',
    measurements: [],
    ...more,
  }) as unknown as Draft;
const coverage = {
  epoch: 3,
  coverage: { '1.2.1': notePainted(noCoverage('1.2', '1.2.1', ['a#1']), { place: 0, scale: 0.4, window: null }) },
  studies: [
    {
      studyUid: '1.2',
      series: ['AP', 'Lateral', 'Dose report'].map((name, at) => ({
        studyUid: '1.2',
        seriesUid: `1.2.${at + 1}`,
        name,
      })),
      breasts: [],
      whole: true,
    },
  ],
  from: 'images' as const,
};
const factsOf = (draft: Draft, more: Partial<Parameters<typeof checkFacts>[0]> = {}) =>
  checkFacts({ kind: 'final', draft, detail, comparisons: [], coverage, others: [], events: [], ...more });

describe('what the checks are told of a case', () => {
  test('series never shown and never shown pixel for pixel, without sheets and scouts', () => {
    const facts = factsOf(draftOf('', ''));
    expect([facts.seriesNotShown, facts.seriesNotFull]).toEqual([['Lateral'], ['AP']]);
    expect(factsOf(draftOf('', ''), { kind: 'addendum' }).seriesNotShown).toBeNull();
    expect(factsOf(draftOf('', ''), { coverage: { ...coverage, epoch: 2 } }).seriesNotShown).toBeNull();
  });

  test('priors without the exams that are read together, and whether a critical result was begun', () => {
    const facts = factsOf(draftOf('', ''), { events: [{ type: 'crit.identified' }] });
    expect(facts.priors?.found.map(({ studyUid }) => studyUid)).toEqual(['1.1']);
    expect(facts.criticalBegun).toBe(true);
    expect(factsOf(draftOf('', ''), { events: null }).criticalBegun).toBeNull();
  });

  test('sections of a report over several exams, each with its exam', () => {
    const other = {
      taskId: 't2',
      studyUid: '1.3',
      accession: 'LKG-2',
      exam: 'XR hip right',
      studyDate: null,
      texts: { '55111-9': '', '59776-5': 'Right hip is normal.', '19005-8': 'Normal hip.' },
    };
    const draft = draftOf('Left knee is normal.', 'Normal knee.', { together: [other] });
    const findings = findingsAtSigning(factsOf(draft), {});
    expect(findings.filter(({ finding }) => finding.severity === 'ask')).toEqual([]);
    const wrong = draftOf('Right knee is normal.', 'Normal knee.', { together: [other] });
    const asked = findingsAtSigning(factsOf(wrong), {}).find(({ finding }) => finding.severity === 'ask');
    expect(asked?.finding.rule).toBe('side-of-exam');
    expect(fieldNameOf(asked?.finding.at as CheckPlace, wrong)).toBe('Findings');
    expect(fieldNameOf({ section: '59776-5', exam: '1.3', from: 0, to: 0 }, wrong)).toBe('Findings, LKG-2');
  });
});

describe('a template in the draft', () => {
  const field = { id: 'size', name: 'Lesion size', kind: 'measurement' as const, required: true };
  const fieldAt = (state: 'empty' | 'filled') => [
    { key: 'k', section: '59776-5' as const, from: 0, to: 0, field, state },
  ];
  const sourced = (text: string) => [
    {
      key: 's',
      section: '59776-5' as const,
      from: 0,
      to: text.length,
      source: 'template' as const,
      words: '',
      value: '',
    },
  ];
  const rules = (draft: Draft): readonly string[] =>
    findingsAtSigning(factsOf(draft), {}).map(({ finding }) => finding.rule);

  test('a required field that is open stops; filled, or in an addendum, it does not', () => {
    expect(rules(draftOf('Lesion.', 'Lesion.', { fields: fieldAt('empty') }))).toContain('field-open');
    expect(rules(draftOf('Lesion.', 'Lesion.', { fields: fieldAt('filled') }))).not.toContain('field-open');
    const draft = draftOf('Lesion.', 'Lesion.', { fields: fieldAt('empty'), addendum: 'No change.' });
    expect(factsOf(draft, { kind: 'addendum' }).openFields).toEqual([]);
  });

  test('findings of which no word was touched are told, with one word of hers they are not', () => {
    const text = 'Normal knee.';
    expect(rules(draftOf(text, 'Normal.', { sourced: sourced(text) }))).toContain('section-untouched');
    expect(rules(draftOf(`${text} Effusion.`, 'Effusion.', { sourced: sourced(text) }))).not.toContain(
      'section-untouched',
    );
  });
});

describe('what is asked at signing', () => {
  const asked = findingsAtSigning(factsOf(draftOf('Right knee effusion. Free air.', 'As above.')), {});
  const ofRule = (rule: string): KeyedFinding => asked.find(({ finding }) => finding.rule === rule) as KeyedFinding;

  test('is answered by one key each, the first that is left before the others', () => {
    const side = ofRule('side-of-exam');
    expect(answerOfKey('1', asked, new Map())).toEqual({ key: side.key, reason: 'other-side-meant' });
    expect(answerOfKey('W', asked, new Map())).toEqual({ words: side.finding.at });
    expect(answerOfKey('9', asked, new Map())).toBeNull();
    expect(answerOfKey('Enter', asked, new Map())).toBeNull();
    const answered = new Map([[side.key, 'order-wrong']]);
    expect(answerOfKey('2', asked, answered)).toEqual({ key: ofRule('critical-words').key, reason: 'known' });
  });

  test('goes with the signature as rule and reason, and no word of the report', () => {
    const outcomes = outcomesOf(asked, new Map([[ofRule('side-of-exam').key, 'order-wrong']]));
    expect(outcomes).toContainEqual({ rule: 'side-of-exam', outcome: 'confirmed', reason: 'order-wrong' });
    expect(outcomes).toContainEqual({ rule: 'critical-words', outcome: 'unanswered', reason: null });
    expect(JSON.stringify(outcomes)).not.toMatch(/knee|air/i);
  });

  test('two findings that are one to the reader are asked once', () => {
    const twice = findingsAtSigning(factsOf(draftOf('Right knee effusion. Right knee pain.', 'As above.')), {});
    const words = (one: KeyedFinding): CheckFinding['rule'] => one.finding.rule;
    expect(twice.map(words).filter((rule) => rule === 'side-of-exam')).toHaveLength(1);
  });
});

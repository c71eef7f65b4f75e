import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AdviceRule, adviceFor } from './index.ts';
import type { Order, OrderId } from './order.ts';

const order: Order = {
  id: 'order-1' as OrderId,
  status: 'active',
  patient: { id: '1', issuer: null, name: 'TEST^ANN', birthDate: '19700101', sex: 'F' },
  patientReference: null,
  accession: null,
  placerNumber: null,
  procedure: { system: '', code: '', display: 'CT chest without contrast' },
  modality: 'CT',
  bodyPart: 'CHEST',
  laterality: null,
  reason: 'Suspected COVID-19, cough',
  reasonCodes: [],
  priority: 'routine',
  site: null,
  orderedBy: null,
  authoredOn: null,
  expectedInstances: null,
  requestedReport: 'final',
};
const rule = (when: AdviceRule['when']): AdviceRule => ({ id: 'r', title: 'T', advice: 'A', citation: 'C', when });
const says = (change: Partial<Order>, when: AdviceRule['when'], age: number | null = 50): boolean =>
  adviceFor({ ...order, ...change }, age, [rule(when)]).length === 1;

describe('a rule of appropriateness', () => {
  const covid = { modalities: ['CT', 'XR'], parts: ['chest'], reasonWords: ['covid'], reasonCodes: ['U07.1'] };
  it.each<[string, Partial<Order>, AdviceRule['when'], number | null, boolean]>([
    ['speaks where all holds', {}, covid, 50, true],
    [
      'speaks by the code alone',
      { reason: '', reasonCodes: [{ system: '', code: 'U07.1', display: '' }] },
      covid,
      50,
      true,
    ],
    [
      'speaks of what lies below a code',
      { reason: '', reasonCodes: [{ system: '', code: 'M54.50', display: '' }] },
      { reasonCodes: ['M54.5'] },
      50,
      true,
    ],
    ['is silent for another reason', { reason: 'Cough' }, covid, 50, false],
    ['is silent for another modality', { modality: 'MR' }, covid, 50, false],
    [
      'is silent for another part',
      { bodyPart: 'HEAD', procedure: { system: '', code: '', display: 'CT head' } },
      covid,
      50,
      false,
    ],
    ['is silent at a red flag', { reason: 'COVID, oxygen falling' }, { ...covid, unlessWords: ['oxygen'] }, 50, false],
    ['finds a word from its beginning only', { reason: 'Unpainted' }, { reasonWords: ['paint'] }, 50, false],
    ['finds a word that goes on', { reason: 'Metastatic disease' }, { reasonWords: ['metasta'] }, 50, true],
    [
      'finds words in a row, whatever stands between them',
      { reason: 'Low-back  pain' },
      { reasonWords: ['low back pain'] },
      50,
      true,
    ],
    ['speaks of children', {}, { youngerThan: 18 }, 12, true],
    ['is silent for grown-ups', {}, { youngerThan: 18 }, 18, false],
    ['is silent where the age is not known', {}, { youngerThan: 18 }, null, false],
    ['is silent for the young', {}, { olderThan: 50 }, 50, false],
    ['reads the contrast', {}, { contrast: 'with' }, 50, false],
  ])('%s', (_, change, when, age, expected) => expect(says(change, when, age)).toBe(expected));

  it('brings its citation', () => {
    expect(adviceFor(order, 50, [rule(covid)])).toEqual([{ id: 'r', title: 'T', words: 'A', citation: 'C' }]);
  });

  it('takes any words, and is the same in capitals', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 10 }), (reason, word) => {
        const when = { reasonWords: [word] };
        expect(says({ reason }, when)).toBe(
          says({ reason: reason.toLowerCase() }, { reasonWords: [word.toLowerCase()] }),
        );
        expect(says({ reason }, { ...when, unlessWords: [word] })).toBe(false);
      }),
    );
  });
});

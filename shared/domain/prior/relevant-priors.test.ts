import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import { type PriorCandidate, type PriorExam, relevantPriors } from './relevant-priors.ts';
import type { Person } from './same-person.ts';

const ottoline: Person = {
  id: '884213',
  issuer: 'LARKSPUR',
  name: 'QUILLFEATHER^OTTOLINE',
  birthDate: '19520309',
  sex: 'F',
  otherNames: [],
  otherIds: [],
};

function exam(key: string, change: Partial<PriorExam> = {}, person: Partial<Person> = {}): PriorCandidate {
  return {
    exam: {
      key,
      modalities: ['CT'],
      description: 'CT CHEST',
      bodyPart: 'CHEST',
      laterality: null,
      studyDate: '20261122',
      studyTime: '013000',
      at: null,
      ...change,
    },
    person: { ...ottoline, ...person },
  };
}
const current = exam('1.1');
const keys = (others: readonly PriorCandidate[], of = current): string[] =>
  relevantPriors(of, others).priors.map(({ candidate }) => candidate.exam.key);

describe('which earlier studies stand beside the current one', () => {
  it('same body part and modality first, then body part, then modality, the newest first', () => {
    const others = [
      exam('1.2', { studyDate: '20200101', modalities: ['MR'], bodyPart: 'HEAD', description: '' }),
      exam('1.3', { studyDate: '20250101', bodyPart: 'HEAD', description: '' }),
      exam('1.4', { studyDate: '20240101', modalities: ['CR'] }),
      exam('1.5', { studyDate: '20230101' }),
      exam('1.6', { studyDate: '20260822' }),
    ];
    const found = relevantPriors(current, others).priors;
    expect(found.map(({ candidate }) => candidate.exam.key)).toEqual(['1.6', '1.5', '1.4', '1.3', '1.2']);
    expect(found[0]?.reason).toBe('same body part and modality, 3 months before');
    expect(found[4]?.reason).toBe('another exam, 6 years before');
    expect(relevantPriors(current, others.toReversed()).priors).toEqual(found);
  });

  it('the same side before the other side, which is named', () => {
    const knee = { bodyPart: 'KNEE', description: '', modalities: ['MR'] };
    const left = exam('1.1', { ...knee, laterality: 'L' });
    const others = [
      exam('1.2', { ...knee, laterality: 'R', studyDate: '20261001' }),
      exam('1.3', { ...knee, laterality: 'L', studyDate: '20251001' }),
      exam('1.4', { ...knee, laterality: 'B', studyDate: '20241001' }),
    ];
    const found = relevantPriors(left, others).priors;
    expect(found.map(({ candidate }) => candidate.exam.key)).toEqual(['1.3', '1.4', '1.2']);
    expect(found.map(({ reason }) => reason)).toEqual([
      'same body part, modality and side, 14 months before',
      'same body part and modality, 2 years before',
      'same body part and modality, the other side, 2 months before',
    ]);
  });

  it('those of the same patient before the probable ones, however like the exam these are', () => {
    const others = [
      exam('1.2', { studyDate: '20261120' }, { id: 'M1', issuer: 'ST-X', name: 'QUILLFETHER^OTTOLINE' }),
      exam('1.3', { studyDate: '20100101', modalities: ['US'], bodyPart: 'KNEE', description: '' }),
    ];
    expect(relevantPriors(current, others).priors.map((one) => one.verdict)).toEqual(['same', 'probable']);
  });

  it('never are another patient’s, the study itself or a later one', () => {
    expect(
      keys([
        exam('1.1'),
        exam('1.2', {}, { birthDate: '19530309' }),
        exam('1.3', {}, { name: 'MARSH^PENELOPE', id: '1', issuer: 'SALTFLAT' }),
        exam('1.4', { studyDate: '20261123' }),
        exam('1.5', { studyTime: '020000' }),
      ]),
    ).toEqual([]);
  });

  it('are earlier by the instant where zones are known, whatever the walls of the two places showed', () => {
    const here = exam('1.1', { studyDate: '20261122', studyTime: '003000', at: instant(1_000_000) });
    const before = { studyDate: '20261121', studyTime: '233000' };
    expect(keys([exam('1.2', { ...before, at: instant(1_000_001) })], here)).toEqual([]);
    expect(keys([exam('1.2', { ...before, at: instant(999_999) })], here)).toEqual(['1.2']);
  });

  it('tell of a study under the same number and issuer that another birth date contradicts', () => {
    const found = relevantPriors(current, [
      exam('1.2', {}, { birthDate: '19530309' }),
      exam('1.3', {}, { birthDate: '19530309', issuer: null }),
    ]);
    expect(found.priors).toEqual([]);
    expect(found.contradicted.map(({ candidate }) => candidate.exam.key)).toEqual(['1.2']);
  });

  it('know the region from the description where the body part is absent', () => {
    const found = relevantPriors(current, [
      exam('1.2', { bodyPart: null, description: 'Thorax PA', modalities: ['DX'], studyDate: '20261121' }),
    ]).priors;
    expect(found[0]?.reason).toBe('same body part, 1 day before');
  });

  it('without a date come last and say so', () => {
    const found = relevantPriors(current, [
      exam('1.2', { studyDate: null }),
      exam('1.3', { studyDate: '20100101' }),
    ]).priors;
    expect(found.map(({ candidate }) => candidate.exam.key)).toEqual(['1.3', '1.2']);
    expect(found[1]?.reason).toContain('date not known');
  });
});

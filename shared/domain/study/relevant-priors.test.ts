import { describe, expect, it } from 'vitest';
import { relevantPriors } from './relevant-priors.ts';
import type { PatientIdentity, Study, StudyUid } from './study.ts';

const ottoline: PatientIdentity = {
  id: '884213',
  issuer: 'LARKSPUR',
  name: 'QUILLFEATHER^OTTOLINE',
  birthDate: '19520309',
  sex: 'F',
};

function study(uid: string, change: Partial<Study> = {}): Study {
  return {
    archive: 'main',
    studyUid: uid as StudyUid,
    patient: ottoline,
    accession: null,
    modalities: ['CT'],
    description: 'CT CHEST',
    bodyPart: 'CHEST',
    laterality: null,
    studyDate: '20261122',
    studyTime: '013000',
    institution: null,
    seriesCount: 1,
    instanceCount: 1,
    ...change,
  };
}
const current = study('1.1');

describe('which earlier studies stand beside the current one', () => {
  it('same body part and modality first, then body part, then modality, the newest first', () => {
    const others = [
      study('1.2', { studyDate: '20200101', modalities: ['MR'], bodyPart: 'HEAD', description: '' }),
      study('1.3', { studyDate: '20250101', bodyPart: 'HEAD', description: '' }),
      study('1.4', { studyDate: '20240101', modalities: ['CR'] }),
      study('1.5', { studyDate: '20230101' }),
      study('1.6', { studyDate: '20260822' }),
    ];
    const found = relevantPriors(current, others);
    expect(found.map((prior) => prior.study.studyUid)).toEqual(['1.6', '1.5', '1.4', '1.3', '1.2']);
    expect(found[0]?.reason).toBe('same patient id and issuer, CT chest, 3 months before');
    expect(found[4]?.reason).toBe('same patient id and issuer, MR head, 6 years before');
    expect(relevantPriors(current, others.toReversed())).toEqual(found);
  });

  it('without an issuer need equal id, name and birth date', () => {
    const noIssuer = { ...ottoline, issuer: null };
    const here = study('1.1', { patient: noIssuer });
    expect(relevantPriors(here, [study('1.2', { patient: noIssuer, studyDate: '2025' })])[0]?.reason).toContain(
      'name and birth date',
    );
    for (const change of [
      { name: '' },
      { birthDate: '1952' },
      { birthDate: null },
      { name: 'MARSH^PENELOPE' },
      { id: null },
    ]) {
      expect(relevantPriors(here, [study('1.2', { patient: { ...noIssuer, ...change } })])).toEqual([]);
    }
  });

  it('never are another patient’s, another issuer’s, the study itself or a later one', () => {
    expect(
      relevantPriors(current, [
        study('1.1'),
        study('1.2', { patient: { ...ottoline, birthDate: '19530309' } }),
        study('1.3', { patient: { ...ottoline, issuer: 'SALTFLAT' } }),
        study('1.4', { studyDate: '20261123' }),
        study('1.5', { studyTime: '020000' }),
      ]),
    ).toEqual([]);
  });

  it('know the region from the description where the body part is absent', () => {
    const found = relevantPriors(current, [
      study('1.2', { bodyPart: null, description: 'Thorax PA', modalities: ['DX'], studyDate: '20261121' }),
    ]);
    expect(found[0]?.reason).toBe('same patient id and issuer, DX chest, 1 day before');
  });

  it('without a date come last and say so', () => {
    const found = relevantPriors(current, [study('1.2', { studyDate: null }), study('1.3', { studyDate: '20100101' })]);
    expect(found.map((prior) => prior.study.studyUid)).toEqual(['1.3', '1.2']);
    expect(found[1]?.reason).toContain('date not known');
  });
});

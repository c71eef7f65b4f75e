import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PatientIdentity } from '../study/index.ts';
import { whyMarksStay } from './marks-on-prior.ts';

const ada: PatientIdentity = { id: 'P1', issuer: 'SITE', name: 'QUILLFEATHER^Ada', birthDate: '19520309', sex: 'F' };

describe('marks on a prior’s images', () => {
  it('are filed in the prior’s study where number, issuer and person are the same', () => {
    expect(whyMarksStay(ada, ada)).toBeNull();
    expect(whyMarksStay(ada, { ...ada, id: ' P1 ', name: 'Quillfeather^Ada^^' })).toBeNull();
    expect(whyMarksStay({ ...ada, issuer: null }, { ...ada, issuer: '' })).toBeNull();
  });

  it('stay with the words under another number, another issuer, no number, or another person’s name or birth date', () => {
    expect(whyMarksStay(ada, { ...ada, id: 'P2' })).toMatch(/another patient number/);
    expect(whyMarksStay(ada, { ...ada, issuer: 'ELSEWHERE' })).toMatch(/another issuer/);
    expect(whyMarksStay(ada, { ...ada, issuer: null })).toMatch(/another issuer/);
    expect(whyMarksStay(ada, { ...ada, id: null })).toMatch(/no patient number/);
    expect(whyMarksStay(ada, { ...ada, name: 'OTHERWISE^Bea' })).toMatch(/differently/);
    expect(whyMarksStay(ada, { ...ada, birthDate: '19720309' })).toMatch(/differently/);
  });

  it('are never filed unless both name one number of one issuer', () => {
    const part = fc.option(fc.constantFrom('P1', 'P2', ' P1', '', 'SITE'), { nil: null });
    const person = fc.record({ id: part, issuer: part }).map((numbers): PatientIdentity => ({ ...ada, ...numbers }));
    fc.assert(
      fc.property(person, person, (read, prior) => {
        const same =
          (read.id ?? '').trim() !== '' &&
          read.id?.trim() === prior.id?.trim() &&
          (read.issuer ?? '').trim() === (prior.issuer ?? '').trim();
        expect(whyMarksStay(read, prior) === null).toBe(same);
      }),
    );
  });
});

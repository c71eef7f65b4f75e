import { describe, expect, it } from 'vitest';
import { type BillCorrection, checkCorrection } from './index.ts';

const facts = {
  dateOfService: '20260308',
  diagnoses: [
    {
      validFrom: '20251001',
      find: (code: string) =>
        (code === 'R1031' ? 'billable' : code === 'R103' ? 'heading' : null) as 'billable' | 'heading' | null,
    },
  ],
};
const words = (given: BillCorrection, of = facts) => {
  const checked = checkCorrection(given, of);
  return checked.ok ? checked.value : checked.error.words;
};

describe('what a site supplies for billing', () => {
  it.each<readonly [BillCorrection, BillCorrection]>([
    [
      { kind: 'authorization', number: ' PA77 ', from: '2026-03-01', until: null },
      { kind: 'authorization', number: 'PA77', from: '20260301', until: null },
    ],
    [
      { kind: 'coverage', payer: 'Harbour Plan', from: null, until: '20261231' },
      { kind: 'coverage', payer: 'Harbour Plan', from: null, until: '20261231' },
    ],
    [
      { kind: 'diagnosis', code: 'r10.31', instead: 'R10' },
      { kind: 'diagnosis', code: 'R1031', instead: 'R10' },
    ],
    [
      { kind: 'procedure', code: '73562 ' },
      { kind: 'procedure', code: '73562' },
    ],
    [
      { kind: 'orderer-npi', npi: ' 1234567893' },
      { kind: 'orderer-npi', npi: '1234567893' },
    ],
  ])('%j is taken as it may stand in the order', (given, taken) => {
    expect(words(given)).toEqual(taken);
    // What was taken once is taken again, unchanged.
    expect(words(taken)).toEqual(taken);
  });

  it.each<readonly [BillCorrection, RegExp]>([
    [{ kind: 'authorization', number: '  ', from: null, until: null }, /Give the number/],
    [{ kind: 'authorization', number: 'PA', from: '2026-03', until: null }, /days whole/],
    [{ kind: 'authorization', number: 'PA', from: '2026-02-30', until: null }, /days whole/],
    [{ kind: 'authorization', number: 'PA', from: '2026-03-09', until: null }, /exam was on 2026-03-08/],
    [{ kind: 'coverage', payer: 'P', from: null, until: '2026-03-07' }, /exam was on 2026-03-08/],
    [{ kind: 'coverage', payer: 'P', from: '2026-03-08', until: '2026-03-07' }, /before it begins/],
    [{ kind: 'coverage', payer: '', from: null, until: null }, /payer/],
    [{ kind: 'diagnosis', code: 'pain', instead: null }, /no ICD-10-CM code/],
    [{ kind: 'diagnosis', code: 'R10.3', instead: null }, /heading/],
    [{ kind: 'diagnosis', code: 'Z99.9', instead: null }, /not in the ICD-10-CM in force on 2026-03-08/],
    [{ kind: 'procedure', code: 'XKNEER' }, /five digits/],
    [{ kind: 'orderer-npi', npi: '1234567890' }, /no NPI/],
  ])('%j is refused with what is wrong', (given, why) => {
    expect(words(given)).toMatch(why);
  });

  it('takes a code that no loaded table can judge', () => {
    expect(words({ kind: 'diagnosis', code: 'Z99.9', instead: null }, { ...facts, diagnoses: [] })).toMatchObject({
      code: 'Z999',
    });
  });
});

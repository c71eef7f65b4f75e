import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BillFacts,
  billCheckCodes,
  type DiagnosisEntry,
  editionOn,
  fiscalYearEnd,
  fitToBill,
  isProcedureShape,
  lookUpDiagnosis,
  type TableEdition,
} from './index.ts';

const edition = (
  validFrom: string,
  entries: Readonly<Record<string, DiagnosisEntry>>,
): TableEdition<DiagnosisEntry> => ({
  validFrom,
  find: (code) => entries[code] ?? null,
});
const of2026 = edition('20251001', { R05: 'heading', R051: 'billable', M25562: 'billable' });
const of2027 = edition('20261001', { R05: 'heading', R051: 'billable', Q999: 'billable' });
const both = [of2026, of2027];

const good: BillFacts = {
  dateOfService: '20261122',
  procedureCodes: ['71250'],
  diagnosisCodes: ['R05.1'],
  authorizations: [{ number: 'PA-1', from: '20261101', until: '20261231' }],
  coverages: [{ payer: 'Plan A', active: true, from: '20260101', until: null }],
  ordererNpi: '1234567893',
  signed: { npi: '1234567893', state: 'final' },
};
const findings = (change: Partial<BillFacts>, tables = both): string[] =>
  fitToBill({ ...good, ...change }, { diagnoses: tables })
    .checks.filter((check) => check.state !== 'ready')
    .map((check) => `${check.state} ${check.code}`);

describe('fit to bill', () => {
  it.each<[string, Partial<BillFacts>, readonly string[]]>([
    ['everything is there', {}, []],
    ['no authorization', { authorizations: [] }, ['defect authorization']],
    [
      'an authorization without a number',
      { authorizations: [{ number: ' ', from: null, until: null }] },
      ['defect authorization'],
    ],
    [
      'an expired authorization',
      { authorizations: [{ number: 'P', from: null, until: '20261121' }] },
      ['defect authorization'],
    ],
    ['one that ends on the day', { authorizations: [{ number: 'P', from: null, until: '20261122' }] }, []],
    [
      'one that begins later',
      { authorizations: [{ number: 'P', from: '20261123', until: null }] },
      ['defect authorization'],
    ],
    [
      'an expired one and a good one',
      { authorizations: [{ number: 'O', from: null, until: '20250101' }, ...good.authorizations] },
      [],
    ],
    ['no coverage', { coverages: [] }, ['defect coverage']],
    [
      'a cancelled coverage',
      { coverages: [{ payer: 'A', active: false, from: null, until: null }] },
      ['defect coverage'],
    ],
    [
      'a coverage that has ended',
      { coverages: [{ payer: 'A', active: true, from: null, until: '20260930' }] },
      ['defect coverage'],
    ],
    ['no diagnosis', { diagnosisCodes: [] }, ['defect diagnosis']],
    ['a heading as diagnosis', { diagnosisCodes: ['R05'] }, ['defect diagnosis']],
    ['a diagnosis that is none', { diagnosisCodes: ['cough'] }, ['defect diagnosis']],
    ['a diagnosis that was taken out', { diagnosisCodes: ['M25.562'] }, ['defect diagnosis']],
    [
      'the same before it was taken out',
      {
        diagnosisCodes: ['M25.562'],
        dateOfService: '20260930',
        authorizations: [{ number: 'P', from: null, until: null }],
      },
      [],
    ],
    [
      'a diagnosis that came later',
      {
        diagnosisCodes: ['Q99.9'],
        dateOfService: '20260930',
        authorizations: [{ number: 'P', from: null, until: null }],
      },
      ['defect diagnosis'],
    ],
    [
      'a new diagnosis after the newest table',
      {
        diagnosisCodes: ['Z99.999'],
        dateOfService: '20271002',
        authorizations: [{ number: 'P', from: null, until: null }],
      },
      ['unknown diagnosis'],
    ],
    [
      'an old diagnosis after the newest table',
      { dateOfService: '20271002', authorizations: [{ number: 'P', from: null, until: null }] },
      [],
    ],
    ['one good and one bad diagnosis', { diagnosisCodes: ['R05.1', 'R05'] }, ['defect diagnosis']],
    ['no procedure code', { procedureCodes: [] }, ['defect procedure']],
    ['a local code alone', { procedureCodes: ['CTCHESTWO'] }, ['defect procedure']],
    ['a local code beside a good one', { procedureCodes: ['CTCHESTWO', '71250'] }, []],
    ['an orderer without NPI', { ordererNpi: null }, ['defect orderer-npi']],
    ['an NPI with a wrong digit', { ordererNpi: '1234567890' }, ['defect orderer-npi']],
    ['a reader without NPI', { signed: { npi: null, state: 'final' } }, ['defect reader-npi']],
    ['not signed', { signed: null }, ['note signature']],
    ['preliminary only', { signed: { npi: '1234567893', state: 'preliminary' } }, ['defect signature']],
    [
      'no day of service yet',
      { dateOfService: null },
      ['unknown authorization', 'unknown coverage', 'unknown diagnosis'],
    ],
  ])('%s', (_, change, expected) => expect(findings(change)).toEqual(expected));

  it('does not call a code invalid where no table is loaded, or none of that day', () => {
    expect(findings({}, [])).toEqual(['unknown diagnosis']);
    expect(findings({}, [edition('20271001', {})])).toEqual(['unknown diagnosis']);
    const [check] = fitToBill(
      { ...good, diagnosisCodes: ['Z99.999'], dateOfService: '20271101' },
      { diagnoses: both },
    ).checks.filter((one) => one.code === 'diagnosis');
    expect(check?.words).toContain('Unknown to this table');
  });

  it('leaves out what a site does not ask for, and says what is left', () => {
    const rules = { authorization: 'off', coverage: 'off' } as const;
    const fit = fitToBill({ ...good, authorizations: [], coverages: [] }, { diagnoses: both }, rules);
    expect(fit.verdict).toBe('fit');
    expect(fit.checks.map((check) => check.code)).not.toContain('authorization');
    expect(fitToBill({ ...good, authorizations: [] }, { diagnoses: both }).verdict).toBe('not-fit');
    const noted = fitToBill({ ...good, authorizations: [] }, { diagnoses: both }, { authorization: 'note' });
    expect([noted.verdict, noted.checks[0]?.state]).toEqual(['fit', 'note']);
    expect(fitToBill(good, { diagnoses: [] }).verdict).toBe('unknown');
  });

  it.each<[string, boolean]>([
    ['71250', true],
    ['0042T', true],
    ['0001F', true],
    ['0001U', true],
    ['G0297', true],
    ['7125', false],
    ['712500', false],
    ['0042X', false],
    ['W0297', false],
    ['CTHEADWO', false],
    ['', false],
  ])('the shape of procedure code %s: %s', (code, valid) => expect(isProcedureShape(code)).toBe(valid));

  it('chooses the edition by the day of service, whatever order they were loaded in', () => {
    const day = fc.integer({ min: 20150101, max: 20350101 }).map(String);
    fc.assert(
      fc.property(fc.uniqueArray(day, { maxLength: 6 }), day, (starts, on) => {
        const editions = starts.map((validFrom) => ({ validFrom }));
        const chosen = editionOn(editions, on);
        expect(editionOn(editions.toReversed(), on)).toEqual(chosen);
        const candidates = starts.filter((start) => start <= on).sort();
        expect(chosen?.validFrom ?? null).toBe(candidates.at(-1) ?? null);
      }),
    );
    expect(['20251001', '20260401', '20260101'].map(fiscalYearEnd)).toEqual(['20261001', '20261001', '20261001']);
    expect(lookUpDiagnosis(both, 'R051', '20261001')).toMatchObject({ kind: 'found', validFrom: '20261001' });
    expect(lookUpDiagnosis(both, 'R051', '20260930')).toMatchObject({ kind: 'found', validFrom: '20251001' });
  });

  it('takes any text, and its verdict is its worst check', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    const span = { from: fc.option(text), until: fc.option(text) };
    fc.assert(
      fc.property(
        fc.record({
          dateOfService: fc.option(fc.constant('20261122')),
          procedureCodes: fc.array(text, { maxLength: 3 }),
          diagnosisCodes: fc.array(text, { maxLength: 3 }),
          authorizations: fc.array(fc.record({ number: fc.option(text), ...span }), { maxLength: 2 }),
          coverages: fc.array(fc.record({ payer: text, active: fc.boolean(), ...span }), { maxLength: 2 }),
          ordererNpi: fc.option(text),
          signed: fc.constantFrom(null, good.signed),
        }),
        (facts) => {
          const fit = fitToBill(facts, { diagnoses: both });
          const states = fit.checks.map((check) => check.state);
          expect(fit.verdict).toBe(
            states.includes('defect') ? 'not-fit' : states.includes('unknown') ? 'unknown' : 'fit',
          );
          const off = Object.fromEntries(billCheckCodes.map((code) => [code, 'off' as const]));
          expect(fitToBill(facts, { diagnoses: both }, off)).toEqual({ verdict: 'fit', checks: [] });
        },
      ),
    );
  });
});

import { describe, expect, it } from 'vitest';
import {
  authorizationFromFhir,
  authorizationToFhir,
  billingOfServiceRequest,
  coverageFromFhir,
  coverageToFhir,
} from './billing.ts';

describe('what a record says for billing', () => {
  it('gives coverage and authorization back as they were written', () => {
    const coverage = { payer: 'Plan A', active: true, from: '20260101', until: null };
    expect(coverageFromFhir(coverageToFhir('c', 'p', coverage))).toEqual(coverage);
    const authorization = { number: 'PA-1', from: '20261101', until: '20261231' };
    expect(authorizationFromFhir(authorizationToFhir('a', 'p', '2026-11-01', authorization))).toEqual(authorization);
  });

  it('reads partial days as wide as they are', () => {
    const resource = { resourceType: 'Coverage', status: 'active', period: { start: '2026', end: '2028-02' } };
    expect(coverageFromFhir(resource)).toMatchObject({ from: '20260101', until: '20280229', payer: 'payer not named' });
  });

  it.each<[string, object]>([
    ['a claim that was paid', { use: 'claim' }],
    ['a cancelled one', { status: 'cancelled' }],
    ['one that failed', { outcome: 'error' }],
    ['another resource', { resourceType: 'Claim' }],
  ])('takes no authorization from %s', (_, change) => {
    const written = authorizationToFhir('a', 'p', '2026-11-01', { number: 'PA-1', from: null, until: null });
    expect(authorizationFromFhir({ ...written, ...change })).toBe(null);
  });

  it('finds all codes of the procedure, and coverages and authorizations in one list', () => {
    const request = {
      code: {
        coding: [
          { system: 'urn:local', code: 'CTCHEST' },
          { system: 'http://www.ama-assn.org/go/cpt', code: '71250' },
        ],
      },
      insurance: [
        { reference: 'Coverage/c1' },
        { reference: 'https://record.example/fhir/ClaimResponse/a1' },
        { reference: 'Coverage/c1/_history/2' },
        { display: 'none' },
      ],
    };
    expect(billingOfServiceRequest(request)).toEqual({
      procedureCodes: ['CTCHEST', '71250'],
      diagnosisCodes: [],
      coverageIds: ['c1'],
      authorizationIds: ['a1'],
    });
    expect(billingOfServiceRequest(null)).toEqual({
      procedureCodes: [],
      diagnosisCodes: [],
      coverageIds: [],
      authorizationIds: [],
    });
  });
});

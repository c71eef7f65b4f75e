import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Credentials, EntitlementSet, Reader, ReaderId } from '../../domain/reader/index.ts';
import { instant } from '../../lib/instant.ts';
import {
  credentialsFromFhir,
  practitionerToFhir,
  publicKeysOf,
  readerFromFhir,
  retiredRole,
  rolesToFhir,
  withCredentials,
} from './index.ts';

const tandewright: Reader = {
  id: 'reader-1' as ReaderId,
  userName: 'mt',
  name: 'Dr M. Tandewright',
  role: 'radiologist',
  npi: '1234567893',
  states: 'all',
};
const key = { keyId: 'k1', jwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } };
const idOf = (part: string): string => `role-${part.replace(/[^A-Za-z0-9-]/g, '-')}`;
const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const written = (set: EntitlementSet) => ({
  practitioner: overTheWire(withCredentials(practitionerToFhir(tandewright, [key]), set)),
  roles: rolesToFhir(tandewright.id, set, idOf).map(overTheWire),
});

const line = fc.stringMatching(/^[A-Za-z][A-Za-z ]{0,10}[a-z]$/);
const expires = fc.option(fc.constantFrom('2026-11-30', '2027-03-31', '2030-01-01'), { nil: null });
const state = fc.constantFrom('NV', 'UT', 'ME', 'OH');
const named = fc.record({ name: line, expires });
const credentials: fc.Arbitrary<Credentials> = fc.record({
  licences: fc.array(fc.record({ state, number: fc.constantFrom('', 'MD-7'), expires }), { maxLength: 4 }),
  privileges: fc.option(
    fc.uniqueArray(
      fc.record({
        site: fc.constantFrom('site-a', 'site-b'),
        level: fc.constantFrom('look', 'draft', 'preliminary', 'final'),
        expires,
      }),
      { maxLength: 3, selector: (one) => JSON.stringify(one) },
    ),
    { nil: null },
  ),
  modalities: fc.option(fc.array(fc.record({ name: fc.constantFrom('CT', 'MR', 'US'), expires }), { maxLength: 3 }), {
    nil: null,
  }),
  mammography: fc.option(fc.record({ expires }), { nil: null }),
  malpractice: fc.option(
    fc.array(
      fc.record({
        carrier: line,
        states: fc.oneof(fc.constant('all' as const), fc.array(state, { minLength: 1, maxLength: 3 })),
        expires,
      }),
      { maxLength: 2 },
    ),
    { nil: null },
  ),
  subspecialties: fc.array(line, { maxLength: 3 }),
  boards: fc.array(named, { maxLength: 2 }),
  payers: fc.array(named, { maxLength: 2 }),
  shifts: fc.array(
    fc.record({
      days: fc.uniqueArray(fc.constantFrom('mon', 'wed', 'sun'), { minLength: 1 }),
      from: fc.constantFrom('18:00', '07:30'),
      to: fc.constantFrom('06:00', '15:30'),
      zone: fc.constant('America/Denver'),
    }),
    { maxLength: 3 },
  ),
});
const setAt = fc.integer({ min: 1, max: 4_000_000_000_000 }).map(instant);

describe('credentials in the record', () => {
  it('come back as they were set, whatever they are, and the keys and the account stay', () => {
    fc.assert(
      fc.property(credentials, setAt, (entitlement, at) => {
        const set = { setAt: at, entitlement };
        const { practitioner, roles } = written(set);
        expect(credentialsFromFhir(practitioner, roles)).toEqual(set);
        expect(publicKeysOf(practitioner)).toEqual([key]);
        expect(readerFromFhir(practitioner)).toMatchObject({ ok: true, value: { userName: 'mt', npi: '1234567893' } });
      }),
    );
  });

  it('carry the number for sites with the shifts, and none where she is never on shift', () => {
    const shifts = [{ days: ['mon'], from: '18:00', to: '06:00', zone: 'America/Denver' }] as const;
    const reached = { ...privileged, shifts, phone: '+1-303-555-0107' };
    const back = (entitlement: Credentials) => {
      const { practitioner, roles } = written({ setAt: instant(7), entitlement });
      return credentialsFromFhir(practitioner, roles)?.entitlement;
    };
    expect(back(reached)).toEqual(reached);
    expect(back({ ...reached, shifts: [] })).toEqual(privileged);
  });

  it('of a person who is unrestricted say so', () => {
    const set = { setAt: instant(5), entitlement: 'unrestricted' as const };
    expect(credentialsFromFhir(written(set).practitioner, [])).toEqual(set);
  });

  it('are none where none were ever set, also for an account that may read all', () => {
    expect(credentialsFromFhir(practitionerToFhir(tandewright, []), [])).toBe(null);
    expect(credentialsFromFhir('nonsense', [])).toBe(null);
  });

  const privileged: Credentials = {
    licences: [{ state: 'NV', number: '', expires: null }],
    privileges: [{ site: 'site-a', level: 'final', expires: null }],
    modalities: null,
    mammography: null,
    malpractice: null,
    subspecialties: [],
    boards: [],
    payers: [],
    shifts: [],
  };

  it('entitle to nothing by a role of another setting or one out of use, and a kept list stays kept', () => {
    const set = { setAt: instant(5_000), entitlement: privileged };
    const { practitioner } = written(set);
    const older = rolesToFhir(tandewright.id, { ...set, setAt: instant(4_000) }, idOf);
    const retired = rolesToFhir(tandewright.id, set, idOf).map(retiredRole);
    for (const roles of [[], older, retired])
      expect(credentialsFromFhir(practitioner, roles)?.entitlement).toMatchObject({ privileges: [] });
  });

  it('that were replaced leave nothing behind', () => {
    const before = withCredentials(practitionerToFhir(tandewright, [key]), {
      setAt: instant(1),
      entitlement: privileged,
    });
    const after = withCredentials(before, { setAt: instant(2), entitlement: 'unrestricted' });
    expect(after.qualification).toBe(undefined);
    const again = { setAt: instant(3), entitlement: { ...privileged, privileges: null } };
    expect(credentialsFromFhir(withCredentials(after, again), [])).toEqual(again);
  });
});

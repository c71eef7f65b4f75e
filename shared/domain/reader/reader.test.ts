import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/instant.ts';
import { can, isStateCode, mayRead, npiIsValid } from './index.ts';
import type { Action, Role } from './reader.ts';

const now = instant(0);
const roles: Role[] = ['radiologist', 'lead', 'qa', 'site'];
const reno = { name: 'Reno Imaging', state: 'NV' };

describe('who may do what', () => {
  it.each<[Action, Role[]]>([
    ['list', ['radiologist', 'lead', 'qa']],
    ['look', ['radiologist', 'lead', 'qa']],
    ['read', ['radiologist', 'lead']],
    ['draft', ['radiologist', 'lead']],
    ['sign', ['radiologist', 'lead']],
    ['release-claim', ['radiologist', 'lead']],
    ['see-timeline', ['radiologist', 'lead', 'qa']],
    ['see-delivery', ['radiologist', 'lead', 'qa']],
    ['manage-accounts', ['lead']],
  ])('%s: %s', (action, allowed) => {
    expect(roles.filter((role) => can(role, action))).toEqual(allowed);
  });
});

describe('which exams a reader may read', () => {
  it('those made in a state of her licence', () => {
    expect(mayRead({ states: ['CA', 'NV'] }, reno, now)).toEqual({ allowed: true });
    expect(mayRead({ states: [' nv'] }, reno, now)).toEqual({ allowed: true });
    expect(mayRead({ states: ['CA'] }, reno, now)).toEqual({
      allowed: false,
      reason: 'No licence for NV (Reno Imaging)',
    });
    expect(mayRead({ states: [] }, reno, now).allowed).toBe(false);
  });

  it('any where the account is unrestricted or no site is named', () => {
    expect(mayRead({ states: 'all' }, reno, now)).toEqual({ allowed: true });
    expect(mayRead({ states: [] }, null, now)).toEqual({ allowed: true });
  });

  it('none at a site of which nobody knows the state', () => {
    expect(mayRead({ states: [''] }, { ...reno, state: '' }, now)).toEqual({
      allowed: false,
      reason: 'It is not known in which state Reno Imaging lies',
    });
  });
});

describe('a National Provider Identifier', () => {
  it.each(['1234567893', '1245319599'])('%s is valid', (npi) => expect(npiIsValid(npi)).toBe(true));
  it.each(['1234567890', '123456789', '12345678933', '3234567893', '123456789a', '', ' 1234567893'])(
    '%j is not',
    (npi) => {
      expect(npiIsValid(npi)).toBe(false);
    },
  );

  it('with one wrong digit is never valid, and each nine digits have one check digit', () => {
    const body = fc.tuple(fc.constantFrom('1', '2'), fc.stringMatching(/^\d{8}$/)).map((parts) => parts.join(''));
    fc.assert(
      fc.property(body, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }), (nine, place, shift) => {
        const valid = [...'0123456789'].map((digit) => nine + digit).filter(npiIsValid);
        expect(valid).toHaveLength(1);
        const digits = [...(valid[0] ?? '')];
        digits[place] = String((Number(digits[place]) + shift) % 10);
        expect(npiIsValid(digits.join(''))).toBe(false);
      }),
    );
  });
});

it('a state is known by its postal code', () => {
  for (const code of ['CA', 'NV', 'ME', 'DC', 'PR']) expect(isStateCode(code)).toBe(true);
  for (const code of ['XX', 'ca', '', 'CAL', 'C']) expect(isStateCode(code)).toBe(false);
});

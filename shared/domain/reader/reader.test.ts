import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStateCode, npiIsValid } from './index.ts';

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

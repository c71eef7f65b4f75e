import { describe, expect, it } from 'vitest';
import { agreesOnName, ordererKey, ordererWords } from './index.ts';

const olivia = { family: 'ORDERER', given: 'OLIVIA', middle: '', suffix: '', prefix: 'DR' };

describe('an ordering physician', () => {
  it('is one everywhere by NPI, one at a site by its own number, and nobody by a name alone', () => {
    const local = { npi: null, number: { value: '4711', authority: 'HARBOUR' } };
    expect(ordererKey({ npi: '1234567893' }, 'reno')).toEqual(ordererKey({ npi: '1234567893' }, 'bangor'));
    expect(ordererKey(local, 'reno')).not.toEqual(ordererKey(local, 'bangor'));
    expect(ordererKey(local, 'reno')).not.toEqual(
      ordererKey({ ...local, number: { value: '4711', authority: '' } }, 'reno'),
    );
    expect(ordererKey({ npi: null }, 'reno')).toBeNull();
    expect(ordererKey(local, '')).toBeNull();
  });

  it.each([
    ['the same parts', { name: 'ORDERER, DR OLIVIA', parts: olivia }, true],
    ['the same family name in other letters', { name: 'Dr. Olivia Orderér' }, true],
    ['initials and a degree', { name: 'O. Orderer, MD' }, true],
    ['another family name', { name: 'SECOND, OLIVIA' }, false],
    ['a family name that only begins like it', { name: 'Olivia Ordererson' }, false],
    ['no name', { name: '' }, false],
  ] as const)('under one number with %s', (_what, other, same) => {
    expect(agreesOnName({ name: 'ORDERER, DR OLIVIA', parts: olivia }, other)).toBe(same);
    expect(agreesOnName(other, { name: 'ORDERER, DR OLIVIA', parts: olivia })).toBe(same);
  });

  it.each([
    [{ name: 'Dr O. Orderer', npi: '1234567893' }, 'Dr O. Orderer (NPI 1234567893)'],
    [
      { name: 'Dr O. Orderer', npi: null, number: { value: '4711', authority: 'HARBOUR' } },
      'Dr O. Orderer (4711, HARBOUR)',
    ],
    [{ name: 'Dr O. Orderer', npi: null }, 'Dr O. Orderer'],
    [{ name: '', npi: '1234567893' }, 'NPI 1234567893'],
  ] as const)('%j is written %s', (orderer, words) => {
    expect(ordererWords(orderer)).toBe(words);
  });
});

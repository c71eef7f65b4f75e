import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findable, findQuery, finds } from './index.ts';

const zofia = findable('Łąkowicz-Fenn^Zofia', ['C481920', 'CHI-0417']);
const found = (text: string, study = zofia): boolean => {
  const query = findQuery(text);
  return query !== null && finds(query, study);
};

describe('any study is found', () => {
  it.each([
    ['lakowicz', true],
    ['Łąk', true],
    ['zofia fenn', true],
    ['FENN, ZO', true],
    ['Łąkowicz-Fenn^Zofia', true],
    ['c481920', true],
    ['4819', true],
    ['chi 0417', true],
    ['CHI0417', true],
    ['zofia 0417', true],
    ['kowicz', false],
    ['zofia brand', false],
    ['0418', false],
  ])('by %j: %s', (text, expected) => expect(found(text)).toBe(expected));

  it('by an umlaut written out, and by another writing of the name', () => {
    expect(found('Muellerfern', findable('Müllerfern^Jörg', []))).toBe(true);
    expect(found('棚小', findable('Tanabrook^Haru=棚小川^陽', []))).toBe(true);
  });

  it('by nothing that is too short, empty or only signs', () => {
    for (const text of ['', ' ', 'z', '^^', '--', '=']) expect(findQuery(text)).toBe(null);
  });

  it('by any beginning of its own words, whatever is typed, without failing on hostile text', () => {
    const name = fc.stringMatching(/^[A-Za-z]{2,10}$/);
    fc.assert(
      fc.property(name, name, fc.nat(8), (family, given, cut) => {
        const study = findable(`${family}^${given}`, []);
        expect(found(`${given} ${family.slice(0, Math.max(2, family.length - cut))}`, study)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.string({ unit: 'binary', maxLength: 60 }),
        (one, other) => {
          expect(typeof found(one, findable(other, [other]))).toBe('boolean');
        },
      ),
    );
  });
});

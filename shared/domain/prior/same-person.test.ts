import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidenceLine, type Person, samePerson, siteNamesOf } from './same-person.ts';

const ottoline: Person = {
  id: '884213',
  issuer: 'LARKSPUR',
  name: 'QUILLFEATHER^OTTOLINE',
  birthDate: '19520309',
  sex: 'F',
  otherNames: [],
  otherIds: [],
};
/** The same person as another hospital registers her. */
const elsewhere: Person = { ...ottoline, id: 'M123', issuer: 'ST-X' };
const verdict = (one: Person, other: Person): string => samePerson(one, other).verdict;

describe('whether two descriptions are of one person', () => {
  it('yes across issuers where whole name, birth date and sex agree, and every piece is told', () => {
    const found = samePerson(ottoline, elsewhere);
    expect(found.verdict).toBe('same');
    expect(evidenceLine(found.evidence)).toBe('same name; same birth date; same sex; other issuer: M123 (ST-X)');
  });

  it.each([
    ['case, padding and an absent middle name', 'quillfeather^Ottoline^^'],
    ['given before family', 'Ottoline^Quillfeather'],
    ['no ^ at all', 'Quillfeather, Ottoline'],
    ['a middle name more', 'QUILLFEATHER^OTTOLINE^MAE'],
    ['diacritics', 'QÜILLFEATHER^OTTOLÍNE'],
  ])('yes across issuers for a name that differs in %s', (_what, name) => {
    expect(verdict(ottoline, { ...elsewhere, name })).toBe('same');
  });

  it('yes for a married name that is among the other names of either, and not without that', () => {
    const married = { ...elsewhere, name: 'MARSH^OTTOLINE' };
    expect(verdict(ottoline, married)).toBe('not-the-same');
    expect(verdict({ ...ottoline, otherNames: ['MARSH^OTTOLINE'] }, married)).toBe('same');
    const found = samePerson(ottoline, { ...married, otherNames: ['Quillfeather^Ottoline'] });
    expect(found.verdict).toBe('same');
    expect(found.evidence[0]).toEqual({
      field: 'name',
      weight: 'for',
      words: 'name: QUILLFEATHER, OTTOLINE here, MARSH, OTTOLINE there; other name Quillfeather, Ottoline agrees',
    });
    expect(verdict({ ...ottoline, otherNames: ['DOE^JANE'] }, { ...elsewhere, name: 'DOE^JANE' })).not.toBe('same');
  });

  it('yes for another family name under one issuer’s number and one birth date, also where a merge gave the number', () => {
    expect(verdict(ottoline, { ...ottoline, name: 'MARSH^OTTOLINE' })).toBe('same');
    const merged = { value: 'M123', issuer: 'ST-X', from: 'merge' } as const;
    const found = samePerson({ ...ottoline, otherIds: [merged] }, { ...elsewhere, name: 'MARSH^OTTOLINE' });
    expect(found.verdict).toBe('same');
    expect(found.evidence.at(-1)?.words).toBe('same patient id and issuer: M123 (ST-X), by a merge that the site sent');
  });

  it('probably where the name is a letter apart, the sex is not given, or one hospital has two numbers for them', () => {
    expect(verdict(ottoline, { ...elsewhere, name: 'QUILLFETHER^OTTOLINE' })).toBe('probable');
    expect(verdict(ottoline, { ...elsewhere, name: 'QUILLFEATHER^O' })).toBe('probable');
    expect(verdict(ottoline, { ...elsewhere, sex: null })).toBe('probable');
    expect(verdict(ottoline, { ...elsewhere, birthDate: '1952' })).toBe('probable');
    expect(verdict(ottoline, { ...ottoline, id: '771100' })).toBe('probable');
    expect(verdict(ottoline, { ...elsewhere, issuer: null })).toBe('probable');
  });

  it('no where a birth date or sex contradicts, even under one number of one issuer, and that is told', () => {
    const wrong = samePerson(ottoline, { ...ottoline, birthDate: '19530309' });
    expect(wrong.verdict).toBe('not-the-same');
    expect(wrong.evidence).toContainEqual({
      field: 'birthDate',
      weight: 'against',
      words: 'another birth date: 1952-03-09 here, 1953-03-09 there',
    });
    expect(verdict(ottoline, { ...ottoline, sex: 'M' })).toBe('not-the-same');
  });

  it('no by the patient id alone, with an issuer or without', () => {
    const bare = { ...ottoline, name: '', birthDate: null, sex: null };
    expect(verdict(ottoline, bare)).toBe('not-the-same');
    expect(verdict(ottoline, { ...bare, issuer: null })).toBe('not-the-same');
    const nobody = { ...ottoline, issuer: null };
    expect(verdict(nobody, { ...nobody, name: 'MARSH^PENELOPE' })).toBe('not-the-same');
    expect(verdict(nobody, { ...nobody, birthDate: null, sex: null })).toBe('not-the-same');
    expect(verdict(nobody, nobody)).toBe('same');
  });

  it('no for twins, nor for a father and his son', () => {
    expect(verdict(ottoline, { ...elsewhere, name: 'QUILLFEATHER^HERMIONE' })).toBe('not-the-same');
    expect(verdict(ottoline, { ...ottoline, id: '884214', name: 'QUILLFEATHER^HERMIONE' })).toBe('not-the-same');
    const senior = { ...ottoline, name: 'ARDEN^JOHN^^^SR', sex: 'M' } as const;
    expect(verdict(senior, { ...elsewhere, sex: 'M', name: 'ARDEN^JOHN^^^JR' })).toBe('not-the-same');
    // Under one number it is for a person to decide whose it is.
    expect(verdict(senior, { ...senior, name: 'ARDEN^JOHN^^^JR' })).toBe('probable');
    expect(verdict(ottoline, { ...ottoline, name: 'QUILLFEATHER^HERMIONE' })).toBe('probable');
  });

  it.each(['UNKNOWN^MALE', 'TRAUMA^ALPHA', 'DOE^JANE', 'QUILLFEATHER^BABY GIRL'])(
    'no for %s, a name for the unidentified, however equal all the rest is',
    (name) => {
      expect(verdict({ ...ottoline, name }, { ...elsewhere, name })).toBe('not-the-same');
      expect(verdict({ ...ottoline, name, issuer: null }, { ...ottoline, name, issuer: null })).toBe('not-the-same');
      expect(verdict({ ...ottoline, name }, { ...ottoline, name })).toBe('probable');
    },
  );

  it('no for a site’s own alias and for the birth date that registration puts where none is known', () => {
    const foxtrot = { ...ottoline, name: 'FOXTROT^NINE' };
    const names = { issuers: [], unidentified: ['FOXTROT'] };
    expect(samePerson(foxtrot, { ...foxtrot, id: '9', issuer: 'ST-X' }, names).verdict).toBe('not-the-same');
    const placeholder = { ...ottoline, birthDate: '19000101' };
    expect(verdict(placeholder, { ...elsewhere, birthDate: '19000101' })).toBe('not-the-same');
    expect(verdict(placeholder, ottoline)).toBe('probable');
  });

  it('by the ideographs where letters alone cannot tell homophones apart or are spelt in two ways', () => {
    const yamada = { ...ottoline, name: 'YAMADA^TAROU=山田^太郎' };
    const there = { ...elsewhere, name: 'YAMADA^TAROU=山田^太郎' };
    expect(verdict(yamada, there)).toBe('same');
    expect(verdict(yamada, { ...there, name: 'YAMADA^TAROU=山多^太朗' })).toBe('probable');
    expect(verdict(yamada, { ...there, name: 'JAMADA^TARO=山田^太郎' })).toBe('same');
    expect(verdict(yamada, { ...there, name: '=山田^太郎' })).toBe('same');
    // Nothing is written in one script on both sides: no name was compared.
    expect(verdict({ ...yamada, name: 'YAMADA^TAROU' }, { ...there, name: '=山田^太郎' })).not.toBe('same');
  });

  const person: fc.Arbitrary<Person> = fc.record({
    id: fc.constantFrom('1', '2', ' 1 ', null),
    issuer: fc.constantFrom('A', 'B', null),
    name: fc.oneof(
      fc.constantFrom(
        'SMITH^ANNA',
        'ANNA^SMITH',
        'SMYTH^ANNA',
        'SMITH^ANNA^B',
        'SMITH^EVA',
        'JONES^ANNA',
        'SMITH^ANNA^^^JR',
        'SMITH^ANNA^^^SR',
        'DOE^JANE',
        'SMITH',
        '',
        'YAMADA^TAROU=山田^太郎',
        '=山田^太郎',
      ),
      fc.string({ maxLength: 12 }),
    ),
    birthDate: fc.constantFrom('19520309', '1952', '19530309', '19000101', 'never', null),
    sex: fc.constantFrom('M', 'F', 'O', null),
    otherNames: fc.array(fc.constantFrom('JONES^ANNA', 'SMITH^ANNA', 'DOE^JANE', 'SMITH'), { maxLength: 2 }),
    otherIds: fc.array(
      fc.record({
        value: fc.constantFrom('1', '2', '3'),
        issuer: fc.constantFrom('A', 'B', null),
        from: fc.constantFrom('images', 'record', 'merge'),
      }),
      { maxLength: 2 },
    ),
  });

  it('is the same question whichever of the two is asked about, and the same weight of each piece', () => {
    fc.assert(
      fc.property(person, person, (one, other) => {
        const forward = samePerson(one, other);
        const backward = samePerson(other, one);
        expect(backward.verdict).toBe(forward.verdict);
        const weights = (found: typeof forward): string[] =>
          found.evidence.map(({ field, weight }) => `${field} ${weight}`);
        expect(weights(backward)).toEqual(weights(forward));
      }),
    );
  });

  it('is never yes against a birth date or sex, and never yes without a name and a birth date or a number beside it', () => {
    fc.assert(
      fc.property(person, person, (one, other) => {
        const found = samePerson(one, other);
        const of = (field: string) => found.evidence.filter((piece) => piece.field === field);
        if ([...of('birthDate'), ...of('sex')].some((piece) => piece.weight === 'against'))
          expect(found.verdict).toBe('not-the-same');
        if (found.verdict === 'not-the-same') return;
        // A number alone never suffices, and never is nothing but one piece for it.
        expect(
          found.evidence.filter((piece) => piece.field !== 'identifier' && piece.weight !== 'against').length,
        ).not.toBe(0);
        if (found.verdict === 'same')
          expect([...of('name'), ...of('birthDate')].some((one) => one.weight === 'for')).toBe(true);
      }),
    );
    fc.assert(
      fc.property(person, (one) => {
        const numberAlone: Person = { ...one, name: '', birthDate: null, sex: null, otherNames: [] };
        expect(samePerson(one, numberAlone).verdict).toBe('not-the-same');
      }),
    );
  });
});

describe('issuer names that one site agreed to be its own', () => {
  const larkspur = { issuers: ['LARKSPUR', 'Lark RIS', 'LKS'], unidentified: ['FOXTROT'] };
  const names = siteNamesOf([larkspur, { issuers: ['ST-X', 'STX'], unidentified: [] }]);
  const inTheRis: Person = { ...ottoline, issuer: 'lark ris', name: 'MARSH^OTTOLINE' };

  it('make an equal number one patient’s, as one issuer does, and it is said', () => {
    expect(verdict(ottoline, inTheRis)).toBe('not-the-same');
    const found = samePerson(ottoline, inTheRis, names);
    expect(found.verdict).toBe('same');
    expect(found.evidence.at(-1)).toMatchObject({
      weight: 'for',
      words: 'same patient id and issuer: 884213 (LARKSPUR), which its site also calls lark ris',
    });
  });

  it('make another number under them evidence against, and outweigh neither birth date nor sex', () => {
    const other = samePerson(ottoline, { ...inTheRis, id: '1' }, names);
    expect(other.evidence.at(-1)).toMatchObject({ weight: 'against' });
    expect(samePerson(ottoline, { ...inTheRis, sex: 'M' }, names).verdict).toBe('not-the-same');
    expect(samePerson(ottoline, { ...inTheRis, birthDate: '19520310' }, names).verdict).toBe('not-the-same');
  });

  it('say nothing of another site’s issuer, nor where two sites claim one name', () => {
    expect(samePerson(ottoline, { ...inTheRis, issuer: 'STX' }, names).verdict).toBe('not-the-same');
    const claimed = siteNamesOf([larkspur, { issuers: ['ST-X', 'lark ris'], unidentified: [] }]);
    expect(claimed.issuers).toEqual([['LARKSPUR', 'LKS']]);
    expect(samePerson(ottoline, inTheRis, claimed).verdict).toBe('not-the-same');
  });

  it('go with the site’s own words for patients whom nobody has identified', () => {
    const foxtrot: Person = { ...ottoline, name: 'FOXTROT^TWELVE' };
    expect(samePerson(foxtrot, foxtrot).verdict).toBe('same');
    expect(samePerson(foxtrot, foxtrot, names).verdict).toBe('probable');
  });

  it('change no verdict of two whose issuers they do not name', () => {
    const issuer = fc.constantFrom('LARKSPUR', 'LKS', 'ELSEWHERE', 'ST-X', null);
    fc.assert(
      fc.property(issuer, issuer, fc.constantFrom('884213', '1'), (mine, theirs, id) => {
        const one = { ...ottoline, issuer: mine };
        const other = { ...elsewhere, id, issuer: theirs };
        const [plainly, knowing] = [samePerson(one, other), samePerson(one, other, names)];
        const both = [mine, theirs].sort().join() === 'LARKSPUR,LKS';
        if (!both) expect(knowing).toEqual(plainly);
        expect(samePerson(other, one, names).verdict).toBe(knowing.verdict);
      }),
    );
  });
});

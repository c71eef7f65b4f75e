import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorTime } from '../../../test/processor-time.ts';
import { compareIdentity, type IdentityGrade, identityOfCase, twoPatients } from './compare-identity.ts';
import type { PatientIdentity, StudyUid } from './study.ts';

const ottoline: PatientIdentity = {
  id: '884213',
  issuer: 'LARKSPUR',
  name: 'QUILLFEATHER^OTTOLINE',
  birthDate: '19520309',
  sex: 'F',
};
const noId = { id: null, issuer: null };
const noBirth = { birthDate: null };

type Pair = readonly [
  sentence: string,
  order: Partial<PatientIdentity>,
  images: Partial<PatientIdentity>,
  grade: IdentityGrade,
  fields: readonly string[],
];

/** Each pair starts from Ottoline on both sides. */
const pairs: readonly Pair[] = [
  ['equal in everything', {}, {}, 'same', []],
  // What is no difference
  ['no name on the images', {}, { name: '' }, 'same', []],
  ['only padding as name', {}, { name: '^^^^' }, 'same', []],
  ['no birth date on the images', {}, noBirth, 'same', []],
  ['no sex on the order', { sex: null }, {}, 'same', []],
  ['no id on the images', {}, { id: null }, 'same', []],
  ['a blank id', {}, { id: '  ' }, 'same', []],
  ['no issuer on the images', {}, { issuer: null }, 'same', []],
  ['nothing at all on the images', {}, { ...noId, ...noBirth, name: '', sex: null }, 'same', []],
  ['lower case', {}, { name: 'Quillfeather^Ottoline' }, 'same', []],
  ['padded with ^', {}, { name: 'QUILLFEATHER^OTTOLINE^^^' }, 'same', []],
  ['padded with spaces', {}, { name: ' QUILLFEATHER ^ OTTOLINE ' }, 'same', []],
  ['a diacritic', { name: 'GARCÍA^INÉS' }, { name: 'GARCIA^INES' }, 'same', []],
  ['a diacritic in two code points', { name: 'GARCI\u0301A^INE\u0301S' }, { name: 'GARCÍA^INÉS' }, 'same', []],
  ['an umlaut written with e', { name: 'MÜLLER^JÖRG' }, { name: 'MUELLER^JOERG' }, 'same', []],
  ['an umlaut without its dots', { name: 'MÜLLER^JÖRG' }, { name: 'MULLER^JORG' }, 'same', []],
  ['ß and ss', { name: 'GROß^EVA' }, { name: 'GROSS^EVA' }, 'same', []],
  ['ø and o', { name: 'SØRENSEN^ASTRID' }, { name: 'SORENSEN^ASTRID' }, 'same', []],
  ['an apostrophe', { name: "O'BRIEN^MAEVE" }, { name: 'OBRIEN^MAEVE' }, 'same', []],
  ['a hyphen for a space', { name: 'SMITH-JONES^ANNA' }, { name: 'SMITH JONES^ANNA' }, 'same', []],
  ['a hyphen left out', { name: 'LEE^ANNE-MARIE' }, { name: 'LEE^ANNEMARIE' }, 'same', []],
  ['a sender without ^', {}, { name: 'QUILLFEATHER OTTOLINE' }, 'same', []],
  ['a comma for ^', {}, { name: 'Quillfeather, Ottoline' }, 'same', []],
  ['no middle name on one side', { name: 'QUILLFEATHER^OTTOLINE^MAUD' }, {}, 'same', []],
  ['a title on one side', {}, { name: 'QUILLFEATHER^OTTOLINE^^DR' }, 'same', []],
  ['ideographic group on one side', { name: 'YAMADA^TAROU' }, { name: 'YAMADA^TAROU=山田^太郎' }, 'same', []],
  ['another ideographic group', { name: 'YAMADA^TAROU=山田^太郎' }, { name: 'YAMADA^TAROU=山田^多朗' }, 'same', []],
  ['one alphabetic, the other ideographic', { name: 'YAMADA^TAROU' }, { name: '=山田^太郎' }, 'same', []],
  ['year of birth only', {}, { birthDate: '1952' }, 'same', []],
  ['year and month of birth only', { birthDate: '195203' }, {}, 'same', []],
  ['zeros for month and day', {}, { birthDate: '19520000' }, 'same', []],
  ['all zeros as birth date', {}, { birthDate: '00000000' }, 'same', []],
  ['the birth date with hyphens', { birthDate: '1952-03-09' }, {}, 'same', []],
  ['the birth date with points (ACR-NEMA)', {}, { birthDate: '1952.03.09' }, 'same', []],
  ['the id in another case', { id: 'ab-12' }, { id: 'AB-12 ' }, 'same', []],
  ['the issuer in another case', { issuer: 'Larkspur' }, {}, 'same', []],
  ['de-identified alike, no id', { ...noId, name: 'ANONYMOUS' }, { ...noId, name: 'Anonymous' }, 'same', []],
  // What tells
  ['family and given name swapped', {}, { name: 'OTTOLINE^QUILLFEATHER' }, 'tell', ['name']],
  ['married, hyphenated', {}, { name: 'QUILLFEATHER-MARSH^OTTOLINE' }, 'tell', ['name']],
  ['married name, equal id and birth date', {}, { name: 'MARSH^OTTOLINE' }, 'tell', ['name']],
  ['married name, equal id, birth date absent', noBirth, { name: 'MARSH^OTTOLINE', birthDate: null }, 'tell', ['name']],
  ['an initial for the given name', {}, { name: 'QUILLFEATHER^O' }, 'tell', ['name']],
  ['one letter apart, equal id', {}, { name: 'QUILLFETHER^OTTOLINE' }, 'tell', ['name']],
  ['two letters swapped, equal id', {}, { name: 'QUILLFAETHER^OTTOLINE' }, 'tell', ['name']],
  ['another middle name, equal id', { name: 'LEE^ANN^B' }, { name: 'LEE^ANN^C' }, 'tell', ['name']],
  ['ids of two issuers', {}, { id: 'X-1', issuer: 'SALTFLAT' }, 'tell', ['id']],
  ['equal ids of two issuers', {}, { issuer: 'SALTFLAT' }, 'tell', ['id']],
  ['a birth date that is no date', {}, { birthDate: 'ABOUT 70' }, 'tell', ['birthDate']],
  // What asks
  ['DOE^JOHN for a known patient', { sex: null }, { name: 'DOE^JOHN' }, 'ask', ['name']],
  ['JANE DOE in one component', {}, { name: 'JANE DOE' }, 'ask', ['name']],
  ['UNKNOWN^MALE 12', { sex: null }, { name: 'UNKNOWN^MALE 12' }, 'ask', ['name']],
  ['TRAUMA^ALPHA', {}, { name: 'TRAUMA^ALPHA' }, 'ask', ['name']],
  ['BABY BOY OF', { sex: null }, { name: 'BABY BOY OF QUILLFEATHER' }, 'ask', ['name']],
  ['a newborn under its mother’s name', { sex: null }, { name: 'QUILLFEATHER^NEWBORN' }, 'ask', ['name']],
  ['the alias on the order', { name: 'UNIDENTIFIED^FEMALE' }, {}, 'ask', ['name']],
  ['an alias with the first of January 1900', {}, { name: 'DOE^JANE', birthDate: '19000101' }, 'ask', ['name']],
  ['one alias on both sides, no id', { ...noId, name: 'DOE^JANE' }, { ...noId, name: 'DOE^JANE' }, 'ask', ['name']],
  ['one alias on both sides, equal id', { name: 'DOE^JANE' }, { name: 'DOE^JANE' }, 'same', []],
  ['two aliases, equal id', { name: 'TRAUMA^ALPHA' }, { name: 'TRAUMA^BRAVO' }, 'ask', ['name']],
  ['another given name, equal id', {}, { name: 'QUILLFEATHER^PENELOPE' }, 'ask', ['name']],
  ['another family name, equal birth date, no id', noId, { ...noId, name: 'MARSH^OTTOLINE' }, 'ask', ['name']],
  ['one letter apart, no id', noId, { ...noId, name: 'QUILLFETHER^OTTOLINE' }, 'ask', ['name']],
  ['no word in common, all else equal', {}, { name: 'MARSH^PENELOPE' }, 'ask', ['name']],
  // What stops
  ['another day of birth', {}, { birthDate: '19520310' }, 'stop', ['birthDate']],
  ['another year of birth', {}, { birthDate: '1953' }, 'stop', ['birthDate']],
  ['the month another, the day unknown', {}, { birthDate: '195204' }, 'stop', ['birthDate']],
  ['another sex', {}, { sex: 'M' }, 'stop', ['sex']],
  ['sex other against female', {}, { sex: 'O' }, 'stop', ['sex']],
  ['another id of one issuer', {}, { id: '884231' }, 'stop', ['id']],
  ['another id, no issuers', { issuer: null }, { id: '884231', issuer: null }, 'stop', ['id']],
  ['another id, one issuer absent', {}, { id: '884231', issuer: null }, 'stop', ['id']],
  ['leading zeros make another id', {}, { id: '0884213' }, 'stop', ['id']],
  ['a whole other name without ids', noId, { ...noId, name: 'MARSH^PENELOPE' }, 'stop', ['name']],
  ['a whole other name, no birth date', noBirth, { ...noBirth, name: 'MARSH^PENELOPE' }, 'stop', ['name']],
  [
    'a whole other name, ids of two issuers',
    {},
    { name: 'MARSH^PENELOPE', issuer: 'SALTFLAT' },
    'stop',
    ['name', 'id'],
  ],
  ['twins: another given name, no id', noId, { ...noId, name: 'QUILLFEATHER^PENELOPE' }, 'stop', ['name']],
  [
    'only the given name in common',
    { ...noId, ...noBirth },
    { ...noId, ...noBirth, name: 'MARSH^OTTOLINE' },
    'stop',
    ['name'],
  ],
  [
    'father and son without id',
    { ...noId, name: 'HALE^JOB^^^SR' },
    { ...noId, name: 'HALE^JOB^^^JR' },
    'stop',
    ['name'],
  ],
  ['an initial is no family name', noId, { ...noId, name: 'Q^OTTOLINE', birthDate: null }, 'stop', ['name']],
  [
    'S^J is not JONES^SMITH',
    { ...noId, ...noBirth, name: 'SMITH^J' },
    { ...noId, ...noBirth, name: 'JONES^SMITH' },
    'stop',
    ['name'],
  ],
  ['two aliases without id', { ...noId, name: 'TRAUMA^ALPHA' }, { ...noId, name: 'TRAUMA^BRAVO' }, 'stop', ['name']],
  ['an alias with another id', {}, { name: 'DOE^JANE', id: 'T-9' }, 'stop', ['name', 'id']],
  [
    'other ideographs, no other group',
    { ...noId, name: '=山田^太郎' },
    { ...noId, name: '=鈴木^花子' },
    'stop',
    ['name'],
  ],
  [
    'married name and another birth date',
    {},
    { name: 'MARSH^OTTOLINE', birthDate: '19530309' },
    'stop',
    ['name', 'birthDate'],
  ],
];

describe('whether order and images speak of one patient', () => {
  it('is judged by a table of at least 50 pairs', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(50);
    expect(new Set(pairs.map(([sentence]) => sentence)).size).toBe(pairs.length);
  });

  it.each(pairs)('%s', (_sentence, order, images, grade, fields) => {
    const verdict = compareIdentity({ ...ottoline, ...order }, { ...ottoline, ...images });
    expect({ grade: verdict.grade, fields: verdict.differences.map(({ field }) => field) }).toEqual({ grade, fields });
    for (const difference of verdict.differences) expect(difference.grade).not.toBe('same');
  });

  it('says both values and the reason in words', () => {
    const { differences } = compareIdentity(ottoline, { ...ottoline, birthDate: '19530309' });
    expect(differences).toEqual([
      {
        field: 'birthDate',
        grade: 'stop',
        order: '1952-03-09',
        images: '1953-03-09',
        words: 'birth date: order 1952-03-09, images 1953-03-09; two people, or one of them is wrong',
      },
    ]);
  });

  it('takes a site’s own alias into account', () => {
    const images = { ...ottoline, name: 'FOXTROT^SEVEN' };
    expect(compareIdentity(ottoline, { ...images, ...noBirth }).grade).toBe('stop');
    expect(compareIdentity(ottoline, { ...images, ...noBirth }, ['foxtrot']).grade).toBe('ask');
  });

  it('takes text that turns the writing round out of what it shows', () => {
    const { differences } = compareIdentity(ottoline, { ...ottoline, name: 'MARSH\u202e^PENELOPE' });
    expect(differences[0]?.images).toBe('MARSH, PENELOPE');
  });
});

const word = fc.constantFrom(
  'QUILLFEATHER',
  'OTTOLINE',
  'MARSH',
  'PENELOPE',
  'DOE',
  'JOHN',
  'J',
  'MÜLLER',
  'MUELLER',
  'BABY',
  '',
);
const identities: fc.Arbitrary<PatientIdentity> = fc.record({
  id: fc.constantFrom('1', '2', '', null),
  issuer: fc.constantFrom('A', 'B', null),
  name: fc.oneof(
    fc.array(word, { maxLength: 5 }).map((words) => words.join('^')),
    fc.string({ unit: 'binary', maxLength: 90 }),
  ),
  birthDate: fc.constantFrom('19520309', '1952', '19530309', 'x', '', null),
  sex: fc.constantFrom('M', 'F', 'O', null),
});

describe('for any two identities', () => {
  it('the grade is the same whichever is the order’s', () => {
    fc.assert(
      fc.property(identities, identities, (one, other) => {
        expect(compareIdentity(other, one).grade).toBe(compareIdentity(one, other).grade);
      }),
      { numRuns: 2_000 },
    );
  });

  it('one compared with itself never stops', () => {
    fc.assert(
      fc.property(identities, (one) => {
        expect(compareIdentity(one, one).grade).not.toBe('stop');
      }),
      { numRuns: 500 },
    );
  });

  it('case and padding change nothing', () => {
    fc.assert(
      fc.property(identities, identities, (one, other) => {
        const dressed = { ...other, name: `${other.name.replaceAll('J', 'j').replaceAll('OTTOLINE', 'Ottoline')}` };
        expect(compareIdentity(one, dressed).grade).toBe(compareIdentity(one, other).grade);
      }),
    );
  });

  it('another birth date, sex or id of one issuer always stops', () => {
    fc.assert(
      fc.property(identities, fc.constantFrom('birthDate', 'sex', 'id'), (one, field) => {
        const base = { ...one, name: 'MARSH^PENELOPE', issuer: 'A', id: '7', birthDate: '19520309', sex: 'F' as const };
        const other = { birthDate: { birthDate: '19530309' }, sex: { sex: 'M' as const }, id: { id: '8' } }[field];
        expect(compareIdentity(base, { ...base, name: one.name, ...other }).grade).toBe('stop');
      }),
    );
  });

  it('a name of a hundred thousand letters costs no time', () => {
    const long = { ...ottoline, name: `${'A'.repeat(50_000)}^${'B '.repeat(25_000)}` };
    const taken = processorTime(() =>
      expect(compareIdentity(long, { ...long, name: `${long.name}C` }).grade).toBe('ask'),
    );
    expect(taken).toBeLessThan(500);
  });
});

describe('one study UID with two patients', () => {
  const studyUid = '1.2.3' as StudyUid;
  const penelope = { ...ottoline, id: '9', name: 'MARSH^PENELOPE' };

  it('is found', () => {
    expect(
      twoPatients([
        { studyUid, patient: ottoline },
        { studyUid, patient: penelope },
      ]),
    ).toBe(true);
  });

  it('is not seen where two studies name two patients, or one patient is spelt twice', () => {
    expect(
      twoPatients([
        { studyUid, patient: ottoline },
        { studyUid: '1.2.4' as StudyUid, patient: penelope },
      ]),
    ).toBe(false);
    expect(
      twoPatients([
        { studyUid, patient: ottoline },
        { studyUid, patient: { ...ottoline, name: 'Quillfeather^Ottoline' } },
      ]),
    ).toBe(false);
    expect(twoPatients([])).toBe(false);
  });

  it('stops the case, with or without an order', () => {
    const rows = [
      { studyUid, patient: ottoline },
      { studyUid, patient: penelope },
    ];
    for (const order of [ottoline, null]) {
      const verdict = identityOfCase(order, rows);
      expect(verdict.grade).toBe('stop');
      expect(verdict.differences.at(-1)?.field).toBe('study');
      expect(verdict.differences.at(-1)?.words).toContain('two patients');
    }
    expect(identityOfCase(ottoline, [{ studyUid, patient: ottoline }])).toEqual({ grade: 'same', differences: [] });
  });
});

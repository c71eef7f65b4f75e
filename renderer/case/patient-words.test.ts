import { expect, test } from 'vitest';
import { shownAge, shownDate, shownExam, shownLeft, shownName, shownTime } from './patient-words.ts';

const on = new Date(2026, 10, 22);

test.each([
  ['Quillfeather^Ottoline', 'Quillfeather', 'Ottoline', 'Quillfeather, Ottoline'],
  ['', 'Name not given', '', 'Name not given'],
  ['Cher', 'Cher', '', 'Cher'],
])('the name %j is read as people read it', (name, family, given, whole) => {
  expect(shownName(name)).toEqual({ family, given, whole });
});

test.each([
  ['19520309', '74'],
  ['19521122', '74'],
  ['19521123', '73'],
  ['20250101', '22 mo'],
  ['20261101', '21 d'],
  ['1952', '74?'],
  [null, ''],
  ['nonsense', ''],
])('somebody born %s is %s old', (birthDate, age) => {
  expect(shownAge(birthDate, on)).toBe(age);
});

test('dates, times left and exams', () => {
  expect(shownDate('19520309')).toBe('1952-03-09');
  expect(shownDate(null)).toBe('not given');
  expect([shownLeft(16 * 60_000), shownLeft(-3 * 60_000), shownLeft(90 * 60_000)]).toEqual(['0:16', '−0:03', '1:30']);
  expect(shownExam({ modality: 'CT', procedure: 'CT head without contrast', bodyPart: '' })).toBe(
    'CT head without contrast',
  );
  expect(shownExam({ modality: 'MR', procedure: '', bodyPart: 'KNEE' })).toBe('MR KNEE');
});

test('a time carries the zone of its site, and an unknown zone is not guessed', () => {
  const at = Date.UTC(2026, 10, 22, 10, 30);
  expect(shownTime(at, 'America/Los_Angeles')).toBe('02:30 PST');
  expect(shownTime(at, 'Nowhere/Nothing')).toBe('10:30 UTC');
});

import { describe, expect, it, test } from 'vitest';
import {
  choiceIn,
  choiceMeant,
  choicesOf,
  fieldHint,
  fieldIssue,
  type ReportField,
  withChoice,
  wordsOnLeaving,
} from './report-field.ts';

const size: ReportField = {
  id: 'size',
  name: 'Lesion size',
  kind: 'measurement',
  required: true,
  unit: 'mm',
  minimum: 1,
  maximum: 200,
};
const grade: ReportField = {
  id: 'g',
  name: 'Grade',
  kind: 'choice',
  required: false,
  choices: ['none', 'mild', 'severe'],
};

describe('what is wrong with a field', () => {
  test.each([
    ['', null],
    ['12', null],
    ['12 mm', null],
    ['12 x 8 mm', null],
    ['1,5 mm', null],
    ['300 mm', 'Lesion size: 300 mm is above 200 mm.'],
    ['0.5', 'Lesion size: 0.5 mm is below 1 mm.'],
    ['12 x 300 mm', 'Lesion size: 300 mm is above 200 mm.'],
    ['large', 'Lesion size: large holds no number.'],
    // In another unit the range does not speak.
    ['0.5 cm', null],
  ])('%j: %j', (text, issue) => {
    expect(fieldIssue(size, text)).toBe(issue);
  });
  test.each([
    ['2026-02-28', true],
    ['2026-02-30', false],
    ['yesterday', false],
  ])('the date %s', (text, good) => {
    expect(fieldIssue({ ...size, name: 'Onset', kind: 'date' }, text) === null).toBe(good);
  });
  it('is said before, as what belongs there', () => {
    expect(fieldHint(size)).toBe('measurement in mm, 1 to 200');
    expect(fieldHint(grade)).toBe('one of the list, or your own words');
  });
});

describe('a number that is left', () => {
  test.each([
    ['12', ' in the liver.', '12 mm'],
    ['12', ' mm in the liver.', '12'],
    ['12', 'mm.', '12'],
    ['12', ' mmHg', '12 mm'],
    ['12 cm', '', '12 cm'],
    ['12 x 8', '', '12 x 8'],
  ])('%j before %j stands as %j', (text, behind, left) => {
    expect(wordsOnLeaving(size, text, behind)).toBe(left);
  });
});

describe('a choice', () => {
  const choices = choicesOf(grade);
  test.each([
    ['m', 1],
    ['SEV', 2],
    ['3', 2],
    ['9', null],
    ['x', null],
    ['', null],
  ])('%j means number %j', (typed, index) => {
    expect(choiceMeant(choices, typed)).toBe(index);
  });
  it('of a side is right, left or bilateral', () => {
    expect(choicesOf({ ...grade, kind: 'laterality', choices: undefined })).toEqual(['right', 'left', 'bilateral']);
  });
  it('stands for what was typed of it', () => {
    expect(withChoice(grade, 'm', 1)).toBe('mild');
    expect(withChoice(grade, 'm', 9)).toBe('m');
  });
  it('among several is added and taken out again, and stands for the last that was typed', () => {
    const several = { ...grade, many: true };
    expect(withChoice(several, '', 1)).toBe('mild');
    expect(withChoice(several, 'mild', 2)).toBe('mild, severe');
    expect(withChoice(several, 'mild, severe', 1)).toBe('severe');
    expect(withChoice(several, 'mild, se', 2)).toBe('mild, severe');
    expect(choiceIn(several, 'mild, se')).toBe(2);
    expect(choiceIn(grade, 'mild, se')).toBeNull();
  });
});

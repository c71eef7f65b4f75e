import { expect, test } from 'vitest';
import { examName } from './exam-name.ts';

test.each([
  ['CT', 'CT head without contrast', 'CT head without contrast'],
  ['CT', 'Head without contrast', 'CT Head without contrast'],
  ['MR', 'mr knee', 'mr knee'],
  ['US', 'Uscan', 'US Uscan'],
  ['', 'Chest', 'Chest'],
  ['CT', '', 'CT'],
])('%j and %j are told as %j', (modality, procedure, words) => {
  expect(examName(modality, procedure)).toBe(words);
});

import { describe, expect, test } from 'vitest';
import { type Draft, draftFrom, type ReportVersion, signedSections } from '../../../shared/domain/report/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { isCovered } from './draft-words.ts';

const blank = draftFrom(
  { clinicalInformation: '', technique: '', comparison: '' },
  { taskId: 'task-1', studyUid: '1.2.3', readerId: 'reader-1', now: instant(0) },
);
const draft: Draft = {
  ...blank,
  kind: 'correction',
  sections: { ...blank.sections, '59776-5': 'Lesions in the right lobe.' },
  addendum: 'Telephoned to the ward.',
};
const version = (of: Draft): ReportVersion =>
  ({ version: 2, content: { sections: signedSections(of) } }) as unknown as ReportVersion;

describe('words that may be forgotten because a signature holds them', () => {
  test('an addendum that was begun and then turned to a correction is not held by the correction alone', () => {
    expect(isCovered(draft, [version(draft)])).toBe(false);
    expect(isCovered({ ...draft, addendum: ' ' }, [version(draft)])).toBe(true);
  });
  test('it is, once an addendum with those words was signed as well', () => {
    expect(isCovered(draft, [version(draft), version({ ...draft, kind: 'addendum' })])).toBe(true);
  });
});

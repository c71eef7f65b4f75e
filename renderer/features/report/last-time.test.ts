import { describe, expect, it } from 'vitest';
import type { CaseDetail } from '../../../shared/api/index.ts';
import { lastReportOf } from './last-time.tsx';

const study = {
  modalities: ['CT'],
  bodyPart: 'CHEST',
  description: 'CT chest',
  laterality: null,
  studyDate: '20261122',
};
const report = { sections: [{ title: 'Findings', text: 'No nodule.' }], issued: null, documentId: null };
const detail = (...priors: object[]) =>
  ({
    study,
    priors: priors.map((one) => ({ study: { ...study, studyDate: '20260818', ...one }, reason: '', report, ...one })),
  }) as unknown as CaseDetail;

describe('the report of last time', () => {
  it('is that of the same part of the body by the same modality, with exam and date', () => {
    expect(lastReportOf(detail({}))).toEqual({ exam: 'CT chest', date: '2026-08-18', sections: report.sections });
  });
  it.each([
    ['another part', { bodyPart: 'HEAD', description: 'CT head' }],
    ['another modality', { modalities: ['MR'] }],
    ['no report', { report: null }],
    ['no date', { studyDate: null }],
    ['an exam that is read together with this one', { linked: 'LK-2' }],
  ])('is none where there is %s', (_, prior) => {
    expect(lastReportOf(detail(prior))).toBeNull();
  });
  it('is never that of the other side', () => {
    const knee = { bodyPart: 'KNEE', description: 'Knee' };
    const left = { ...detail({ ...knee, laterality: 'R' }), study: { ...study, ...knee, laterality: 'L' } };
    expect(lastReportOf(left as unknown as CaseDetail)).toBeNull();
    const same = { ...detail({ ...knee, laterality: 'L' }), study: { ...study, ...knee, laterality: 'L' } };
    expect(lastReportOf(same as unknown as CaseDetail)?.date).toBe('2026-08-18');
  });
});

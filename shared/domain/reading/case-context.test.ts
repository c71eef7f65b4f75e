import { describe, expect, it } from 'vitest';
import type { OrderId } from '../order/index.ts';
import type { AccessionNumber, StudyUid } from '../study/index.ts';
import { type CaseContext, stillNames } from './case-context.ts';
import type { TaskId } from './reading-task.ts';

const full: CaseContext = {
  archive: 'pacs',
  studyUid: '1.2.3' as StudyUid,
  patientId: '4471',
  issuer: 'LKG',
  accession: 'LKG-1' as AccessionNumber,
  orderId: 'o1' as OrderId,
  taskId: 't1' as TaskId,
  epoch: 7,
};

describe('a context that a page holds', () => {
  it('still names its case after images came for the order, or an order for the images', () => {
    expect(stillNames({ ...full, archive: null, studyUid: null, epoch: 3 }, full)).toBe(true);
    expect(stillNames({ ...full, orderId: null, accession: null }, full)).toBe(true);
    expect(stillNames(full, full)).toBe(true);
  });

  it.each([
    ['another study', { studyUid: '1.2.4' as StudyUid }],
    ['another patient', { patientId: '4472' }],
    ['another issuer', { issuer: 'CHI' }],
    ['another accession', { accession: 'LKG-2' as AccessionNumber }],
    ['another order', { orderId: 'o2' as OrderId }],
    ['another task', { taskId: 't2' as TaskId }],
    ['another archive', { archive: 'other' }],
  ])('does not name %s', (_what, change) => {
    expect(stillNames(full, { ...full, ...change })).toBe(false);
  });

  it('never names a case that has lost what the page was shown', () => {
    expect(stillNames(full, { ...full, studyUid: null })).toBe(false);
    expect(stillNames(full, { ...full, patientId: null })).toBe(false);
  });
});

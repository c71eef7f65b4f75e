import { describe, expect, it } from 'vitest';
import type { AccessionNumber } from '../study/index.ts';
import type { Order, OrderId, Priority } from './order.ts';
import { priorityRank } from './priority-rank.ts';
import { type OrderDefectCode, validateOrder } from './validate-order.ts';

const order: Order = {
  id: 'order-1' as OrderId,
  status: 'active',
  patient: { id: '884213', issuer: 'LARKSPUR', name: 'QUILLFEATHER^OTTOLINE', birthDate: '19520309', sex: 'F' },
  patientReference: null,
  accession: 'LK-1001' as AccessionNumber,
  placerNumber: null,
  procedure: { system: '', code: '71250', display: 'CT chest' },
  modality: 'CT',
  bodyPart: 'CHEST',
  laterality: null,
  reason: 'Cough for six weeks',
  reasonCodes: [],
  priority: 'routine',
  site: { id: 'larkspur', name: 'Larkspur', state: 'CA', zone: 'America/Los_Angeles', phone: null },
  orderedBy: { name: 'Dr B. Fenwright', npi: null },
  authoredOn: null,
  expectedInstances: null,
  requestedReport: 'final',
};

describe('an order', () => {
  it('that has all that reading needs has no defect', () => expect(validateOrder(order)).toEqual([]));

  it.each<[OrderDefectCode, Partial<Order>]>([
    ['no-reason', { reason: ' ' }],
    ['no-modality', { modality: null }],
    ['no-body-part', { bodyPart: '' }],
    ['no-accession', { accession: null }],
    ['no-procedure', { procedure: { system: '', code: '', display: '' } }],
    ['no-patient-name', { patient: { ...order.patient, name: '^^' } }],
    ['no-patient-id', { patient: { ...order.patient, id: null } }],
    ['no-birth-date', { patient: { ...order.patient, birthDate: null } }],
    ['no-site', { site: null }],
    ['no-orderer', { orderedBy: null }],
    ['unknown-priority', { priority: 'unknown' }],
    ['not-active', { status: 'revoked' }],
    ['no-side', { bodyPart: 'KNEE' }],
    ['no-side', { procedure: { system: '', code: '', display: 'XR left-over wrist 2 views' } }],
  ])('with one lack has exactly that defect: %s', (code, change) => {
    const defects = validateOrder({ ...order, ...change });
    expect(defects.map((defect) => defect.code)).toEqual([code]);
    expect(defects[0]?.words).not.toBe('');
  });

  it('with a coded reason needs no words, and with a side no question', () => {
    const coded = { system: 'icd10', code: 'R05', display: 'Cough' };
    expect(validateOrder({ ...order, reason: '', reasonCodes: [coded] })).toEqual([]);
    expect(validateOrder({ ...order, bodyPart: 'KNEE', laterality: 'L' })).toEqual([]);
    expect(validateOrder({ ...order, bodyPart: 'HEART' })).toEqual([]);
  });
});

it('priorities press in the order stat, asap, urgent and unknown, routine', () => {
  const priorities: Priority[] = ['routine', 'unknown', 'asap', 'urgent', 'stat'];
  expect(priorities.map(priorityRank)).toEqual([3, 2, 1, 2, 0]);
});

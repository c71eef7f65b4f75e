import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FollowUp, FollowUpEnding } from '../../domain/follow-up/index.ts';
import { instant } from '../../lib/instant.ts';
import { followUpFromFhir, followUpToFhir, orderFromServiceRequest, proposalsOfOrder } from './index.ts';

const nine = instant(Date.UTC(2026, 10, 30, 9));
const by = { id: 'reader-1', name: 'Dr M. Tandewright' };
const stamp = (id: string) => ({ id, by, at: nine, recordedAt: instant(nine + 5_000) });
const nodule: FollowUp = {
  id: 'follow-up-1',
  taskId: 'task-1',
  orderId: 'order-1',
  siteId: 'larkspur',
  patientReference: 'patient-1',
  section: '19005-8',
  quote: 'Recommend CT chest in 6 months',
  origin: 'recognised',
  countedFrom: '2026-11-30',
  readings: [
    {
      ...stamp('press-1'),
      reading: {
        modalities: ['CT'],
        bodyPart: 'chest',
        exam: 'CT chest',
        interval: { earliest: { count: 3, unit: 'month' }, latest: { count: 6, unit: 'month' } },
        condition: '',
      },
    },
  ],
  basis: { reportId: 'report-1', version: 2, digest: 'a'.repeat(64), signedAt: nine },
  handOvers: [{ ...stamp('press-2'), to: { name: 'N. Cardell', role: 'nodule nurse', phone: '555-0100' }, words: '' }],
  notThese: ['task-7'],
  ending: null,
  reopened: [],
};
const exam = { taskId: 'task-2', orderId: 'order-2', accession: 'A2', exam: 'CT chest', day: '2027-03-01' };
const endings: readonly (FollowUpEnding | null)[] = [
  null,
  { ...stamp('e'), kind: 'done', how: 'exact-reference', exam },
  { ...stamp('e'), kind: 'done', how: 'confirmed', exam: { ...exam, orderId: null, accession: null, day: null } },
  { ...stamp('e'), kind: 'closed', reason: 'elsewhere', words: 'At Cedar, says the orderer.' },
  { ...stamp('e'), kind: 'not-said', version: 3 },
  { ...stamp('e'), kind: 'withdrawn', version: 3 },
  { ...stamp('e'), kind: 'mistaken', words: 'Wrong sentence.' },
];

describe('a recommended exam in the record', () => {
  it('is a proposal with its window, its report and the words of the report', () => {
    expect(followUpToFhir(nodule)).toMatchObject({
      resourceType: 'ServiceRequest',
      intent: 'proposal',
      status: 'active',
      code: { text: 'CT chest' },
      orderDetail: [{ coding: [{ code: 'CT' }] }],
      bodySite: [{ text: 'chest' }],
      subject: { reference: 'Patient/patient-1' },
      occurrencePeriod: { start: '2027-02-28', end: '2027-05-30' },
      reasonReference: [{ reference: 'DiagnosticReport/report-1' }],
      requester: { display: 'Dr M. Tandewright' },
      note: [{ text: 'Recommend CT chest in 6 months' }],
    });
    expect(followUpToFhir({ ...nodule, basis: null }).status).toBe('draft');
    expect(endings.map((ending) => followUpToFhir({ ...nodule, ending }).status)).toEqual([
      'active',
      'completed',
      'completed',
      'revoked',
      'revoked',
      'entered-in-error',
      'entered-in-error',
    ]);
  });

  it('with a condition says it as what is needed for it', () => {
    const [first] = nodule.readings;
    if (first === undefined) throw new Error('The nodule has a reading.');
    const reading = { ...first.reading, condition: 'if symptoms persist', interval: null };
    const written = followUpToFhir({ ...nodule, readings: [{ ...first, reading }] });
    expect([written.asNeededCodeableConcept?.text, written.occurrencePeriod]).toEqual([
      'if symptoms persist',
      undefined,
    ]);
  });

  it('comes back as it was, whatever became of it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...endings),
        fc.constantFrom(...endings),
        fc.boolean(),
        fc.boolean(),
        fc.array(
          fc.string({ minLength: 1, maxLength: 20 }).filter((one) => one.trim() !== ''),
          { maxLength: 3 },
        ),
        (ending, before, signed, byAnother, notThese) => {
          const one: FollowUp = {
            ...nodule,
            ending,
            notThese,
            basis:
              signed && nodule.basis !== null
                ? { ...nodule.basis, ...(byAnother ? { signer: { id: 'reader-2', name: 'Dr R. Okonjo' } } : {}) }
                : null,
            reopened: before === null ? [] : [{ ...stamp('r'), ending: before, words: 'It was not it.' }],
          };
          expect(followUpFromFhir(JSON.parse(JSON.stringify(followUpToFhir(one))))).toEqual(one);
        },
      ),
    );
  });

  it('of which half is missing is none, and an order is none', () => {
    const written = followUpToFhir(nodule);
    expect(followUpFromFhir({ ...written, note: [] })).toBeNull();
    expect(followUpFromFhir({ ...written, supportingInfo: [] })).toBeNull();
    expect(followUpFromFhir({ ...written, intent: 'order' })).toBeNull();
    expect(followUpFromFhir({ ...written, category: [] })).toBeNull();
    const without = written.extension?.filter((one) => !one.url?.endsWith(':reading'));
    expect(followUpFromFhir({ ...written, extension: without })).toBeNull();
  });

  it('is never read as an order, whoever wrote the proposal', () => {
    const order = { resourceType: 'ServiceRequest', id: 'o-1', intent: 'order', code: { text: 'CT chest' } };
    const related = { patient: null, organization: null, location: null, practitioner: null };
    expect(orderFromServiceRequest(order, related).ok).toBe(true);
    for (const intent of ['proposal', 'plan', 'option'])
      expect(orderFromServiceRequest({ ...order, intent }, related).ok).toBe(false);
    expect(orderFromServiceRequest(followUpToFhir(nodule), related).ok).toBe(false);
  });

  it('is fulfilled by the order that names it, and by no proposal', () => {
    const basedOn = [{ reference: 'ServiceRequest/follow-up-1' }, { reference: 'CarePlan/x' }];
    expect(proposalsOfOrder({ resourceType: 'ServiceRequest', intent: 'order', basedOn })).toEqual(['follow-up-1']);
    expect(proposalsOfOrder({ resourceType: 'ServiceRequest', intent: 'proposal', basedOn })).toEqual([]);
  });
});

import type { ServiceRequest } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BillCorrection } from '../../domain/billing/index.ts';
import { instant } from '../../lib/instant.ts';
import {
  billingOfServiceRequest,
  correctedForBilling,
  correctedServiceRequest,
  orderFromServiceRequest,
  orderSentAgain,
  sentAgainWords,
} from './index.ts';

const sent: ServiceRequest = {
  resourceType: 'ServiceRequest',
  id: 'o1',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p1' },
  code: { coding: [{ system: 'urn:site', code: 'XKNEE' }], text: 'XR KNEE' },
  reasonCode: [{ coding: [{ code: 'S80' }], text: 'Contusion of knee' }],
  requester: { display: 'Dr O. Orderer' },
};
const by = { id: 'desk', name: 'Desk' };
const note = (number: number) => ({ by, at: instant(0), text: `From the site’s desk (billing ${number})` });
const billing: readonly (readonly [BillCorrection, string | null])[] = [
  [{ kind: 'authorization', number: 'PA', from: null, until: null }, 'ClaimResponse/supplied-authorization-1'],
  [{ kind: 'coverage', payer: 'P', from: null, until: null }, 'Coverage/supplied-coverage-1'],
  [{ kind: 'diagnosis', code: 'S8001XA', instead: 'S80' }, null],
  [{ kind: 'procedure', code: '73562' }, null],
  [{ kind: 'orderer-npi', npi: '1234567893' }, null],
];
const completed = correctedServiceRequest(
  billing.reduce((now, [one, reference], at) => correctedForBilling(now, one, reference, note(at)), sent),
  { laterality: 'R', reason: 'Fall on the right knee' },
  by,
  instant(0),
  'Corrected by the site: side R and reason for exam (question q-1)',
);
const order = (request: ServiceRequest) => {
  const read = orderFromServiceRequest(request, {});
  if (!read.ok) throw new Error(read.error.words);
  return read.value;
};
const everything = [
  'the side',
  'the reason for exam',
  'the diagnosis code for billing',
  'the procedure code for billing',
  'the coverage',
  'the authorization',
  'the physician’s NPI',
];
/** What the new order can bring of its own, and what of the desk's it takes the place of. */
const own: readonly (readonly [string, Partial<ServiceRequest>])[] = [
  ['the side', { extension: [{ url: 'urn:overread:laterality', valueCode: 'L' }] }],
  ['the reason for exam', { reasonCode: [{ text: 'Twisted' }, ...(sent.reasonCode ?? [])] }],
  ['the diagnosis code for billing', { reasonCode: [{ coding: [{ code: 'S83.6' }] }] }],
  ['the procedure code for billing', { code: { coding: [{ code: 'XKNEE3' }], text: 'XR KNEE 3 VIEWS' } }],
  ['the coverage', { insurance: [{ reference: 'Coverage/own' }] }],
  ['the authorization', { insurance: [{ reference: 'ClaimResponse/own' }] }],
  ['the physician’s NPI', { requester: { display: 'Dr S. Second' } }],
];

describe('an order that its site’s system sends again after the desk completed it', () => {
  it('keeps all that the desk gave, with the notes by which a repeat of its commands is known', () => {
    const again = orderSentAgain(sent, completed);
    expect([again.kept, again.replaced]).toEqual([everything, []]);
    expect(billingOfServiceRequest(again.request)).toEqual(billingOfServiceRequest(completed));
    expect(order(again.request)).toEqual(order(completed));
    expect(again.request.note).toEqual(completed.note);
    expect(sentAgainWords(again)).toBe(`; kept as the site’s desk gave it: ${everything.join(', ')}`);
    // And again, as often as it is sent.
    expect(orderSentAgain(sent, again.request)).toEqual(again);
    // A system that reads, changes and writes sends the desk's words as its own: nothing is doubled.
    expect(orderSentAgain(completed, completed).request).toEqual(completed);
  });

  it.each(own)('takes the new order’s own value: %s', (what, change) => {
    const again = orderSentAgain({ ...sent, ...change }, completed);
    expect(again.replaced).toEqual([what]);
    expect(again.kept).toEqual(everything.filter((one) => one !== what));
    expect(sentAgainWords(again)).toContain(`no longer as the site’s desk gave it: ${what}`);
    // What it once brought is its own: the desk's does not come back when it is sent without.
    expect(orderSentAgain(sent, again.request).kept).not.toContain(what);
  });

  it('never puts one physician’s number beside another’s name', () => {
    const other = orderSentAgain({ ...sent, requester: { display: 'Dr S. Second' } }, completed).request;
    expect(order(other).orderedBy).toMatchObject({ name: 'Dr S. Second', npi: null });
  });

  it('is as it was sent where the desk gave nothing, whatever it was before', () => {
    fc.assert(
      fc.property(fc.subarray([...own]), (changes) => {
        const before = Object.assign({}, sent, ...changes.map(([, change]) => change)) as ServiceRequest;
        expect(orderSentAgain(sent, before)).toEqual({ request: sent, kept: [], replaced: [] });
      }),
    );
  });
});

import type { ServiceRequest } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import type { BillCorrection } from '../../domain/billing/index.ts';
import { instant } from '../../lib/instant.ts';
import { billingOfServiceRequest, correctedForBilling, orderFromServiceRequest, orderSentAgain } from './index.ts';

const request: ServiceRequest = {
  resourceType: 'ServiceRequest',
  id: 'o1',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p1' },
  code: { coding: [{ system: 'urn:site', code: 'XKNEER' }], text: 'XR KNEE RIGHT' },
  reasonCode: [{ text: 'Fall' }, { coding: [{ code: 'S80' }], text: 'Contusion of knee' }],
  requester: { display: 'Dr O. Orderer' },
  insurance: [{ reference: 'Coverage/c1' }],
};
const note = { by: { id: 'desk', name: 'Desk' }, at: instant(0), text: 'why' };
const all: readonly (readonly [BillCorrection, string | null])[] = [
  [{ kind: 'authorization', number: 'PA', from: null, until: null }, 'ClaimResponse/supplied-authorization-1'],
  [{ kind: 'coverage', payer: 'P', from: null, until: null }, 'Coverage/supplied-coverage-1'],
  [{ kind: 'diagnosis', code: 'S8001XA', instead: 'S80' }, null],
  [{ kind: 'procedure', code: '73562' }, null],
  [{ kind: 'orderer-npi', npi: '1234567893' }, null],
];
const corrected = all.reduce((now, [one, reference]) => correctedForBilling(now, one, reference, note), request);

describe('an order completed for billing', () => {
  it('says to billing what was supplied, in place of the code that was wrong', () => {
    expect(billingOfServiceRequest(corrected)).toEqual({
      procedureCodes: ['XKNEER', '73562'],
      diagnosisCodes: ['S8001XA'],
      coverageIds: ['c1', 'supplied-coverage-1'],
      authorizationIds: ['supplied-authorization-1'],
    });
    expect(corrected.note).toHaveLength(all.length);
  });

  it('says to the reading what it said before: exam, codes, reason, side; only the orderer’s NPI is new', () => {
    const [before, after] = [orderFromServiceRequest(request, {}), orderFromServiceRequest(corrected, {})];
    if (!before.ok || !after.ok) throw new Error('not an order');
    expect(after.value).toEqual({ ...before.value, orderedBy: { name: 'Dr O. Orderer', npi: '1234567893' } });
    const npi = correctedForBilling(request, { kind: 'orderer-npi', npi: '1234567893' }, null, note);
    expect(orderFromServiceRequest({ ...npi, requester: request.requester }, {})).toEqual(before);
  });

  it('keeps what was supplied when the site’s system sends the order again, but no procedure code of another exam', () => {
    const again = orderSentAgain(request, corrected).request;
    expect(billingOfServiceRequest(again)).toEqual({
      procedureCodes: ['XKNEER', '73562'],
      diagnosisCodes: ['S8001XA'],
      coverageIds: ['c1', 'supplied-coverage-1'],
      authorizationIds: ['supplied-authorization-1'],
    });
    const other = orderSentAgain({ ...request, code: { coding: [{ code: 'XHIP' }], text: 'XR HIP' } }, corrected);
    expect(billingOfServiceRequest(other.request).procedureCodes).toEqual(['XHIP']);
    expect(orderSentAgain(corrected, corrected).request).toEqual(corrected);
  });
});

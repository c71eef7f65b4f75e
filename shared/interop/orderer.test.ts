import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aSignedReport } from '../../test/builders/signed-report.ts';
import type { Orderer } from '../domain/order/index.ts';
import { instant } from '../lib/instant.ts';
import { linkedRequest, ordererToFhir, orderFromServiceRequest, unlinkedOrderer } from './fhir/index.ts';
import { buildOru, parseMessage, segmentsNamed, valueAt } from './hl7v2/index.ts';

const part = fc
  .string({ minLength: 1, maxLength: 12 })
  .filter((text) => /^[\p{L}\p{N}.&|~\\' -]+$/u.test(text) && text.trim() === text && text !== '""');
const or = <Value>(one: fc.Arbitrary<Value>) => fc.oneof(fc.constant('' as const), one);
const anOrderer: fc.Arbitrary<Orderer> = fc
  .record({
    parts: fc.record({
      family: part.filter((text) => /\p{L}/u.test(text)),
      given: part,
      middle: or(part),
      suffix: or(part),
      prefix: or(part),
    }),
    known: fc.oneof(
      fc.constant({ npi: '1234567893' }),
      fc.record({ npi: fc.constant(null), number: fc.record({ value: part, authority: or(part) }) }),
    ),
  })
  .map(({ parts, known }) => ({ name: `${parts.family}, ${parts.given}`, parts, ...known }));

/** OBR-16 of the ORU over an order that this person wrote. */
function sentBack(orderedBy: Orderer | null, field: readonly ['OBR' | 'ORC', number]): string {
  const read = parseMessage(
    buildOru(aSignedReport(), {
      controlId: 'C1',
      sender: { application: 'A', facility: 'B' },
      receiver: { application: 'C', facility: 'D' },
      processing: 'T',
      state: 'final',
      releasedAt: instant(0),
      zone: 'UTC',
      order: { placerNumber: 'P', fillerNumber: 'F', procedure: null, reason: '', orderedBy, patientClass: null },
      exam: { studyDate: null, studyTime: null },
    }),
  );
  if (!read.ok) throw new Error('not a message');
  const [segment] = segmentsNamed(read.value, field[0]);
  return [1, 2, 3, 4, 5, 6, 9, 13]
    .map((component) => valueAt(read.value, segment, { field: field[1], component }))
    .join('\n');
}

describe('the ordering physician', () => {
  it('goes into the record and back to the site in OBR-16 and ORC-12 with the parts and number that it came with', () => {
    fc.assert(
      fc.property(anOrderer, (orderer) => {
        const request = {
          resourceType: 'ServiceRequest',
          id: 'o1',
          code: { text: 'CT' },
          requester: { reference: 'Practitioner/p1', display: orderer.name },
        };
        const read = orderFromServiceRequest(request, { practitioner: ordererToFhir('p1', orderer, 'reno') });
        expect(read.ok && read.value.orderedBy).toEqual({ ...orderer, practitioner: 'p1' });
        const { parts, npi, number } = orderer;
        const wanted = [
          npi ?? number?.value,
          parts?.family,
          parts?.given,
          parts?.middle,
          parts?.suffix,
          parts?.prefix,
          npi === null ? number?.authority : 'NPI',
          npi === null ? '' : 'NPI',
        ].join('\n');
        const back = read.ok ? read.value.orderedBy : null;
        expect(sentBack(back, ['OBR', 16])).toBe(wanted);
        expect(sentBack(back, ['ORC', 12])).toBe(wanted);
      }),
    );
  });

  it('is never shown or sent under the number or parts of a Practitioner of another name', () => {
    const other = ordererToFhir(
      'p1',
      {
        name: 'SECOND, SAM',
        npi: '1234567893',
        parts: { family: 'SECOND', given: 'SAM', middle: '', suffix: '', prefix: '' },
      },
      '',
    );
    const read = orderFromServiceRequest(
      {
        resourceType: 'ServiceRequest',
        id: 'o1',
        code: { text: 'CT' },
        requester: { reference: 'Practitioner/p1', display: 'Dr Olivia Orderer' },
      },
      { practitioner: other },
    );
    expect(read.ok && read.value.orderedBy).toEqual({ name: 'Dr Olivia Orderer', npi: null, practitioner: 'p1' });
  });

  it('is taken from a request that carries its Practitioner along, and the request then names the one in the record', () => {
    const request = {
      resourceType: 'ServiceRequest' as const,
      status: 'active' as const,
      intent: 'order' as const,
      subject: { reference: 'Patient/p' },
      contained: [
        {
          resourceType: 'Practitioner' as const,
          id: 'doc',
          identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '1234567893' }],
          name: [{ family: 'Orderer', given: ['Olivia'] }],
        },
      ],
      requester: { reference: '#doc' },
    };
    const orderer = unlinkedOrderer(request);
    expect(orderer).toMatchObject({ name: 'Olivia Orderer', npi: '1234567893' });
    expect(linkedRequest(request, { ...(orderer as Orderer), practitioner: 'orderer-1' })).toEqual({
      ...request,
      contained: undefined,
      requester: { reference: 'Practitioner/orderer-1', display: 'Olivia Orderer' },
    });
    expect(unlinkedOrderer({ ...request, requester: { reference: 'Practitioner/x' } })).toBeNull();
  });
});

import type { Organization, Patient, ServiceRequest } from '@medplum/fhirtypes';
import type { Code, Order, OrderId, OrderStatus, Priority, Site } from '../../domain/order/index.ts';
import type { AccessionNumber, Laterality } from '../../domain/study/index.ts';
import { fromFhirInstant, toFhirInstant } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { isZone } from '../../lib/zoned-time.ts';
import { isForBilling } from './billing-correction.ts';
import { orderedByOf } from './orderer.ts';
import { identityFromPatient, patientToFhir } from './patient.ts';
import { isProposal } from './proposal.ts';
import { at, codeIn, extensionOf, isFhirId, listAt, numberAt, oneOf, referenceId, textAt } from './read.ts';
import { ours, systems, timezoneExtension } from './systems.ts';

/** The resources that a ServiceRequest names, as far as they could be read. */
export type RelatedToOrder = {
  readonly patient?: unknown;
  readonly organization?: unknown;
  readonly location?: unknown;
  readonly practitioner?: unknown;
};

export type OrderFailure = {
  readonly code: 'not-an-order' | 'no-id' | 'no-procedure' | 'other-patient';
  readonly words: string;
};

/** R4 request-status. */
const statuses: readonly OrderStatus[] = [
  'draft',
  'active',
  'on-hold',
  'revoked',
  'completed',
  'entered-in-error',
  'unknown',
];
/** R4 request-priority. */
const priorities: readonly Priority[] = ['stat', 'asap', 'urgent', 'routine'];
/** SNOMED CT qualifiers of side: 7771000 Left, 24028007 Right, 51440002 Right and left. */
const sides: { readonly [code: string]: Laterality | undefined } = { '7771000': 'L', '24028007': 'R', '51440002': 'B' };

function codeOf(concept: unknown): Code | null {
  const coding = listAt(concept, 'coding').find((one) => textAt(one, 'code') !== null && !isForBilling(one));
  const words = textAt(concept, 'text');
  const code = textAt(coding, 'code') ?? '';
  const display = words ?? textAt(coding, 'display') ?? code;
  return display === '' ? null : { system: textAt(coding, 'system') ?? '', code, display };
}

function phoneOf(place: unknown): string | null {
  return textAt(
    listAt(place, 'telecom').find((one) => at(one, 'system') === 'phone'),
    'value',
  );
}

/** The site of an Organization, its gaps filled from the Location. An unknown zone is UTC, and times then say UTC. */
export function siteFromFhir(organization: unknown, location?: unknown): Site | null {
  const places = [organization, location].filter((one) => textAt(one, 'id') !== null);
  const first = places[0];
  if (first === undefined) return null;
  const pick = (read: (place: unknown) => string | null): string | null =>
    places.map(read).find((found) => found !== null) ?? null;
  const zone = pick((place) => {
    const extension = extensionOf(place, timezoneExtension);
    return textAt(extension, 'valueCode') ?? textAt(extension, 'valueString');
  });
  return {
    id: textAt(first, 'id') ?? '',
    name: pick((place) => textAt(place, 'name')) ?? textAt(first, 'id') ?? '',
    state: pick((place) => textAt(place, 'address', 0, 'state') ?? textAt(place, 'address', 'state')) ?? '',
    zone: zone !== null && isZone(zone) ? zone : 'UTC',
    phone: pick(phoneOf),
  };
}

function identifierOf(request: unknown, type: string): string | null {
  return textAt(
    listAt(request, 'identifier').find((one) => codeIn(at(one, 'type'), systems.identifierType) === type),
    'value',
  );
}

function placerGroupOf(request: unknown): Pick<Order, 'placerGroup'> {
  const group = textAt(request, 'requisition', 'value');
  return group === null || group === '' ? {} : { placerGroup: group };
}

/** The side that the order says, by our own mark or by a coded body site; null where it says none. */
export function lateralityOf(request: unknown): Laterality | null {
  const own = oneOf<Laterality>(['L', 'R', 'B'], textAt(extensionOf(request, ours.laterality), 'valueCode'));
  if (own !== null) return own;
  for (const site of listAt(request, 'bodySite')) {
    for (const coding of listAt(site, 'coding')) {
      const side = at(coding, 'system') === systems.snomed ? sides[textAt(coding, 'code') ?? ''] : undefined;
      if (side !== undefined) return side;
    }
  }
  return null;
}

/** An order in our words. A Patient that is not the request's subject is refused: its words would land on another's images. */
export function orderFromServiceRequest(request: unknown, related: RelatedToOrder): Result<Order, OrderFailure> {
  if (at(request, 'resourceType') !== 'ServiceRequest')
    return err({ code: 'not-an-order', words: 'The record gave something else than a ServiceRequest.' });
  // R4 RequestIntent: a proposal or a plan has been ordered by nobody. Read as an order it would put an exam on the list that no patient had.
  if (isProposal(request))
    return err({ code: 'not-an-order', words: 'The record gave a proposal, which orders nothing.' });
  const id = textAt(request, 'id');
  if (id === null || !isFhirId(id)) return err({ code: 'no-id', words: 'The order has no id.' });
  const procedure = codeOf(at(request, 'code'));
  if (procedure === null) return err({ code: 'no-procedure', words: `Order ${id} does not say which exam is wanted.` });
  const subject = referenceId(textAt(request, 'subject', 'reference'), 'Patient');
  const patientId = textAt(related.patient, 'id');
  if (patientId !== null && subject !== null && patientId !== subject)
    return err({
      code: 'other-patient',
      words: `Order ${id} is for Patient/${subject}, not for Patient/${patientId}.`,
    });
  const reasons = listAt(request, 'reasonCode').filter((one) => !isForBilling(one));
  const spoken = reasons.find((one) => listAt(one, 'coding').length === 0);
  const authored = fromFhirInstant(textAt(request, 'authoredOn') ?? '');
  const expected = numberAt(extensionOf(request, ours.expectedInstances), 'valueInteger');
  return ok({
    id: id as OrderId,
    status: oneOf(statuses, at(request, 'status')) ?? 'unknown',
    patient: identityFromPatient(related.patient),
    patientReference: subject,
    accession: identifierOf(request, 'ACSN') as AccessionNumber | null,
    placerNumber: identifierOf(request, 'PLAC'),
    ...placerGroupOf(request),
    procedure,
    modality: codeIn(
      listAt(request, 'orderDetail').find((one) => codeIn(one, systems.dicom) !== null),
      systems.dicom,
    ),
    bodyPart: textAt(request, 'bodySite', 0, 'text') ?? textAt(request, 'bodySite', 0, 'coding', 0, 'display'),
    laterality: lateralityOf(request),
    reason: textAt(spoken, 'text') ?? '',
    reasonCodes: reasons.flatMap((one) => {
      const code = listAt(one, 'coding').length > 0 ? codeOf(one) : null;
      return code === null ? [] : [code];
    }),
    // R4: an absent priority means routine; only our own mark says that nobody told us.
    priority:
      extensionOf(request, ours.unknownPriority) === undefined
        ? at(request, 'priority') === undefined
          ? 'routine'
          : (oneOf(priorities, at(request, 'priority')) ?? 'unknown')
        : 'unknown',
    site: siteFromFhir(related.organization, related.location),
    orderedBy: orderedByOf(request, related.practitioner),
    authoredOn: authored.ok ? authored.value : null,
    expectedInstances: expected !== null && Number.isInteger(expected) && expected >= 0 ? expected : null,
    requestedReport:
      textAt(extensionOf(request, ours.requestedReport), 'valueCode') === 'preliminary' ? 'preliminary' : 'final',
  });
}

/** The Organization of a site, with its state, zone and phone. */
export function siteToFhir(site: Site): Organization {
  return {
    resourceType: 'Organization',
    id: site.id,
    active: true,
    name: site.name,
    extension: [{ url: timezoneExtension, valueCode: site.zone }],
    ...(site.state === '' ? {} : { address: [{ use: 'work' as const, state: site.state, country: 'US' }] }),
    ...(site.phone === null
      ? {}
      : { telecom: [{ system: 'phone' as const, use: 'work' as const, value: site.phone }] }),
  };
}

function concept(code: Code): ServiceRequest['code'] {
  return {
    ...(code.code === ''
      ? {}
      : { coding: [{ ...(code.system === '' ? {} : { system: code.system }), code: code.code }] }),
    text: code.display,
  };
}

/** The order as an R4 record holds it. Its ids come with it; a missing patient reference leaves the subject without a target. */
export function orderToResources(order: Order): {
  readonly serviceRequest: ServiceRequest;
  readonly patient: Patient | null;
  readonly organization: Organization | null;
} {
  const identifier = (type: string, value: string | null) =>
    value === null ? [] : [{ type: { coding: [{ system: systems.identifierType, code: type }] }, value }];
  const identifiers = [...identifier('ACSN', order.accession), ...identifier('PLAC', order.placerNumber)];
  const reasons = [
    ...(order.reason === '' ? [] : [{ text: order.reason }]),
    ...order.reasonCodes.flatMap((code) => concept(code) ?? []),
  ];
  const serviceRequest: ServiceRequest = {
    resourceType: 'ServiceRequest',
    id: order.id,
    extension: [
      { url: ours.requestedReport, valueCode: order.requestedReport },
      ...(order.expectedInstances === null
        ? []
        : [{ url: ours.expectedInstances, valueInteger: order.expectedInstances }]),
      ...(order.laterality === null ? [] : [{ url: ours.laterality, valueCode: order.laterality }]),
      ...(order.priority === 'unknown' ? [{ url: ours.unknownPriority, valueBoolean: true }] : []),
    ],
    ...(identifiers.length === 0 ? {} : { identifier: identifiers }),
    ...(order.placerGroup === undefined ? {} : { requisition: { value: order.placerGroup } }),
    status: order.status,
    intent: 'order',
    category: [{ coding: [{ system: systems.snomed, code: '363679005', display: 'Imaging' }] }],
    ...(order.priority === 'unknown' ? {} : { priority: order.priority }),
    code: concept(order.procedure),
    ...(order.modality === null
      ? {}
      : { orderDetail: [{ coding: [{ system: systems.dicom, code: order.modality }] }] }),
    subject: order.patientReference === null ? {} : { reference: `Patient/${order.patientReference}` },
    ...(order.authoredOn === null ? {} : { authoredOn: toFhirInstant(order.authoredOn) }),
    ...(order.orderedBy === null
      ? {}
      : {
          requester: {
            ...(order.orderedBy.practitioner === undefined
              ? {}
              : { reference: `Practitioner/${order.orderedBy.practitioner}` }),
            ...(order.orderedBy.name === '' ? {} : { display: order.orderedBy.name }),
            ...(order.orderedBy.npi === null
              ? {}
              : { identifier: { system: systems.npi, value: order.orderedBy.npi } }),
          },
        }),
    ...(order.site === null
      ? {}
      : { performer: [{ reference: `Organization/${order.site.id}`, display: order.site.name }] }),
    ...(reasons.length === 0 ? {} : { reasonCode: reasons }),
    ...(order.bodyPart === null ? {} : { bodySite: [{ text: order.bodyPart }] }),
  };
  return {
    serviceRequest,
    patient: order.patientReference === null ? null : patientToFhir(order.patientReference, order.patient),
    organization: order.site === null ? null : siteToFhir(order.site),
  };
}

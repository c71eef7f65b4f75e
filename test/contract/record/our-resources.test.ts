import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createEmbeddedRecord,
  createRecordClient,
  type EmbeddedRecord,
  embeddedRecordUrl,
  type RecordClient,
} from '../../../electron/host/record/index.ts';
import type { Order, OrderId } from '../../../shared/domain/order/index.ts';
import type { ReaderId } from '../../../shared/domain/reader/index.ts';
import { emptyDesk, type ReadingTask, type TaskId } from '../../../shared/domain/reading/index.ts';
import type { AccessionNumber, StudyUid } from '../../../shared/domain/study/index.ts';
import { eventTypes } from '../../../shared/domain/turnaround/index.ts';
import {
  eventFromAuditEvent,
  eventToAuditEvent,
  orderFromServiceRequest,
  orderToResources,
  practitionerToFhir,
  provenanceToFhir,
  reportFromFhir,
  reportToFhir,
  taskFromFhir,
  taskToFhir,
} from '../../../shared/interop/fhir/index.ts';
import { instant, millis } from '../../../shared/lib/instant.ts';
import { aDigest, aSignedReport } from '../../builders/signed-report.ts';
import { testPorts } from './servers.ts';

const when = instant(Date.UTC(2026, 2, 8, 9));

const order: Order = {
  id: 'order-1' as OrderId,
  status: 'active',
  patient: { id: 'MRN-88', issuer: 'LARKSPUR', name: 'MÜLLER^Žofie^^Dr', birthDate: '19520309', sex: 'F' },
  patientReference: 'patient-1',
  accession: 'LK-4471' as AccessionNumber,
  placerNumber: 'P-1',
  procedure: { system: 'http://loinc.org', code: '24627-2', display: 'CT chest' },
  modality: 'CT',
  bodyPart: 'CHEST',
  laterality: 'L',
  reason: 'Check for "metastatic" disease <urgent>',
  reasonCodes: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'R10.31', display: 'Pain' }],
  priority: 'unknown',
  site: { id: 'larkspur', name: 'Larkspur Imaging', state: 'CA', zone: 'America/Los_Angeles', phone: '555 0100' },
  orderedBy: { name: 'Dr. Adam Careful', npi: '1234567893' },
  authoredOn: when,
  expectedInstances: 120,
  requestedReport: 'final',
};

const task: ReadingTask = {
  id: 'task-1' as TaskId,
  state: 'claimed',
  orderId: order.id,
  archive: 'main',
  studyUid: '1.2.3' as StudyUid,
  requestedReport: 'final',
  claim: { reader: 'reader-1' as ReaderId, readerName: 'Dr M. Tandewright', fencingToken: 3, leaseUntil: when },
  lastFencingToken: 3,
  desk: emptyDesk,
  released: { reportId: 'rep-7f3a', version: 1, digest: aDigest, kind: 'final' },
  authoredOn: when,
};

let record: EmbeddedRecord;
let client: RecordClient;
beforeAll(async () => {
  const ports = testPorts();
  record = await createEmbeddedRecord({ directory: randomUUID(), key: new Uint8Array(32), ports, inMemory: true });
  client = createRecordClient({
    name: 'embedded',
    baseUrl: embeddedRecordUrl,
    fetch: record.fetch,
    credentials: { kind: 'none' },
    ports,
  });
});
afterAll(() => record.close());

async function through<Kind extends Resource & { id?: string }>(resource: Kind | null): Promise<Resource> {
  if (resource === null) throw new Error('nothing to store');
  const put = await client.put(resource);
  if (!put.ok) throw new Error(put.error.message);
  const read = await client.read(resource.resourceType, resource.id ?? '');
  if (!read.ok) throw new Error(read.error.message);
  return read.value.resource;
}

describe('what Overread writes, through the embedded record and its validation', () => {
  it('an order with its patient and site', async () => {
    const written = orderToResources(order);
    const patient = await through(written.patient);
    const organization = await through(written.organization);
    const request = await through(written.serviceRequest);
    expect(orderFromServiceRequest(request, { patient, organization })).toEqual({ ok: true, value: order });
  });

  it('an order of which little is known', async () => {
    const bare = {
      ...order,
      site: null,
      orderedBy: null,
      accession: null,
      placerNumber: null,
      reason: '',
      reasonCodes: [],
    };
    expect((await through(orderToResources(bare).serviceRequest)).id).toBe(order.id);
  });

  it('a claimed task, found by its order and by its study', async () => {
    const stored = await through(taskToFhir(task, { patientReference: 'patient-1', accession: 'LK-4471' }));
    expect(taskFromFhir(stored)).toMatchObject({ ok: true, value: { task } });
    const searches: Record<string, string>[] = [
      { 'based-on': 'ServiceRequest/order-1' },
      { identifier: 'urn:dicom:uid|urn:oid:1.2.3' },
      { status: 'accepted', owner: 'Practitioner/reader-1' },
      { patient: 'Patient/patient-1' },
    ];
    for (const parameters of searches) {
      const found = await client.search('Task', parameters);
      expect(found.ok && found.value.length, JSON.stringify(parameters)).toBe(1);
    }
  });

  it('a signed report with its signature', async () => {
    const content = aSignedReport();
    const form = { data: 'PGh0bWw+', size: 6, sha1: 'aGFzaA==' };
    const facts = {
      digest: aDigest,
      state: 'final' as const,
      issued: when,
      html: form,
      pdf: form,
      patientReference: 'patient-1',
      organizationReference: 'larkspur',
    };
    expect(reportFromFhir(await through(reportToFhir(content, facts)))).toMatchObject({
      ok: true,
      value: { version: 1, digest: aDigest },
    });
    await through(provenanceToFhir(content, aDigest, 'a.b.c', 'DiagnosticReport/rep-7f3a', 'prov-1'));
    const signatures = await client.search('Provenance', { target: 'DiagnosticReport/rep-7f3a' });
    expect(signatures.ok && signatures.value.map((one) => one.resource.id)).toEqual(['prov-1']);
    const reports = await client.search('DiagnosticReport', { 'based-on': 'ServiceRequest/order-1', status: 'final' });
    expect(reports.ok && reports.value.length).toBe(1);
  });

  it('a reader with keys', async () => {
    const reader = {
      id: 'reader-1' as ReaderId,
      userName: 'reader',
      name: 'Dr M. Tandewright',
      role: 'radiologist' as const,
      npi: '1234567893',
      states: ['CA'],
    };
    expect(
      (await through(practitionerToFhir(reader, [{ keyId: 'k1', jwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } }])))
        .id,
    ).toBe('reader-1');
  });

  it.each(eventTypes)('the event %s', async (type) => {
    const event = {
      id: `event-${type.toLowerCase()}`,
      type,
      occurredAt: when,
      recordedAt: when,
      clock: { source: 'host' as const, skew: millis(12), confidence: 'high' as const },
      actor: { kind: 'person' as const, id: 'reader-1', name: 'Dr M. Tandewright' },
      subject: {
        taskId: 'task-1',
        orderId: 'order-1',
        accession: 'LK-4471',
        studyUid: '1.2.3',
        report: { id: 'rep-7f3a', version: 1 },
      },
      site: 'larkspur',
      detail: 'sent to the record',
      cause: null,
      channel: 'record',
    };
    expect(eventFromAuditEvent(await through(eventToAuditEvent(event)))).toEqual({ ok: true, value: event });
  });
});

const examples =
  process.env.OVERREAD_TEST_DATA === undefined
    ? '../shared/data/fhir/hl7-r4-examples'
    : `${process.env.OVERREAD_TEST_DATA}/fhir/hl7-r4-examples`;
describe.skipIf(!existsSync(examples))('examples of the specification, through the embedded record', () => {
  const kept =
    /^(Patient|ServiceRequest|Task|Practitioner|PractitionerRole|Organization|Location|ImagingStudy|DiagnosticReport|Provenance|AuditEvent|Communication|CommunicationRequest|Observation|Coverage)-/;
  const files = existsSync(examples) ? readdirSync(examples).filter((file) => kept.test(file)) : ['(absent)'];
  it.each(files)('%s', async (file) => {
    const resource = JSON.parse(readFileSync(`${examples}/${file}`, 'utf8')) as Resource & { id: string };
    expect((await through(resource)).id).toBe(resource.id);
  });
});

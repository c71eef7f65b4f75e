import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDigest, aSignedReport } from '../../../test/builders/signed-report.ts';
import type { Order, OrderId } from '../../domain/order/index.ts';
import type { Reader, ReaderId } from '../../domain/reader/index.ts';
import {
  holdReasons,
  type PendingMove,
  passReasons,
  type ReadingTask,
  type TaskId,
} from '../../domain/reading/index.ts';
import type { AccessionNumber, StudyUid } from '../../domain/study/index.ts';
import { eventTypes, type ReadingEvent } from '../../domain/turnaround/index.ts';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { instant, millis } from '../../lib/instant.ts';
import {
  eventFromAuditEvent,
  eventToAuditEvent,
  orderFromServiceRequest,
  orderToResources,
  practitionerToFhir,
  provenanceToFhir,
  publicKeysOf,
  readerFromFhir,
  reportFromFhir,
  reportToFhir,
  signatureFromProvenance,
  taskFromFhir,
  taskToFhir,
  vouchedDigestInput,
} from './index.ts';

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.-]{0,20}$/);
const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
const name = fc
  .stringMatching(/^[A-Za-zÀ-žΑ-ωА-я][A-Za-zÀ-žΑ-ωА-я' -]{0,10}[a-z]$/)
  .map((text) => text.replace(/\s+/g, ' '));
const when = fc.integer({ min: 0, max: 4_000_000_000_000 }).map(instant);
const or = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const anOrder: fc.Arbitrary<Order> = fc.record({
  id: id.map((text) => text as OrderId),
  status: fc.constantFrom('draft', 'active', 'on-hold', 'revoked', 'completed', 'entered-in-error', 'unknown'),
  patient: fc.record({
    id: or(id),
    issuer: fc.constant(null),
    name: fc.oneof(
      fc.constant(''),
      name,
      fc.tuple(name, name).map((parts) => parts.join('^')),
      fc.constant('YAMADA^Tarou=山田^太郎=やまだ^たろう'),
      fc.constant('A^^C'),
      fc.constant('A^B^C^Dr^Jr'),
    ),
    birthDate: fc.constantFrom(null, '1952', '195203', '19520309'),
    sex: fc.constantFrom(null, 'M', 'F', 'O'),
  }),
  patientReference: id,
  accession: or(words.map((text) => text as AccessionNumber)),
  placerNumber: or(words),
  procedure: fc.record({
    system: fc.constantFrom('', 'http://loinc.org'),
    code: fc.constantFrom('C1', '24627-2'),
    display: words,
  }),
  modality: fc.constantFrom(null, 'CT', 'MR'),
  bodyPart: or(words),
  laterality: fc.constantFrom(null, 'L', 'R', 'B'),
  reason: fc.oneof(fc.constant(''), words),
  reasonCodes: fc.array(
    fc.record({
      system: fc.constant('http://hl7.org/fhir/sid/icd-10-cm'),
      code: fc.constant('R10.31'),
      display: words,
    }),
    { maxLength: 2 },
  ),
  priority: fc.constantFrom('stat', 'asap', 'urgent', 'routine', 'unknown'),
  site: or(
    fc.record({
      id,
      name: words,
      state: fc.constantFrom('CA', 'NV'),
      zone: fc.constantFrom('America/Los_Angeles', 'America/Phoenix'),
      phone: or(words),
    }),
  ),
  orderedBy: or(fc.record({ name: words, npi: or(fc.constant('1234567893')) })),
  authoredOn: or(when),
  expectedInstances: or(fc.nat(5000)),
  requestedReport: fc.constantFrom('preliminary', 'final'),
});

const person = id.map((text) => text as ReaderId);
const personName = fc.oneof(fc.constant(''), words);
const freeWords = fc.oneof(fc.constant(''), words);
const aDesk: fc.Arbitrary<ReadingTask['desk']> = fc.record({
  hold: or(fc.record({ reason: fc.constantFrom(...holdReasons), words: freeWords })),
  assigned: or(fc.record({ reader: person, readerName: personName, byName: personName })),
  passes: fc.array(fc.record({ reader: person, reason: fc.constantFrom(...passReasons) }), { maxLength: 3 }),
  looks: fc.array(
    fc.record({
      id,
      by: person,
      byName: personName,
      to: person,
      toName: personName,
      question: freeWords,
      askedAt: when,
      answer: or(fc.record({ words: freeWords, at: when })),
    }),
    { maxLength: 3 },
  ),
});

const bareTask: fc.Arbitrary<ReadingTask> = fc.record({
  id: id.map((text) => text as TaskId),
  state: fc.constantFrom('queued', 'claimed', 'reading', 'held', 'completed', 'cancelled'),
  orderId: or(id.map((text) => text as OrderId)),
  archive: or(words),
  studyUid: fc.constantFrom(null, '1.2.3' as StudyUid),
  requestedReport: fc.constantFrom('preliminary', 'final'),
  claim: or(
    fc.record({
      reader: id.map((text) => text as ReaderId),
      readerName: fc.oneof(fc.constant(''), words),
      fencingToken: fc.integer({ min: 1, max: 2_000_000_000 }),
      leaseUntil: when,
    }),
  ),
  lastFencingToken: fc.nat(2_000_000_000),
  released: or(
    fc.record({
      reportId: id,
      version: fc.integer({ min: 1, max: 99 }),
      digest: fc.constant(aDigest),
      kind: fc.constantFrom('preliminary', 'final', 'addendum', 'correction'),
    }),
  ),
  authoredOn: when,
  desk: aDesk,
});
/** Only a task that is held has a reason for it. */
const pendingMove: fc.Arbitrary<PendingMove> = fc.record({
  by: id as fc.Arbitrary<ReaderId>,
  byName: fc.oneof(fc.constant(''), words),
  host: words,
  since: when,
  how: fc.oneof(
    fc.record({
      kind: fc.constant('pass' as const),
      reason: fc.constantFrom(...passReasons),
      words: fc.oneof(fc.constant(''), words),
    }),
    fc.record({
      kind: fc.constant('reassign' as const),
      reader: id as fc.Arbitrary<ReaderId>,
      readerName: fc.oneof(fc.constant(''), words),
      words: fc.oneof(fc.constant(''), words),
    }),
  ),
  shares: fc.array(fc.record({ taskId: id as fc.Arbitrary<TaskId>, fencingToken: or(fc.nat(9)) }), {
    minLength: 1,
    maxLength: 4,
  }),
});
const readingTask = fc
  .tuple(bareTask, or(pendingMove))
  .map(([task, moving]): ReadingTask => (moving === null ? task : { ...task, moving }))
  .map((task) => (task.state === 'held' ? task : { ...task, desk: { ...task.desk, hold: null } }));

const readingEvent: fc.Arbitrary<ReadingEvent> = fc.record({
  id,
  type: fc.constantFrom(...eventTypes),
  occurredAt: when,
  recordedAt: or(when),
  clock: fc.record({
    source: fc.constantFrom('record', 'host', 'modality', 'placer'),
    skew: or(fc.integer({ min: -100_000, max: 100_000 }).map(millis)),
    confidence: fc.constantFrom('high', 'low'),
  }),
  actor: fc.oneof(
    fc.record({
      kind: fc.constant('person' as const),
      id: fc.oneof(id, words),
      name: fc.oneof(fc.constant(''), words),
    }),
    fc.record({ kind: fc.constant('device' as const), name: fc.oneof(fc.constant(''), words) }),
  ),
  subject: fc.record({
    taskId: id,
    orderId: or(id),
    accession: or(words),
    studyUid: fc.constantFrom(null, '1.2.3'),
    report: or(fc.record({ id, version: fc.integer({ min: 1, max: 9 }) })),
  }),
  site: or(words),
  detail: fc.oneof(fc.constant(''), words),
  cause: or(id),
  channel: fc.constantFrom(null, 'record', 'hl7'),
});

const facts = {
  digest: aDigest,
  state: 'final' as const,
  issued: instant(1_772_964_000_000),
  html: { data: 'PGh0bWw+', size: 6, sha1: 'aGFzaA==' },
  pdf: { data: 'JVBERg==', size: 4, sha1: 'cGRm' },
  patientReference: 'p1',
  organizationReference: 'site-1',
};

describe('FHIR', () => {
  it('gives an order back as it was written, over the wire and with its related resources', () => {
    fc.assert(
      fc.property(anOrder, (order) => {
        const written = overTheWire(orderToResources(order)) as ReturnType<typeof orderToResources>;
        const read = orderFromServiceRequest(written.serviceRequest, {
          patient: written.patient,
          organization: written.organization,
        });
        expect(read).toEqual({ ok: true, value: order });
      }),
    );
  });

  it('keeps what a placer ordered together', () => {
    fc.assert(
      fc.property(anOrder, words, (order, placerGroup) => {
        const { serviceRequest } = overTheWire(orderToResources({ ...order, placerGroup })) as ReturnType<
          typeof orderToResources
        >;
        const read = orderFromServiceRequest(serviceRequest, {});
        expect(read.ok && read.value.placerGroup).toBe(placerGroup);
      }),
    );
  });

  it('gives a reading task back as it was written: claim, lease, tokens and released report', () => {
    fc.assert(
      fc.property(readingTask, or(id), or(words), (task, patientReference, accession) => {
        const names = { patientReference, accession };
        expect(taskFromFhir(overTheWire(taskToFhir(task, names)))).toEqual({ ok: true, value: { task, names } });
      }),
    );
  });

  it('gives an event back as it was written', () => {
    fc.assert(
      fc.property(readingEvent, (event) => {
        expect(eventFromAuditEvent(overTheWire(eventToAuditEvent(event)))).toEqual({ ok: true, value: event });
      }),
    );
  });

  it('takes the time of recording from the server when the event was written without one', () => {
    const event = { ...fc.sample(readingEvent, { numRuns: 1, seed: 1 })[0], recordedAt: null } as ReadingEvent;
    const read = eventFromAuditEvent({ ...eventToAuditEvent(event), meta: { lastUpdated: '2026-03-08T10:00:00Z' } });
    expect(read.ok && read.value.recordedAt).toBe(Date.UTC(2026, 2, 8, 10));
  });

  it('refuses a patient who is not the subject of the order', () => {
    const { serviceRequest, patient } = orderToResources(fc.sample(anOrder, { numRuns: 1, seed: 3 })[0] as Order);
    const read = orderFromServiceRequest(serviceRequest, { patient: { ...patient, id: 'somebody-else' } });
    expect(!read.ok && read.error.code).toBe('other-patient');
  });

  it('refuses half a claim instead of passing over it', () => {
    const task = taskToFhir({
      ...(fc.sample(readingTask, { numRuns: 1, seed: 5 })[0] as ReadingTask),
      claim: { reader: 'r' as ReaderId, readerName: 'R', fencingToken: 4, leaseUntil: instant(0) },
    });
    const read = taskFromFhir({ ...task, owner: undefined });
    expect(!read.ok && read.error.code).toBe('bad-task');
  });

  it('reads anything at all without throwing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ServiceRequest', 'Task', 'AuditEvent', 'DiagnosticReport', 'Practitioner', 'Provenance'),
        fc.object({
          key: fc.constantFrom(
            'code',
            'coding',
            'identifier',
            'extension',
            'status',
            'name',
            'input',
            'id',
            'url',
            '__proto__',
          ),
        }),
        (resourceType, shape) => {
          const resource = { ...shape, resourceType, id: 'x' };
          orderFromServiceRequest(resource, { patient: shape, organization: shape });
          for (const read of [
            taskFromFhir,
            eventFromAuditEvent,
            reportFromFhir,
            readerFromFhir,
            signatureFromProvenance,
            vouchedDigestInput,
            publicKeysOf,
          ])
            read(resource);
        },
      ),
    );
  });

  it('reads version, digest and status back from a report, and vouches for the same after what servers do to it', () => {
    const report = reportToFhir(aSignedReport(), facts);
    expect(reportFromFhir(overTheWire(report))).toMatchObject({
      ok: true,
      value: {
        version: 1,
        digest: aDigest,
        kind: 'final',
        state: 'final',
        orderId: 'order-1',
        studyUid: aSignedReport().studyUid,
      },
    });
    const stored = {
      ...(overTheWire(report) as typeof report),
      meta: { versionId: '2', lastUpdated: '2026-03-08T10:00:00Z', source: '#x' },
      issued: '2026-03-08T03:00:00.000-07:00',
      category: [...(report.category ?? [])].reverse(),
      presentedForm: [...(report.presentedForm ?? [])]
        .reverse()
        .map(({ data: _moved, ...rest }) => ({ ...rest, url: 'https://record.example/Binary/1' })),
      subject: { ...report.subject, reference: 'https://record.example/fhir/Patient/p1', display: 'added' },
      text: { status: 'generated', div: report.text?.div?.replaceAll('<p>', '\n <p>').replaceAll('Ł', '&#x141;') },
    };
    expect(canonicalJson(vouchedDigestInput(stored))).toBe(
      canonicalJson(vouchedDigestInput({ ...report, issued: '2026-03-08T10:00:00.000Z' })),
    );
  });

  it('vouches no longer when a word, a status, a hash, a subject or the version is another', () => {
    const report = reportToFhir(aSignedReport(), facts);
    const mine = canonicalJson(vouchedDigestInput(report));
    const others = [
      { ...report, conclusion: `${report.conclusion}.` },
      { ...report, status: 'preliminary' },
      { ...report, subject: { reference: 'Patient/p2' } },
      { ...report, text: { ...report.text, div: report.text?.div?.replace('Acute', 'No') } },
      { ...report, presentedForm: report.presentedForm?.map((form) => ({ ...form, hash: 'b3RoZXI=' })) },
      { ...report, extension: report.extension?.filter((one) => one.valueInteger === undefined) },
      { ...report, imagingStudy: [] },
    ];
    for (const other of others) expect(canonicalJson(vouchedDigestInput(other))).not.toBe(mine);
  });

  it('escapes every text of the narrative', () => {
    const report = reportToFhir(aSignedReport(), facts);
    expect(report.text?.div).not.toContain('<script');
    expect(report.text?.div).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(report.conclusion).toContain('Acute appendicitis');
  });

  it('shows an addendum beside the impression, with its reason', () => {
    const addended = aSignedReport({
      kind: 'addendum',
      version: 2,
      reason: 'Late prior',
      sections: [...aSignedReport().sections, { code: '55107-7', title: 'Addendum', text: 'Unchanged since 2024.' }],
    });
    const report = reportToFhir(addended, { ...facts, state: 'appended' });
    expect(report.status).toBe('appended');
    expect(report.conclusion).toContain('Addendum: Unchanged since 2024.\nReason of the addendum: Late prior');
  });

  it('carries the signature byte for byte', () => {
    const jws = 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln';
    const provenance = provenanceToFhir(aSignedReport(), aDigest, jws, 'DiagnosticReport/rep-7f3a', 'prov-1');
    expect(signatureFromProvenance(overTheWire(provenance))).toEqual({
      ok: true,
      value: {
        target: 'DiagnosticReport/rep-7f3a',
        version: 1,
        digest: aDigest,
        signer: 'reader-1',
        signedAt: aSignedReport().signedAt,
        jws,
      },
    });
    expect(provenance.signature?.[0]?.type[0]?.code).toBe('1.2.840.10065.1.12.1.5');
  });

  it('publishes public keys only, and gives the reader back', () => {
    const reader: Reader = {
      id: 'r1' as ReaderId,
      userName: 'reader',
      name: 'Dr M. Tandewright',
      role: 'radiologist',
      npi: null,
      states: ['CA', 'NV'],
    };
    const jwk = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'PRIVATE' };
    const written = practitionerToFhir(reader, [
      { keyId: 'k1', jwk },
      { keyId: 'k2', jwk: { kty: 'oct', k: 'SECRET' } },
    ]);
    expect(JSON.stringify(written)).not.toMatch(/PRIVATE|SECRET/);
    expect(publicKeysOf(overTheWire(written))).toEqual([
      { keyId: 'k1', jwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } },
    ]);
    expect(readerFromFhir(overTheWire(written))).toEqual({ ok: true, value: reader });
    for (const states of ['all', []] as const)
      expect(readerFromFhir(practitionerToFhir({ ...reader, states }, []))).toMatchObject({ value: { states } });
  });
});

const examples = fileURLToPath(new URL('../../../../shared/data/fhir/hl7-r4-examples', import.meta.url));
describe.skipIf(!existsSync(examples))('FHIR, examples of the specification', () => {
  const load = (prefix: string) =>
    readdirSync(examples)
      .filter((file) => file.startsWith(prefix))
      .map((file) => JSON.parse(readFileSync(`${examples}/${file}`, 'utf8')));
  it('reads the chest CT order', () => {
    const order = orderFromServiceRequest(JSON.parse(readFileSync(`${examples}/ServiceRequest-di.json`, 'utf8')), {
      patient: JSON.parse(readFileSync(`${examples}/Patient-dicom.json`, 'utf8')),
    });
    expect(order).toMatchObject({
      ok: true,
      value: {
        procedure: { code: '24627-2', display: 'Chest CT' },
        reason: 'Check for metastatic disease',
        orderedBy: { name: 'Dr. Adam Careful' },
        patientReference: 'dicom',
        patient: { id: 'MINT1234', sex: 'M' },
      },
    });
  });
  it('reads every ServiceRequest and says of every foreign Task, event and report that it is not ours', () => {
    for (const request of load('ServiceRequest'))
      expect(orderFromServiceRequest(request, {})).toMatchObject({ ok: true });
    for (const task of load('Task'))
      expect(taskFromFhir(task)).toMatchObject({ error: { code: 'not-a-reading-task' } });
    for (const event of load('AuditEvent'))
      expect(eventFromAuditEvent(event)).toMatchObject({ error: { code: 'not-an-event' } });
    for (const report of load('DiagnosticReport'))
      expect(reportFromFhir(report)).toMatchObject({ error: { code: 'not-ours' } });
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DiagnosticReport, Patient } from '@medplum/fhirtypes';
import { createArchiveClient, createEmbeddedArchive, embeddedArchiveUrl } from '../../electron/host/archive/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { createRecordClient } from '../../electron/host/record/index.ts';
import type { Order, OrderId } from '../../shared/domain/order/index.ts';
import type { Role } from '../../shared/domain/reader/index.ts';
import type { AccessionNumber, PatientIdentity } from '../../shared/domain/study/index.ts';
import { orderToResources, patientToFhir } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { type BuiltElement, buildImage } from '../builders/part10.ts';
import { startFhirRouter } from '../servers/fhir-router/server.ts';
import { startOrthanc } from '../servers/orthanc/index.ts';
import { startTestHost, type TestHost, testPorts } from '../servers/overread-host/start-host.ts';
import { addPeople } from './people.ts';

const root = '2.25.7700';
const astrid: PatientIdentity = {
  id: 'Q1',
  issuer: 'QUILLBACK',
  name: 'Petrelsen^Astrid',
  birthDate: '19710505',
  sex: 'F',
};

type Exam = {
  readonly patient: Partial<PatientIdentity>;
  readonly date: string;
  readonly more?: readonly BuiltElement[];
};
/** The day's exam and what lies in the archive beside it, by the last component of its study UID. */
const exams: Readonly<Record<number, Exam>> = {
  1: { patient: {}, date: '20261120', more: [['00101005', 'PN', 'Thistlewood^Astrid']] },
  2: { patient: { id: 'S77', issuer: 'SALTFLAT', name: 'THISTLEWOOD^ASTRID' }, date: '20250214' },
  3: { patient: { id: 'C9', issuer: 'CEDAR', birthDate: '19710515' }, date: '20260101' },
  4: { patient: { id: 'L5', issuer: 'LARKSPUR', name: 'Petrelson^Astrid' }, date: '20240303' },
  5: { patient: { issuer: null, name: 'Marsh^Penelope', birthDate: '19600101' }, date: '20240404' },
  6: { patient: { birthDate: '19710506' }, date: '20240505' },
  7: { patient: { id: 'Q0', name: 'Petrelsen^A' }, date: '20230606' },
  8: { patient: { id: 'T3', issuer: 'TRAUMACENTRE', name: 'DOE^JANE' }, date: '20230707' },
  9: { patient: { id: 'S77', issuer: 'SALTFLAT', name: 'THISTLEWOOD^ASTRID' }, date: '20261125' },
};
export const uid = (number: number): string => `${root}.${number}`;

function imageOf(number: number): Uint8Array {
  const { patient, date, more = [] } = exams[number] ?? { patient: {}, date: '' };
  const who = { ...astrid, ...patient };
  return buildImage({
    study: uid(number),
    series: `${uid(number)}.1`,
    instance: `${uid(number)}.1.1`,
    accession: `A-${number}`,
    date,
    patientId: who.id ?? '',
    patientName: who.name,
    number,
    more: [
      ...(who.issuer === null ? [] : ([['00100021', 'LO', who.issuer]] as const)),
      ['00100030', 'DA', who.birthDate ?? ''],
      ['00100040', 'CS', who.sex ?? ''],
      ['00081030', 'LO', 'CT KNEE'],
      ['00180015', 'CS', 'KNEE'],
      ['00080080', 'LO', `Place ${who.issuer ?? 'unknown'}`],
      ['00080201', 'SH', '-0500'],
      ...more,
    ],
  });
}

const order: Order = {
  id: 'order-1' as OrderId,
  status: 'active',
  patient: astrid,
  patientReference: 'patient-q1',
  accession: 'A-1' as AccessionNumber,
  placerNumber: 'P1',
  procedure: { system: 'urn:local', code: 'CTKNEE', display: 'CT knee' },
  modality: 'CT',
  bodyPart: 'KNEE',
  laterality: null,
  reason: 'Pain.',
  reasonCodes: [],
  priority: 'routine',
  site: null,
  orderedBy: null,
  authoredOn: instant(Date.parse('2026-11-20T12:00:00Z')),
  expectedInstances: 1,
  requestedReport: 'final',
};

function report(
  id: string,
  patient: string,
  words: string,
  more: Partial<DiagnosticReport>,
): DiagnosticReport & { id: string } {
  return {
    resourceType: 'DiagnosticReport',
    id,
    status: 'final',
    code: { text: 'XR left knee' },
    subject: { reference: `Patient/${patient}` },
    text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${words}</p></div>` },
    issued: '2026-01-05T10:00:00Z',
    ...more,
  };
}
const ofStudy = (number: number): Partial<DiagnosticReport> => ({
  imagingStudy: [{ identifier: { system: 'urn:dicom:uid', value: `urn:oid:${uid(number)}` } }],
});

/** What intake writes of patients and reports: one merged by ADT^A40, reports that came by ORU^R01. */
const inRecord: readonly ((Patient | DiagnosticReport) & { id: string })[] = [
  { ...patientToFhir('patient-q1', astrid), id: 'patient-q1' },
  {
    ...patientToFhir('patient-q0', { ...astrid, id: 'Q0', name: 'Petrelsen^A' }),
    id: 'patient-q0',
    active: false,
    link: [{ other: { reference: 'Patient/patient-q1' }, type: 'replaced-by' }],
  },
  {
    ...patientToFhir('patient-s77', { ...astrid, id: 'S77', issuer: 'SALTFLAT', name: 'Thistlewood^Astrid' }),
    id: 'patient-s77',
  },
  { ...patientToFhir('patient-c9', { ...astrid, id: 'C9', issuer: 'CEDAR', birthDate: '19710515' }), id: 'patient-c9' },
  report('report-two', 'patient-s77', 'Small effusion &lt;img src=x onerror=alert(1)&gt;', ofStudy(2)),
  report('foreign-words', 'patient-c9', 'Prosthesis of somebody else.', ofStudy(2)),
  report('report-alone', 'patient-s77', 'No fracture in 2019.', { effectiveDateTime: '2019-03-01T09:30:00Z' }),
  report('report-stranger', 'patient-c9', 'A stranger.', { effectiveDateTime: '2019-04-01' }),
  report('report-four', 'patient-s77', 'Never under another patient.', ofStudy(3)),
];

/** A host of which one patient has earlier exams at many places, over an archive and somebody else's record. */
export type PriorsHost = {
  readonly host: TestHost;
  readonly directory: string;
  /** Ends the archive and the record, and with `keep` not the host's folder. */
  stop(): Promise<void>;
};

export async function startPriorsHost(options: {
  readonly people: Readonly<Record<string, Role>>;
  readonly orthanc: boolean;
  readonly pageDirectory?: string;
}): Promise<PriorsHost> {
  const directory = await mkdtemp(join(tmpdir(), 'overread-priors-'));
  await addPeople(directory, options.people);
  const orthanc = options.orthanc ? await startOrthanc() : null;
  const ports = testPorts();
  const keys = await openKeyRing({ directory, secret: { kind: 'key-file' } });
  if (!keys.ok) throw new Error(keys.error.message);
  const embedded =
    orthanc === null ? await createEmbeddedArchive({ directory, key: keys.value.derive('archive'), ports }) : null;
  const archive = createArchiveClient({
    name: 'archive',
    baseUrl: orthanc?.url ?? embeddedArchiveUrl,
    fetch: embedded?.fetch ?? ((request) => fetch(request)),
    credentials: { kind: 'none' },
    ports,
  });
  for (const number of Object.keys(exams)) {
    const stored = await archive.store(imageOf(Number(number)));
    if (!stored.ok) throw new Error(stored.error.message);
  }
  await archive.close();
  await embedded?.close();
  const router = await startFhirRouter();
  const record = createRecordClient({
    name: 'record',
    baseUrl: router.url,
    credentials: { kind: 'none' },
    fetch: (request) => fetch(request),
    ports,
  });
  for (const resource of [...inRecord, orderToResources(order).serviceRequest]) {
    const put = await record.put(resource);
    if (!put.ok) throw new Error(put.error.message);
  }
  const host = await startTestHost({
    directory,
    pageDirectory: options.pageDirectory ?? null,
    settings: {
      demo: false,
      studyDays: 60_000,
      record: { kind: 'remote', url: router.url, credentials: { kind: 'none' } },
      ...(orthanc === null
        ? {}
        : { archive: { kind: 'remote' as const, url: orthanc.url, credentials: { kind: 'none' as const } } }),
    },
  });
  return {
    host,
    directory,
    stop: async () => {
      await host.stop();
      await router.close();
      await orthanc?.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

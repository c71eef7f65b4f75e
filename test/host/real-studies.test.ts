import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createArchiveClient, createEmbeddedArchive, embeddedArchiveUrl } from '../../electron/host/archive/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { createRecordClient } from '../../electron/host/record/index.ts';
import type { WorklistRow } from '../../shared/api/index.ts';
import type { Order, OrderId } from '../../shared/domain/order/index.ts';
import type { Study } from '../../shared/domain/study/index.ts';
import { orderToResources } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { type FhirRouterServer, startFhirRouter } from '../servers/fhir-router/server.ts';
import { startTestHost, testPorts } from '../servers/overread-host/start-host.ts';
import { hasSharedData, part10FilesOf, sharedData } from '../servers/shared-data.ts';
import { draftOf, openForReading, rowWhere, signCommand, type TestHost, type TestReader } from './case-driver.ts';

/** What a record can hold: some of the samples carry dates that no calendar has. */
function realDate(text: string | null): string | null {
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(text ?? '');
  return parts !== null && Number(parts[2]) >= 1 && Number(parts[2]) <= 12 && Number(parts[3]) >= 1 ? text : null;
}

function orderFor(study: Study, index: number): Order {
  return {
    id: `order-${index}` as OrderId,
    status: 'active',
    // The order as a site would have typed it: same person, other case, no padding, full words.
    patient: { ...study.patient, name: study.patient.name.toUpperCase(), birthDate: realDate(study.patient.birthDate) },
    patientReference: `patient-${index}`,
    accession: study.accession,
    placerNumber: `P${index}`,
    procedure: {
      system: 'urn:local',
      code: `X${index}`,
      display: study.description === '' ? 'Exam' : study.description,
    },
    modality: study.modalities[0] ?? null,
    bodyPart: study.bodyPart,
    laterality: null,
    reason: 'Test of every real study.',
    reasonCodes: [],
    priority: 'routine',
    site: null,
    orderedBy: null,
    authoredOn: instant(Date.now()),
    expectedInstances: null,
    requestedReport: 'final',
  };
}

describe.skipIf(!hasSharedData)('every real study that an order can name', () => {
  let directory: string;
  let host: TestHost;
  let reader: TestReader;
  let router: FhirRouterServer;
  let putOrder: (study: Study) => Promise<void>;
  const studies: Study[] = [];
  const unnamed: string[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-real-'));
    const keys = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!keys.ok) throw new Error(keys.error.message);
    const ports = testPorts();
    const embedded = await createEmbeddedArchive({ directory, key: keys.value.derive('archive'), ports });
    const archive = createArchiveClient({
      name: 'embedded-archive',
      baseUrl: embeddedArchiveUrl,
      credentials: { kind: 'none' },
      fetch: embedded.fetch,
      ports,
    });
    for await (const bytes of part10FilesOf(join(sharedData, 'dicom', 'studies'))) await archive.store(bytes);
    const found = await archive.searchStudies({});
    if (!found.ok) throw new Error(found.error.message);
    router = await startFhirRouter();
    const record = createRecordClient({
      name: 'record',
      baseUrl: router.url,
      credentials: { kind: 'none' },
      fetch: (request) => fetch(request),
      ports,
    });
    putOrder = async (study) => {
      const { serviceRequest, patient } = orderToResources(orderFor(study, found.value.indexOf(study)));
      for (const resource of [patient, serviceRequest]) {
        const written = resource === null ? null : await record.put(resource);
        if (written?.ok === false) throw new Error(written.error.message);
      }
    };
    for (const study of found.value) {
      if (
        study.modalities.length === 0 ||
        study.patient.name === '' ||
        (study.patient.id === null && study.accession === null)
      ) {
        unnamed.push(study.studyUid);
        continue;
      }
      const same = found.value.filter(
        (one) => one.patient.id === study.patient.id && one.patient.name === study.patient.name,
      );
      // Two studies of one patient and no accession: no order can say which of them it means, and Overread does not guess.
      if (study.accession === null && same.length > 1) {
        unnamed.push(study.studyUid);
        continue;
      }
      studies.push(study);
    }
    await archive.close();
    await embedded.close();
    host = await startTestHost({
      directory,
      settings: {
        demo: false,
        studyDays: 60_000,
        record: { kind: 'remote', url: router.url, credentials: { kind: 'none' } },
      },
    });
    await fetch(`${host.url}/api/accounts/first`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ userName: 'tester', name: 'Dr T. Ester', password: 'long enough 1', npi: null }),
    });
    reader = await host.signIn('tester', 'long enough 1');
  }, 300_000);
  afterAll(async () => {
    await host?.stop();
    await router?.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('is matched with its order, is no identity clash, and can be read and signed', async () => {
    expect(studies.length).toBeGreaterThan(20);
    const failed: string[] = [];
    let password: string | undefined = 'long enough 1';
    for (const study of studies) await putOrder(study);
    for (const study of studies) {
      const what = `${study.modalities.join('/')} ${study.patient.name} ${study.studyUid}`;
      const fits = (row: WorklistRow): boolean => row.studyUid === study.studyUid && row.link === 'order-and-images';
      const row = await rowWhere(reader, what, fits, 30_000).catch(() => null);
      if (row === null) {
        failed.push(`${what}: no order`);
        continue;
      }
      const detail = await openForReading(reader, row.taskId);
      const signed = await reader.call('sign', {
        params: { taskId: row.taskId },
        input: signCommand(detail, draftOf(detail, reader, 'Seen.', 'Nothing to add.'), 'final', password),
      });
      password = undefined;
      if (!signed.ok) failed.push(`${what}: ${signed.error.code} ${signed.error.message}`);
      else if (signed.value.report.state !== 'final') failed.push(`${what}: ${signed.value.report.state}`);
    }
    console.log(`${studies.length} real studies signed, ${unnamed.length} that no order can name left out`);
    expect(failed).toEqual([]);
  }, 300_000);
});

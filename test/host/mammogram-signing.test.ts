import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Provenance } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArchiveClient, createArchiveClient } from '../../electron/host/archive/index.ts';
import { createRecordClient, type RecordClient } from '../../electron/host/record/index.ts';
import type { Order, OrderId } from '../../shared/domain/order/index.ts';
import type { AccessionNumber } from '../../shared/domain/study/index.ts';
import { orderToResources, patientToFhir } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { type BuiltElement, buildImage } from '../builders/part10.ts';
import { type ArchiveUnderTest, archives, network, serveHandler } from '../contract/archive/servers.ts';
import { startFhirRouter } from '../servers/fhir-router/server.ts';
import { startTestHost, type TestHost, type TestReader, testPorts } from '../servers/overread-host/start-host.ts';
import { draftOf, openForReading, rowWhere, signCommand } from './case-driver.ts';
import { addPeople, testPassword } from './people.ts';

const who = { id: 'P1', issuer: 'PINEMARK', name: 'Winterquay^Maeve', birthDate: '19750614', sex: 'F' as const };
const originalClass = '1.2.840.10008.5.1.4.1.1.1.2';
const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';

/** Two views each, in a series of its own; what makes the second one of a study unfit, and what is said of it. */
const exams = [
  { name: 'original', says: [], sopClass: originalClass, refusal: null },
  {
    name: 'lossy',
    says: [['00282110', 'CS', '01']],
    sopClass: originalClass,
    refusal: 'Not for interpretation: L MLO is lossy compressed.',
  },
  {
    name: 'film',
    says: [['00080064', 'CS', 'DF']],
    sopClass: secondaryCapture,
    refusal: 'Not for interpretation: L MLO is digitised film.',
  },
] as const satisfies readonly { says: readonly BuiltElement[]; [key: string]: unknown }[];
const studyOf = (index: number): string => `2.25.9900.${index + 1}`;

describe.each(archives)('a mammogram is signed by a host over $label', (kind) => {
  describe.skipIf(kind.missing !== null)(kind.missing ?? 'as far as its images say of themselves', () => {
    let directory: string;
    let under: ArchiveUnderTest;
    let served: { readonly url: string; stop(): Promise<void> } | null;
    let archive: ArchiveClient;
    let record: RecordClient;
    let router: { readonly url: string; close(): Promise<void> };
    let host: TestHost;
    let ann: TestReader;

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'overread-mammograms-'));
      await addPeople(directory, { ann: 'radiologist' });
      under = await kind.start();
      served = under.fetch === network ? null : await serveHandler(under.fetch, new URL(under.url).origin);
      const url = served === null ? under.url : `${served.url}${new URL(under.url).pathname}`;
      const ports = testPorts();
      const remote = (request: Request): Promise<Response> => fetch(request);
      archive = createArchiveClient({ name: 'a', baseUrl: url, fetch: remote, credentials: { kind: 'none' }, ports });
      router = await startFhirRouter();
      record = createRecordClient({
        name: 'record',
        baseUrl: router.url,
        credentials: { kind: 'none' },
        fetch: remote,
        ports,
      });
      await record.put({ ...patientToFhir('patient-p1', who), id: 'patient-p1' });
      for (const [index, exam] of exams.entries()) {
        for (const [at, view] of (['CC', 'MLO'] as const).entries()) {
          const stored = await archive.store(
            buildImage({
              study: studyOf(index),
              series: `${studyOf(index)}.${at + 1}`,
              instance: `${studyOf(index)}.${at + 1}.1`,
              patientId: who.id,
              patientName: who.name,
              accession: `M-${index}`,
              date: '20261120',
              modality: 'MG',
              number: 1,
              more: [
                ['00080016', 'UI', at === 1 ? exam.sopClass : originalClass],
                ['00080068', 'CS', 'FOR PRESENTATION'],
                ['0008103E', 'LO', view],
                ['00100021', 'LO', who.issuer],
                ['00100030', 'DA', who.birthDate],
                ['00100040', 'CS', who.sex],
                ['00081030', 'LO', 'MG SCREENING'],
                ['00180015', 'CS', 'BREAST'],
                ['00185101', 'CS', view],
                ['00200062', 'CS', at === 1 ? 'L' : 'R'],
                ...(at === 1 ? exam.says : []),
              ],
            }),
          );
          if (!stored.ok) throw new Error(stored.error.message);
        }
        const order: Order = {
          id: `order-${index}` as OrderId,
          status: 'active',
          patient: who,
          patientReference: 'patient-p1',
          accession: `M-${index}` as AccessionNumber,
          placerNumber: `P${index}`,
          procedure: { system: 'urn:local', code: 'MGSCREEN', display: 'MG screening' },
          modality: 'MG',
          bodyPart: 'BREAST',
          laterality: null,
          reason: 'Screening.',
          reasonCodes: [],
          priority: 'routine',
          site: null,
          orderedBy: null,
          authoredOn: instant(Date.parse('2026-11-20T12:00:00Z')),
          expectedInstances: 2,
          requestedReport: 'final',
        };
        const put = await record.put(orderToResources(order).serviceRequest);
        if (!put.ok) throw new Error(put.error.message);
      }
      host = await startTestHost({
        directory,
        settings: {
          demo: false,
          studyDays: 60_000,
          record: { kind: 'remote', url: router.url, credentials: { kind: 'none' } },
          archive: { kind: 'remote', url, credentials: { kind: 'none' } },
        },
      });
      ann = await host.signIn('ann', testPassword);
    }, 240_000);
    afterAll(async () => {
      await host?.stop();
      await archive?.close();
      await router?.close();
      await served?.stop();
      await under?.stop();
      await rm(directory, { recursive: true, force: true });
    });

    it.each(exams.map((exam, index) => [exam.name, index, exam.refusal] as const))(
      '%s: whatever the page says that it has shown',
      async (_name, index, refusal) => {
        const fits = (one: { studyUid: string | null; link: string; images: { present: number } }): boolean =>
          one.studyUid === studyOf(index) && one.link === 'order-and-images' && one.images.present === 2;
        const row = await rowWhere(ann, 'the mammogram', fits, 90_000);
        const detail = await openForReading(ann, row.taskId);
        const opened = [`${studyOf(index)}.1`, '2.25.4711', `${studyOf(index)}.1`];
        const sign = (what: 'preliminary' | 'final') =>
          ann.call('sign', {
            params: { taskId: row.taskId },
            input: {
              ...signCommand(detail, draftOf(detail, ann, 'Two views.', 'BI-RADS 1.'), what, testPassword),
              seriesOpened: opened,
            },
          });
        if (refusal !== null) {
          for (const what of ['preliminary', 'final'] as const)
            expect(await sign(what)).toMatchObject({
              ok: false,
              error: { code: 'not-a-legal-move', message: expect.stringContaining(refusal) },
            });
          return;
        }
        const signed = await sign('final');
        if (!signed.ok) throw new Error(signed.error.message);
        // The record keeps which series of the study were opened, once each, and nothing else of what was looked at.
        const { content } = signed.value.report.versions.at(-1) ?? {};
        expect(content?.seriesOpened).toEqual([`${studyOf(index)}.1`]);
        const target = `DiagnosticReport/${signed.value.report.reportId}`;
        await expect
          .poll(
            async () => {
              const found = await record.search('Provenance', { target });
              const [provenance] = found.ok ? (found.value as readonly { resource: Provenance }[]) : [];
              return provenance?.resource.entity?.map((one) => one.what.identifier?.value) ?? null;
            },
            { timeout: 30_000 },
          )
          .toEqual([`urn:oid:${studyOf(index)}.1`]);
        // The signature holds with it.
        const verified = await ann.call('verifyReport', { params: { taskId: row.taskId } });
        expect(verified.ok && verified.value.versions.map((one) => one.verdict)).toEqual(['verified']);
      },
    );
  });
});

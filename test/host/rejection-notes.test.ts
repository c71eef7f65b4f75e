import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArchiveClient, createArchiveClient } from '../../electron/host/archive/index.ts';
import { createRecordClient } from '../../electron/host/record/index.ts';
import { type CaseDetail, caseHeaders } from '../../shared/api/index.ts';
import type { Order, OrderId } from '../../shared/domain/order/index.ts';
import type { RejectionCode } from '../../shared/domain/rejection/index.ts';
import type { AccessionNumber } from '../../shared/domain/study/index.ts';
import { orderToResources, patientToFhir } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { buildImage } from '../builders/part10.ts';
import { buildRejectionNote } from '../builders/rejection-note.ts';
import { type ArchiveUnderTest, archives, network, serveHandler } from '../contract/archive/servers.ts';
import { startFhirRouter } from '../servers/fhir-router/server.ts';
import { countLooks, quickPace } from '../servers/overread-host/quick-pace.ts';
import { startTestHost, type TestHost, type TestReader, testPorts } from '../servers/overread-host/start-host.ts';
import { draftOf, eventually, openForReading, rowWhere, signCommand } from './case-driver.ts';
import { addPeople, testPassword } from './people.ts';

const study = '2.25.8800.1';
const series = `${study}.1`;
const image = (number: number): string => `${series}.${number}`;
const who = { id: 'Q1', issuer: 'QUILLBACK', name: 'Petrelsen^Astrid', birthDate: '19710505', sex: 'F' as const };

const order: Order = {
  id: 'order-1' as OrderId,
  status: 'active',
  patient: who,
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
  expectedInstances: 5,
  requestedReport: 'final',
};

describe.each(archives)('rejection notes (IHE IOCM) at a host over $label', (kind) => {
  describe.skipIf(kind.missing !== null)(kind.missing ?? 'of five images', () => {
    let directory: string;
    let under: ArchiveUnderTest;
    let served: { readonly url: string; stop(): Promise<void> } | null;
    let archive: ArchiveClient;
    let router: { readonly url: string; close(): Promise<void> };
    let host: TestHost;
    let ann: TestReader;
    let lead: TestReader;
    let taskId: string;
    let detail: CaseDetail;
    const { looked, looks } = countLooks();
    const person = { patientId: who.id, patientName: who.name };
    let notes = 0;

    /** After the archive was asked again and every study whose look was due was compared with its report. */
    const afterLooks = async (): Promise<void> => {
      await looks('intake', 2);
      await looks('images after report', 8);
    };
    async function reject(code: RejectionCode | '113000', numbers: readonly number[]): Promise<void> {
      notes += 1;
      const stored = await archive.store(
        buildRejectionNote({
          ...person,
          study,
          series,
          code,
          instances: numbers.map(image),
          noteUid: `${series}.900.${notes}`,
        }),
      );
      if (!stored.ok) throw new Error(stored.error.message);
    }
    const statusOf = async (number: number): Promise<number> => {
      const answered = await ann.fetch(
        `/dicomweb/${detail.study?.archive}/studies/${study}/series/${series}/instances/${image(number)}/frames/1`,
        {
          [caseHeaders.task]: taskId,
          [caseHeaders.epoch]: String(detail.context.epoch),
          Accept: 'multipart/related; type="application/octet-stream"; transfer-syntax=*',
        },
      );
      await answered.arrayBuffer().catch(() => undefined);
      return answered.status;
    };

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'overread-rejections-'));
      await addPeople(directory, { ann: 'radiologist', leda: 'lead' });
      under = await kind.start();
      // The embedded archive lives in this process: it is put on a port. Orthanc has its own.
      served = under.fetch === network ? null : await serveHandler(under.fetch, new URL(under.url).origin);
      const url = served === null ? under.url : `${served.url}${new URL(under.url).pathname}`;
      const ports = testPorts();
      const remote = (request: Request): Promise<Response> => fetch(request);
      archive = createArchiveClient({ name: 'a', baseUrl: url, fetch: remote, credentials: { kind: 'none' }, ports });
      for (const number of [1, 2, 3, 4, 5]) {
        const stored = await archive.store(
          buildImage({
            ...person,
            study,
            series,
            instance: image(number),
            accession: 'A-1',
            date: '20261120',
            modality: 'CT',
            number,
            more: [
              ['00100021', 'LO', who.issuer],
              ['00100030', 'DA', who.birthDate],
              ['00100040', 'CS', who.sex],
              ['00081030', 'LO', 'CT KNEE'],
              ['00180015', 'CS', 'KNEE'],
            ],
          }),
        );
        if (!stored.ok) throw new Error(stored.error.message);
      }
      // Before anybody reads: one for patient safety, one for quality, and key images that reject nothing.
      await reject('113037', [1]);
      await reject('113001', [2]);
      await reject('113000', [3]);
      router = await startFhirRouter();
      const record = createRecordClient({
        name: 'record',
        baseUrl: router.url,
        credentials: { kind: 'none' },
        fetch: remote,
        ports,
      });
      for (const resource of [
        { ...patientToFhir('patient-q1', who), id: 'patient-q1' },
        orderToResources(order).serviceRequest,
      ]) {
        const put = await record.put(resource);
        if (!put.ok) throw new Error(put.error.message);
      }
      host = await startTestHost({
        directory,
        ports: { pace: quickPace(looked) },
        settings: {
          demo: false,
          studyDays: 60_000,
          record: { kind: 'remote', url: router.url, credentials: { kind: 'none' } },
          archive: { kind: 'remote', url, credentials: { kind: 'none' } },
        },
      });
      [ann, lead] = await Promise.all([host.signIn('ann', testPassword), host.signIn('leda', testPassword)]);
      const row = await rowWhere(
        ann,
        'the case with what is left of its images',
        (one) => one.studyUid === study && one.link === 'order-and-images' && one.images.present === 3,
        90_000,
      );
      ({ taskId } = row);
      expect(row.images).toEqual({ present: 3, expected: 5 });
      detail = await openForReading(ann, taskId);
    }, 240_000);
    afterAll(async () => {
      await host?.stop();
      await archive?.close();
      await router?.close();
      await served?.stop();
      await under?.stop();
      await rm(directory, { recursive: true, force: true });
    });

    it('keep what they name from being given out; what was rejected for quality alone may be asked for', async () => {
      expect(await statusOf(1)).toBe(404);
      expect(await statusOf(2)).toBe(200);
      expect(await statusOf(3)).toBe(200);
    });

    it('leave it out of what a signature covers', async () => {
      const signed = await ann.call('sign', {
        params: { taskId },
        input: signCommand(detail, draftOf(detail, ann, 'Three images.', 'Normal.'), 'final', testPassword),
      });
      if (!signed.ok) throw new Error(signed.error.message);
      expect(signed.value.report.versions.at(-1)?.content.instances).toEqual([image(3), image(4), image(5)]);
      await eventually('the release', async () => {
        const found = await ann.call('report', { params: { taskId } });
        return found.ok && found.value.report.state === 'final' ? true : null;
      });
    });

    it('that come after the signature and name what it covers go to the lead, by name and reason, and a lead ends them', async () => {
      // The first look keeps what was signed.
      await afterLooks();
      await reject('113038', [3]);
      const line = await eventually(
        'the line above the lead’s list',
        async () => {
          const board = await lead.call('imagesAfterReports');
          const [first] = board.ok ? board.value.lines : [];
          return (first?.item.told.some((one) => one.as === 'lead') ?? false) ? (first ?? null) : null;
        },
        150_000,
      );
      expect(line).toMatchObject({ taskId, accession: 'A-1', item: { report: { version: 1 } } });
      expect(line.item.difference.notes).toEqual([
        { noteUid: `${series}.900.${notes}`, code: '113038', sentBy: 'Larkspur', instances: [image(3)] },
      ]);
      expect(line.item.difference.series.map((one) => [one.added, one.withdrawn])).toEqual([[0, 1]]);
      const { item } = line;
      const ending = {
        params: { taskId },
        input: { id: item.id, seen: item.difference.digest, reason: 'withdrawn-not-used', words: '' } as const,
      };
      expect(await ann.call('endImagesAfterReport', ending)).toMatchObject({
        error: { code: 'forbidden', message: expect.stringContaining('a lead has to end it') },
      });
      const ended = await lead.call('endImagesAfterReport', ending);
      expect(ended.ok && ended.value.open).toBe(null);
      // The same once more: two hosts, or a second look.
      await afterLooks();
      const after = await lead.call('caseImagesAfterReport', { params: { taskId } });
      expect(after.ok && [after.value.open, after.value.ended.length]).toEqual([null, 1]);
    }, 240_000);

    it('that come after the signature are ended by an addendum that is signed without what they name', async () => {
      await reject('113037', [4]);
      await eventually(
        'the next matter',
        async () => {
          const found = await lead.call('caseImagesAfterReport', { params: { taskId } });
          return found.ok && found.value.open !== null && found.value.open.difference.notes !== undefined ? true : null;
        },
        150_000,
      );
      const again = await openForReading(ann, taskId, 2);
      const draft = draftOf(again, ann, '', '', {
        kind: 'addendum',
        baseVersion: 1,
        addendum: 'The site rejected two images; the third is normal.',
        reason: 'Rejected by the site.',
      });
      const signed = await ann.call('sign', {
        params: { taskId },
        input: signCommand(again, draft, 'addendum', testPassword),
      });
      expect(signed.ok && signed.value.report.versions.at(-1)?.content.instances).toEqual([image(5)]);
      const after = await eventually(
        'the end',
        async () => {
          const found = await lead.call('caseImagesAfterReport', { params: { taskId } });
          return found.ok && found.value.open === null ? found.value : null;
        },
        150_000,
      );
      expect(after.ended.at(-1)?.ending).toMatchObject({ kind: 'report', report: { version: 2 } });

      await reject('113039', [5]);
      const last = await openForReading(ann, taskId, 3);
      const none = await eventually(
        'that nothing is left to sign on',
        async () => {
          const answered = await ann.call('sign', {
            params: { taskId },
            input: signCommand(last, { ...draft, baseVersion: 2 }, 'addendum', testPassword),
          });
          return answered.ok ? null : answered.error.message;
        },
        20_000,
      );
      expect(none).toContain('All images of this study were rejected');
    }, 240_000);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseMarks } from '../../shared/domain/measurement/index.ts';
import type { Order } from '../../shared/domain/order/index.ts';
import { parseStudyUid } from '../../shared/domain/study/index.ts';
import { draftOf, eventually, openForReading, rowWhere, signCommand } from '../host/case-driver.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import { signIn, type TestReader } from '../servers/overread-host/start-host.ts';
import { startChildHost } from './child-host.ts';
import { type OtherSite, startOtherSite } from './site.ts';

const password = 'long enough 1';

/** Between which durable steps the host dies; the last two are after the SR and before the KOS. */
const kills = [
  { name: 'journaled', nth: 1 },
  { name: 'release-journaled', nth: 1 },
  { name: 'marks-made', nth: 1 },
  { name: 'marks-stored', nth: 1 },
  { name: 'marks-journaled', nth: 1 },
  { name: 'marks-stored', nth: 2 },
];

async function firstReader(url: string): Promise<TestReader> {
  await fetch(`${url}/api/accounts/first`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ userName: 'tester', name: 'Dr T. Ester', password, npi: null }),
  });
  return signIn(url, 'tester', password);
}

describe.skipIf(orthancMissing !== null)(
  'marks of a signed version, at a host that is killed while it files them',
  () => {
    let site: OtherSite;
    beforeAll(async () => {
      site = await startOtherSite(kills.length);
    }, 180_000);
    afterAll(async () => {
      await site?.stop();
    });

    async function documentsIn(studyUid: string): Promise<readonly string[]> {
      const study = parseStudyUid(studyUid);
      const instances = study.ok ? await site.archive.instances(study.value) : null;
      if (instances?.ok !== true) throw new Error('no list');
      // Our report's own SR is an Enhanced SR; the measurements' is a Comprehensive one.
      return instances.value
        .filter((one) => one.sopClassUid.endsWith('.88.33') || one.modality === 'KO')
        .map((one) => one.modality)
        .sort();
    }

    async function marksOn(studyUid: string): Promise<CaseMarks> {
      const study = parseStudyUid(studyUid);
      const instances = study.ok ? await site.archive.instances(study.value) : null;
      const [first] = instances?.ok === true ? instances.value : [];
      if (first === undefined) throw new Error('no images');
      const place = {
        studyUid,
        seriesUid: first.seriesUid,
        instanceUid: first.instanceUid,
        frame: 1,
        frameOfReferenceUid: null,
      };
      return {
        measurements: [
          {
            id: crypto.randomUUID(),
            number: 1,
            kind: 'length',
            place,
            points: [
              [10, 10],
              [58, 10],
            ],
            label: 'Lesion',
            trackingUid: '2.25.4711',
            spacing: { source: 'patient', row: 1, column: 1 },
            quantities: [{ name: 'length', value: 48, unit: 'mm' }],
          },
        ],
        keyImages: [{ id: crypto.randomUUID(), place }],
      };
    }

    async function signOnce(order: Order, killAtStep: { readonly name: string; readonly nth: number }): Promise<void> {
      const directory = await mkdtemp(join(tmpdir(), 'overread-marks-kill-'));
      try {
        const first = await startChildHost({ directory, settings: site.settings(), killAt: null, killAtStep });
        let reader = await firstReader(first.url);
        const row = await rowWhere(
          reader,
          'the order with its images',
          (one) => one.accession === order.accession && one.link === 'order-and-images',
        );
        const studyUid = row.studyUid ?? '';
        const detail = await openForReading(reader, row.taskId);
        const draft = draftOf(detail, reader, 'A lesion of 48 mm.', 'One lesion.', { marks: await marksOn(studyUid) });
        await Promise.race([
          reader
            .call('sign', { params: { taskId: row.taskId }, input: signCommand(detail, draft, 'final', password) })
            .catch(() => null),
          first.ended,
        ]);
        // No page says anything more: what follows is the host's alone.
        await Promise.race([first.ended, new Promise((resolve) => setTimeout(resolve, 20_000))]);
        expect(first.steps.filter((one) => one === killAtStep.name).length, 'it died at that step').toBe(
          killAtStep.nth,
        );
        first.kill();
        await first.ended;

        const second = await startChildHost({ directory, settings: site.settings(), killAt: null });
        reader = await signIn(second.url, 'tester', password);
        const saving = await eventually('the marks in the archive', async () => {
          const found = await reader.call('marksSaved', { params: { taskId: row.taskId } });
          const [one] = found.ok ? found.value.savings : [];
          return one?.state === 'saved' ? one : null;
        });
        expect(saving).toMatchObject({ version: 1, measurements: 1, keyImages: 1, left: [] });
        expect(await documentsIn(studyUid)).toEqual(['KO', 'SR']);
        await second.stop();
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    }

    it.each(kills.map((kill, place) => ({ ...kill, place })))(
      'files each of them once after a kill at $name ($nth)',
      async ({ place, ...kill }) => {
        const order = site.orders[place];
        if (order === undefined) throw new Error('no order left');
        await signOnce(order, kill);
      },
      120_000,
    );
  },
);

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArchiveClient } from '../../electron/host/archive/types.ts';
import { demoProfiles } from '../../electron/host/demo/demo-profiles.ts';
import { demoInstances, generateDemoDay } from '../../electron/host/demo/index.ts';
import type { RecordClient } from '../../electron/host/record/index.ts';
import type { WorklistRow } from '../../shared/api/index.ts';
import { orderToResources, siteProfileToFhir } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { withEmbedded } from '../faults/marked-study.ts';
import { startTestHost, type TestHost, type TestReader } from '../servers/overread-host/start-host.ts';
import { eventually, openForReading, rowWhere } from './case-driver.ts';
import { addPeople, testPassword } from './people.ts';

const day = generateDemoDay({ now: instant(Date.now()), seed: 5 });

/** Order and the first `images` of a study of the demo day, put into record and archive. */
async function plant(record: RecordClient, archive: ArchiveClient, family: string, images: number): Promise<void> {
  const order = day.orders.find((one) => one.patient.name.startsWith(family));
  const study = day.studies.find((one) => one.orderId === order?.id);
  if (order === undefined || study === undefined) throw new Error(`the demo day has no ${family}`);
  const { serviceRequest, patient, organization } = orderToResources(order);
  for (const resource of [organization, patient, serviceRequest]) {
    const written = resource === null ? null : await record.put(resource);
    if (written?.ok === false) throw new Error(written.error.message);
  }
  for await (const bytes of demoInstances(study, { to: images })) {
    const stored = await archive.store(bytes);
    if (!stored.ok) throw new Error(stored.error.message);
  }
}

describe('studies that are still arriving, on a real host', () => {
  let directory: string;
  let host: TestHost;
  let ann: TestReader;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-arriving-'));
    await addPeople(directory, { ann: 'radiologist' });
    await withEmbedded(directory, async (record, archive) => {
      for (const profile of demoProfiles(day.now)) expect((await record.put(siteProfileToFhir(profile))).ok).toBe(true);
      await plant(record, archive, 'Pondermere', 6);
      await plant(record, archive, 'Gallowglen', 1);
      await plant(record, archive, 'Inkersole', 41);
    });
    host = await startTestHost({ directory, settings: { demo: false } });
    ann = await host.signIn('ann', testPassword);
  }, 240_000);
  afterAll(async () => {
    await host?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const patient = (family: string) => (row: WorklistRow) =>
    row.patient.name.startsWith(family) && row.link === 'order-and-images';
  const timeline = async (taskId: string): Promise<readonly string[]> => {
    const found = await ann.call('timeline', { params: { taskId } });
    if (!found.ok) throw new Error(found.error.message);
    return found.value.events.map((event) => `${event.type} ${event.detail}`.trim());
  };

  it('the routine one is listed with how much of it is here, and Next study leaves it alone while others do not wait', async () => {
    const routine = await rowWhere(ann, 'the routine study that arrives', patient('Pondermere'));
    expect(routine).toMatchObject({
      priority: 'routine',
      images: { present: 6, expected: 24 },
      arrival: { kind: 'arriving', again: false, quietMinutes: 5 },
    });
    const stat = await rowWhere(ann, 'the STAT study with its first image', patient('Gallowglen'));
    expect(stat).toMatchObject({
      priority: 'stat',
      images: { present: 1, expected: 24 },
      arrival: { kind: 'arriving' },
    });
    const done = (row: WorklistRow) => patient('Inkersole')(row) && row.arrival?.kind === 'complete';
    const whole = await rowWhere(ann, 'the study that is complete by protocol', done);
    const offered: string[] = [];
    let words = '';
    for (let press = 0; press < 5; press += 1) {
      const next = await ann.call('nextStudy', { input: { justRead: [] } });
      if (!next.ok) throw new Error(next.error.message);
      words = next.value.words;
      if (next.value.found === null) break;
      offered.push(next.value.found.taskId);
    }
    expect(offered).toEqual([stat.taskId, whole.taskId]);
    expect(words).toContain('1 is still arriving (open it with Read to start early)');
    // Else it is no wonder that it was not offered.
    expect(await rowWhere(ann, 'the routine one, still free', patient('Pondermere'))).toMatchObject({
      state: 'queued',
      mayRead: { allowed: true },
      arrival: { kind: 'arriving' },
    });
  }, 120_000);

  it('whoever opens one starts early, and the history says with how much', async () => {
    const routine = await rowWhere(ann, 'the routine study that arrives', patient('Pondermere'));
    const opened = await openForReading(ann, routine.taskId);
    expect(opened.claim).not.toBeNull();
    expect(await timeline(routine.taskId)).toContainEqual(
      expect.stringMatching(/^read\.opened started before all images had come: 6 of 24, 1 of 2 series \(CT chest/),
    );
  });

  it('the one whose site announces no number is complete by its protocol at once, and its fit to read says so', async () => {
    const done = (row: WorklistRow) => patient('Inkersole')(row) && row.arrival?.kind === 'complete';
    const row = await rowWhere(ann, 'the study that is complete by protocol', done);
    expect(row.images).toEqual({ present: 41, expected: null });
    expect(row.arrival).toMatchObject({
      words: '3 of 3 series of the protocol MR knee routine are here, 41 images',
      short: false,
    });
    const judged = 'images.complete rule protocol: 41 instances, 3 of 3 series (MR knee routine)';
    await eventually('the judgement', async () => ((await timeline(row.taskId)).includes(judged) ? true : null));
    const checks = await ann.call('orderChecks', { params: { taskId: row.taskId } });
    expect(checks.ok && checks.value.checks.find((one) => one.code === 'protocol')).toMatchObject({
      state: 'agrees',
      images: '3 of 3 series',
    });
  }, 120_000);
});

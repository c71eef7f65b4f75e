import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Settings } from '../../electron/host/settings/index.ts';
import { caseHeaders } from '../../shared/api/index.ts';
import { draftOf, eventually, openForReading, rowWhere, signCommand } from '../host/case-driver.ts';
import { addPeople, testPassword } from '../host/people.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import { signIn } from '../servers/overread-host/start-host.ts';
import { type ChildHost, startChildHost } from './child-host.ts';
import { type MarkedStudy, markers, plantMarkedStudy, withEmbedded } from './marked-study.ts';
import { searchFolder } from './marker-search.ts';
import { type OtherSite, startOtherSite } from './site.ts';

const texts = Object.values(markers);

/** The whole way of one study: list, images, draft, signature, delivery, addendum; then the host is killed where it stands. */
async function readAndKill(host: ChildHost, planted: MarkedStudy, archive: string, channels: number): Promise<string> {
  const reader = await signIn(host.url, 'ann', testPassword);
  const row = await rowWhere(
    reader,
    'the marked study',
    (one) => one.accession === planted.order.accession && one.link === 'order-and-images',
  );
  const detail = await openForReading(reader, row.taskId);
  const seen = JSON.stringify(detail);
  const headers = { [caseHeaders.task]: row.taskId, [caseHeaders.epoch]: '1' };
  for (const path of ['', '/metadata', '/instances']) {
    const answer = await reader.fetch(`/dicomweb/${archive}/studies/${planted.studyUid}${path}`, headers);
    expect([path, answer.status]).toEqual([path, 200]);
    await answer.arrayBuffer();
  }
  const draft = draftOf(detail, reader, markers.findings, markers.impression);
  const saved = await reader.call('saveDraft', {
    params: { taskId: row.taskId },
    input: { context: detail.context, draft: draft as never },
  });
  expect(saved.ok).toBe(true);
  const final = await reader.call('sign', {
    params: { taskId: row.taskId },
    input: signCommand(detail, draft, 'final', testPassword),
  });
  expect(final.ok ? final.value.report.state : final.error).toBe('final');
  const addendum = draftOf(detail, reader, '', '', {
    kind: 'addendum',
    baseVersion: 1,
    addendum: markers.addendum,
    reason: markers.reasonForChange,
  });
  const appended = await reader.call('sign', {
    params: { taskId: row.taskId },
    input: signCommand(detail, addendum, 'addendum'),
  });
  expect(appended.ok ? appended.value.report.state : appended.error).toBe('appended');
  await eventually('the deliveries', async () => {
    const found = await reader.call('deliveries', { params: { taskId: row.taskId } });
    return found.ok && found.value.deliveries.filter((one) => one.state === 'filed').length === channels ? true : null;
  });
  host.kill();
  await host.ended;
  return seen;
}

describe('the data folder of a host that read a study and was killed', () => {
  const expectSealed = async (directory: string, seen: string): Promise<void> => {
    // The page did get the markers, so there was something to leak.
    for (const text of [markers.family, markers.patientId, markers.reason]) expect(seen).toContain(text);
    const found = await searchFolder(directory, texts);
    console.log(
      `${found.files} files, ${found.bytes} bytes searched for ${texts.length} markers: ${found.hits.length} hits`,
    );
    expect(found.hits).toEqual([]);
    expect(found.files).toBeGreaterThan(5);
    // And the search can find: the same folder with one marker planted, packed.
    await appendFile(join(directory, 'planted.tmp'), gzipSync(Buffer.from(`x ${markers.findings} y`)));
    expect((await searchFolder(directory, texts)).hits.length).toBeGreaterThan(0);
  };

  it('holds nothing readable with the embedded record and archive', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'overread-sealed-'));
    try {
      await addPeople(directory, { ann: 'radiologist' });
      const planted = await withEmbedded(directory, plantMarkedStudy);
      const host = await startChildHost({ directory, settings: { demo: false }, killAt: null, logToFolder: true });
      const seen = await readAndKill(host, planted, 'embedded-archive', 4);
      await expectSealed(directory, `${seen}`);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }, 180_000);

  describe.skipIf(orthancMissing !== null)('with somebody else’s record and archive', () => {
    let site: OtherSite;
    beforeAll(async () => {
      site = await startOtherSite(1);
    }, 180_000);
    afterAll(async () => {
      await site?.stop();
    });
    it('holds nothing readable, the cache of images among it', async () => {
      const directory = await mkdtemp(join(tmpdir(), 'overread-sealed-'));
      try {
        await addPeople(directory, { ann: 'radiologist' });
        const planted = await plantMarkedStudy(site.record, site.archive, '7');
        const settings: Partial<Settings> = site.settings({ hl7: [] });
        const host = await startChildHost({ directory, settings, killAt: null, logToFolder: true });
        const seen = await readAndKill(host, planted, new URL(site.archiveUrl).host.replace(':', '-'), 4);
        await expectSealed(directory, seen);
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    }, 180_000);
  });
});

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestHost, type TestHost } from '../servers/overread-host/start-host.ts';
import { eventually, readyRow } from './case-driver.ts';

describe('the downtime page of each site of the demo day', () => {
  let host: TestHost;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-downtime-'));
    host = await startTestHost({ settings: { upkeep: { backup: null, downtimeFolder: folder } } });
    await readyRow(await host.signIn());
  });
  afterAll(async () => {
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is shown to the lead and to its own site, with whom to call and what is open, and noted in the access log', async () => {
    const lead = await host.signIn('lead');
    const sites = await eventually('the sites', async () => {
      const found = await lead.call('upkeep');
      return found.ok && found.value.downtime.sites.length > 3 ? found.value.downtime.sites : null;
    });
    const sheets = await Promise.all(sites.map(({ id }) => lead.call('downtimeSheet', { params: { siteId: id } })));
    const open = sheets.flatMap((one) => (one.ok ? [one.value] : []));
    expect(open).toHaveLength(sites.length);
    expect(open.some((sheet) => sheet.studies.length > 0)).toBe(true);
    expect(open.some((sheet) => sheet.contacts.some((one) => /\d{3}/.test(one.phone)))).toBe(true);
    for (const sheet of open) {
      expect(sheet.notForClinicalUse).toBe(true);
      expect(sheet.madeAt).toMatch(/ [A-Z]{2,5}$/);
      for (const study of sheet.studies) expect(study.due).toMatch(/[A-Z]{2,5} \(|no time agreed/);
    }
    const site = await host.signIn('site');
    const own = await site.call('siteDowntimeSheet');
    expect(own.ok && own.value.site).toMatch(/\S/);
    const reader = await host.signIn('reader');
    expect(await reader.call('upkeep')).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });

  it('lies in the folder as a file that opens with nothing running', async () => {
    const names = await eventually('the files', async () => {
      const found = (await readdir(folder)).filter((name) => name.endsWith('.html'));
      return found.length > 3 ? found : null;
    });
    const pages = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    for (const page of pages) {
      expect(page).toContain('NOT FOR CLINICAL USE');
      expect(page).not.toMatch(/<script|https?:|src=/);
    }
    const lead = await host.signIn('lead');
    const standing = await lead.call('upkeep');
    expect(standing.ok && standing.value.downtime).toMatchObject({ kept: true, failure: null });
  });
});

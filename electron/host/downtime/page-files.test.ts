import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { downtimeSheet } from '../../../shared/domain/upkeep/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import { type PageFiles, startPageFiles } from './page-files.ts';

describe('downtime pages on disk', () => {
  let root: string;
  let files: PageFiles | null = null;
  let known = ['lark', '../evil', '.hidden'];
  let current = true;
  const accesses: string[] = [];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'overread-downtime-'));
    known = ['lark', '../evil', '.hidden'];
    current = true;
    accesses.length = 0;
  });
  afterEach(async () => {
    await files?.stop();
    await rm(root, { recursive: true, force: true });
  });

  const start = (folder: string, auditWorks = true): PageFiles => {
    files = startPageFiles({
      folder,
      isCurrent: () => current,
      audit: {
        record: async (all) => {
          accesses.push(...all.map((one) => `${one.user} ${one.purpose}`));
          return auditWorks ? ok(undefined) : err({ code: 'audit-unavailable', message: 'The log is full.' });
        },
      },
      ports: testPorts(),
      pages: {
        sites: () => known.map((id) => ({ id, name: id, state: 'IL', zone: 'UTC', phone: null })),
        sheet: async (id) =>
          downtimeSheet({
            site: { name: id, zone: 'America/Chicago' },
            contacts: [],
            onShift: [],
            studies: [],
            more: 0,
            notForClinicalUse: true,
            now: instant(Date.UTC(2026, 10, 22, 9)),
          }),
      },
    });
    return files;
  };

  it('are one for each site, never outside the folder, noted in the access log once, and leave with their site', async () => {
    const folder = join(root, 'print');
    const made = start(folder);
    await made.round();
    await made.round();
    expect((await readdir(folder)).sort()).toEqual([
      'downtime-.._evil.html',
      'downtime-.hidden.html',
      'downtime-lark.html',
    ]);
    expect(await readdir(root)).toEqual(['print']);
    expect(await readFile(join(folder, 'downtime-lark.html'), 'utf8')).toContain('2026-11-22 03:00:00 CST');
    expect(accesses).toEqual(['overread export']);
    expect(made.standing()).toMatchObject({ failure: null });
    await writeFile(join(folder, 'notes.txt'), 'the site’s own');
    known = ['lark'];
    await made.round();
    expect((await readdir(folder)).sort()).toEqual(['downtime-lark.html', 'notes.txt']);
  });

  it('stay as they were while the record does not answer', async () => {
    const made = start(root);
    await made.round();
    current = false;
    // A round that had begun is over after one more.
    await made.round();
    await made.round();
    await writeFile(join(root, 'downtime-lark.html'), 'as it was');
    known = ['other'];
    await made.round();
    expect(await readFile(join(root, 'downtime-lark.html'), 'utf8')).toBe('as it was');
    current = true;
    known = [];
    await made.round();
    // No site at all is no reason to take every page away.
    expect(await readFile(join(root, 'downtime-lark.html'), 'utf8')).toBe('as it was');
  });

  it('say it when the folder cannot be written, and are not written where that cannot be noted', async () => {
    await writeFile(join(root, 'a-file'), '');
    const made = start(join(root, 'a-file'));
    await made.round();
    expect(made.standing()).toMatchObject({ writtenAt: null, failure: expect.stringMatching(/cannot be written to/) });
    await made.stop();
    const unnoted = start(join(root, 'other'), false);
    await unnoted.round();
    expect(unnoted.standing().failure).toBe('The log is full.');
    expect(await readdir(root)).toEqual(['a-file']);
  });
});

import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { downtimeHtml } from '../../../shared/interop/downtime-page/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Ports } from '../ports.ts';
import { startLoop } from '../reading/loop.ts';
import type { DowntimePages } from './downtime-pages.ts';

export type PageFiles = {
  standing(): { readonly writtenAt: Instant | null; readonly failure: string | null };
  /** Writes now; answers when that is over. */
  round(): Promise<void>;
  stop(): Promise<void>;
};

const writeEvery = 120_000;
const ours = /^downtime-[\w.-]+\.html$/;

/** A site's id comes from the record and may hold what a file's name may not. */
const fileOf = (siteId: string): string => `downtime-${siteId.replace(/[^A-Za-z0-9.-]+/g, '_')}.html`;

/**
 * Keeps a page for each site in a folder that the group has named, plain, so that it opens and prints while the host is down. While the
 * record does not answer the pages stay as they were, with the time at which they were true.
 */
export function startPageFiles(parts: {
  readonly folder: string;
  readonly pages: DowntimePages;
  /** What is listed is what the record holds now. */
  readonly isCurrent: () => boolean;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly ports: Ports;
}): PageFiles {
  const { folder, pages, audit, ports } = parts;
  let writtenAt: Instant | null = null;
  let failure: string | null = null;
  let noted = false;

  const write = async (name: string, text: string): Promise<void> => {
    const whole = join(folder, `.${name}.new`);
    await rm(whole, { force: true });
    // Its folder says who may read it: at the site's desk that is not the account under which the host runs.
    const file = await open(whole, 'wx', 0o644);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(whole, join(folder, name));
  };
  const round = async (): Promise<void> => {
    if (!parts.isCurrent()) return;
    if (!noted) {
      // Once for each start: that patients are written there is noted before the first of them is.
      const kept = await audit.record([
        { user: 'overread', purpose: 'export', patient: null, studyUid: null, detail: 'downtime pages of all sites' },
      ]);
      if (!kept.ok) {
        failure = kept.error.message;
        return;
      }
      noted = true;
    }
    try {
      await mkdir(folder, { recursive: true, mode: 0o750 });
      const names = new Set<string>();
      for (const site of pages.sites()) {
        const sheet = await pages.sheet(site.id);
        if (sheet === null) continue;
        const name = fileOf(site.id);
        names.add(name);
        await write(name, downtimeHtml(sheet));
      }
      for (const name of await readdir(folder))
        if (names.size > 0 && ours.test(name) && !names.has(name)) await rm(join(folder, name), { force: true });
      writtenAt = ports.now();
      failure = null;
    } catch (reason) {
      const code = reason instanceof Error && 'code' in reason ? String(reason.code) : 'unknown';
      failure = `The downtime folder cannot be written to (${code}). Check that it is there, its rights and its space.`;
      ports.log.warn('the downtime pages could not be written', { code });
    }
  };
  const loop = startLoop('downtime', () => (writtenAt === null ? 5_000 : writeEvery), round, ports);
  return { standing: () => ({ writtenAt, failure }), round: loop.round, stop: loop.stop };
}

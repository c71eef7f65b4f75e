import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { firstAccount, type Shell, startShell } from '../../e2e/overread.ts';
import { signIn, type TestReader } from '../../servers/overread-host/start-host.ts';
import { launchMeasured, type MeasuredBrowser } from './browser.ts';
import { installIn, type Named, type PageHooks } from './probe.ts';
import { type BenchStudy, instancesOf } from './studies.ts';

/** Our browser shell over the archive, with an empty cache, and who reads there. */
export type OwnApp = { readonly shell: Shell; readonly reader: TestReader; stop(): Promise<void> };

const account = ['reader', 'demo-password'] as const;

export async function startOwn(archive: string, studies: number, imagesAhead: boolean): Promise<OwnApp> {
  const directory = await mkdtemp(join(tmpdir(), 'overread-bench-host-'));
  const shell = await startShell({
    directory,
    args: ['--archive', archive, '--empty', '--key-file', ...(imagesAhead ? [] : ['--images-ahead-mb', '0'])],
  });
  await firstAccount(shell, ...account);
  const reader = await signIn(shell.url, ...account);
  await reader.call('acknowledge');
  const until = Date.now() + 120_000;
  for (;;) {
    const list = await reader.call('worklist', { input: {} });
    if (list.ok && list.value.rows.filter((row) => row.images.present > 0).length >= studies) break;
    if (Date.now() > until) throw new Error('the studies of the archive did not come on the list');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    shell,
    reader,
    stop: async () => {
      await shell.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Waits until the host has fetched a study ahead, as it does by itself while its reader looks at the list. */
export async function untilAhead(app: OwnApp, study: BenchStudy): Promise<void> {
  const until = Date.now() + 120_000;
  for (;;) {
    const standing = await app.reader.call('prefetch');
    if (!standing.ok) throw new Error(standing.error.message);
    const found = standing.value.studies.find((one) => one.studyUid === study.studyUid);
    const isHere =
      found !== undefined && found.series.length > 0 && found.series.every(({ state }) => state === 'here');
    // What is still on its way for others would be in the way of what is measured.
    if (isHere && standing.value.state === 'ready') return;
    if (Date.now() > until) throw new Error(`${study.name} was not fetched ahead: ${JSON.stringify(standing.value)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Runs in the page: what its first viewport says that it has painted, told in the same step in which it is drawn. */
function namedByOwn(): Named | null {
  const group = document.querySelector<HTMLElement>('[role=group][aria-label="Viewport 1"]');
  if (group?.dataset.painted !== 'true') return null;
  return { studyUid: group.dataset.studyUid ?? null, instanceUid: group.dataset.instanceUid ?? null };
}

/** Runs in the page: when each image came decoded from a worker; the page keeps it in that same step. */
function decodedByOwn() {
  const times = new Map<string, number>();
  const Native = window.Worker;
  window.Worker = class extends Native {
    constructor(address: string | URL, options?: WorkerOptions) {
      super(address, options);
      this.addEventListener('message', ({ data }: MessageEvent<{ type?: unknown; instanceUid?: unknown }>) => {
        if (data?.type === 'image' && typeof data.instanceUid === 'string' && !times.has(data.instanceUid))
          times.set(data.instanceUid, performance.now());
      });
    }
  };
  return { forget: () => times.clear(), times: () => times };
}

const hooks: PageHooks = {
  canvas: '[role=group][aria-label="Viewport 1"] .viewport-surface canvas',
  named: namedByOwn.toString(),
  decoded: `(${decodedByOwn.toString()})()`,
  notch: 100,
};

/** The address of the case that has a study's images: where another program, or a link, sends a reader. */
export async function addressOf(app: OwnApp, study: BenchStudy): Promise<string> {
  const list = await app.reader.call('worklist', { input: {} });
  const row = list.ok ? list.value.rows.find((one) => one.studyUid === study.studyUid) : undefined;
  if (row === undefined) throw new Error(`${study.name} is not on the list`);
  return `${app.shell.url}/case/${row.taskId}`;
}

/** A window of a reader who has signed in, before anything of it is loaded. */
export async function openOwn(
  app: OwnApp,
): Promise<{ readonly measured: MeasuredBrowser; readonly page: Page; readonly url: string }> {
  const measured = await launchMeasured();
  const page = await measured.open(async (context) => {
    await installIn(context, hooks);
    await context.addInitScript(
      ([token, windowId]) => {
        sessionStorage.setItem('overread.token', token);
        sessionStorage.setItem('overread.window', windowId);
      },
      [app.reader.token, 'test'] as const,
    );
  });
  return { measured, page, url: `${app.shell.url}/` };
}

/** The list with that study's row chosen: one key from the images. */
export async function chooseOwn(page: Page, study: BenchStudy): Promise<void> {
  await page.getByRole('grid', { name: 'Worklist' }).waitFor({ timeout: 60_000 });
  const name = study.accession === '' ? study.family : study.accession;
  const row = page.locator('.worklist-rows [role=row]').filter({ hasText: name }).first();
  await page.keyboard.press('/');
  await page.getByRole('searchbox', { name: 'Filter the list' }).fill(name);
  await row.waitFor({ timeout: 20_000 });
  await page.keyboard.press('Enter');
}

export async function openFromOwnList(page: Page): Promise<void> {
  await page.keyboard.press('l');
}

export async function backToOwnList(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('grid', { name: 'Worklist' }).waitFor();
  await page.keyboard.press('Escape');
}

/** What the page itself says: all images of the study are on this machine. */
export async function saysReady(page: Page, study: BenchStudy): Promise<void> {
  const total = instancesOf(study).length;
  await page
    .getByTitle(new RegExp(`: ${total} of ${total} images on this machine`))
    .first()
    .waitFor({ timeout: 10_000 });
}

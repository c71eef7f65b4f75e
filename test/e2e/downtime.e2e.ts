import { mkdirSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, test } from '@playwright/test';
import { PDFDocument } from 'pdf-lib';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { launch, newPage, signIn } from './overread.ts';

const screens = join(import.meta.dirname, '..', '..', 'test-results', 'screens');
let browser: Browser;
let day: DayShell;
let folder: string;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  mkdirSync(screens, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'overread-downtime-e2e-'));
  day = await startDay({
    args: ['--downtime-folder', join(folder, 'print'), '--backup-target', join(folder, 'backup')],
  });
  browser = await launch();
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('the lead sees the last good backup with its zone and prints a site’s downtime page, which also lies in the folder', async () => {
  const { page } = await newPage(browser, { width: 1280, height: 800 });
  await signIn(page, day, 'lead');
  const foot = page.getByRole('contentinfo');
  // The first backup is made at the start and takes a while; the page asks every five minutes.
  await expect
    .poll(
      async () => {
        await page.reload();
        await foot.waitFor();
        return foot.getByRole('button', { name: /ackup/ }).textContent();
      },
      { timeout: 150_000, intervals: [5_000] },
    )
    .toMatch(/Backup \d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} [A-Z]/);
  await foot.getByRole('button', { name: /^\W*Backup/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Backup and downtime' });
  await expect(dialog.getByRole('region', { name: 'Nightly backup' })).toContainText('at 03:00 in');
  await page.screenshot({ path: join(screens, 'upkeep-1280.png') });
  await dialog.getByRole('region', { name: 'Downtime pages' }).getByRole('button').first().click();
  const paper = page.getByRole('dialog', { name: 'Downtime page' });
  await expect(paper.getByRole('article')).toContainText('Who to call');
  await expect(paper.getByRole('article')).toContainText('NOT FOR CLINICAL USE');
  const { violations } = await new AxeBuilder({ page }).include('dialog').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual(
    [],
  );
  await page.screenshot({ path: join(screens, 'downtime-1280.png') });
  await page.setViewportSize({ width: 2560, height: 1440 });
  await page.screenshot({ path: join(screens, 'downtime-2560.png') });
  await page.emulateMedia({ media: 'print' });
  await expect(paper.getByRole('button', { name: 'Print' })).toBeHidden();
  await expect(page.getByRole('grid', { name: 'Worklist' })).toBeHidden();
  const printed = await PDFDocument.load(
    await page.pdf({ format: 'A4', landscape: true, margin: { top: '8mm', bottom: '8mm' } }),
  );
  expect(printed.getPageCount()).toBe(1);
  await page.context().close();

  const [file] = (await readdir(join(folder, 'print'))).filter((name) => name.endsWith('.html'));
  const { page: offline } = await newPage(browser, { width: 1280, height: 800 });
  await offline.goto(`file://${join(folder, 'print', file ?? '')}`);
  await expect(offline.getByRole('heading', { level: 1 })).toContainText('Downtime page');
  await offline.screenshot({ path: join(screens, 'downtime-file.png'), fullPage: true });
  const paperFile = await PDFDocument.load(await offline.pdf({ preferCSSPageSize: true }));
  expect(paperFile.getPageCount()).toBe(1);
  await offline.context().close();
});

test('the site’s desk prints its own page', async () => {
  const { page } = await newPage(browser, { width: 1280, height: 800 });
  await page.goto(`${day.url}/site`);
  await page.getByLabel('User name').fill('site');
  await page.getByLabel('Password').fill('demo');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Downtime page' }).click();
  const paper = page.getByRole('dialog', { name: 'Downtime page' });
  await expect(paper.getByRole('article')).toContainText('Wet read');
  await page.screenshot({ path: join(screens, 'downtime-site-1280.png') });
  await page.context().close();
});

test('a read on paper is entered beside its study and stands marked on the timeline', async () => {
  const { page } = await newPage(browser, { width: 1280, height: 800 });
  await signIn(page, day, 'lead');
  const row = (await rowsOf(day)).find((one) => one.studyUid !== null && one.site !== null && one.state === 'queued');
  if (row === undefined) throw new Error('no unread study with a site');
  await page.goto(`${day.url}/case/${row.taskId}`);
  await page.getByRole('region', { name: 'Patient' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Enter a read made on paper');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Enter a read made on paper' });
  await dialog.getByLabel('Read by, as on the paper').fill('Dr Paper');
  const zone = row.site?.zone ?? 'UTC';
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  await dialog.getByLabel(/^Read at/).fill(local.format(Date.now()).replace(' ', 'T'));
  await expect(dialog.getByText(/\d{2}:\d{2}:00 [A-Z]{2,5}/)).toBeVisible();
  await dialog.getByLabel('Words of the read').fill('No haemorrhage seen.');
  const { violations } = await new AxeBuilder({ page }).include('dialog').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual(
    [],
  );
  await page.screenshot({ path: join(screens, 'downtime-read-1280.png') });
  await dialog.getByRole('button', { name: 'Enter it' }).click();
  await expect(dialog.getByText(/^Entered\. It stands/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('list', { name: 'Timeline' })).toContainText('entered after downtime');
  await page.context().close();
});

import { mkdirSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { PDFDocument } from 'pdf-lib';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { launch, newPage, signIn, startShell } from './overread.ts';

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

test('a lead turns a check before signing down for the group, and QA sees it', async () => {
  const open = async (who: 'lead' | 'qa') => {
    const { page } = await newPage(browser, { width: 1280, height: 800 });
    await signIn(page, day, who);
    await page.getByRole('grid', { name: 'Worklist' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Checks before signing');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Checks before signing' });
    await dialog.getByRole('region', { name: 'Rules' }).waitFor();
    return { page, dialog, row: dialog.getByRole('row', { name: /critical/i }).first() };
  };
  const { page, dialog, row } = await open('lead');
  await expect(dialog.getByText(/Every rule is as it ships/)).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Keep' })).toBeDisabled();
  const { violations } = await new AxeBuilder({ page }).include('dialog').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual(
    [],
  );
  await row.getByRole('combobox').selectOption('tells only');
  await page.screenshot({ path: join(screens, 'check-rules-1280.png') });
  await dialog.getByRole('button', { name: 'Keep 1 change' }).click();
  await expect(dialog.getByText(/Last changed by/)).toBeVisible();
  await expect(row.getByRole('combobox')).toHaveValue('tell');
  await page.setViewportSize({ width: 2560, height: 1440 });
  await page.screenshot({ path: join(screens, 'check-rules-2560.png') });
  await page.context().close();
  const { page: reviewer, row: seen } = await open('qa');
  await expect(seen).toContainText('tells only');
  await expect(seen.getByRole('combobox')).toHaveCount(0);
  await reviewer.context().close();
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

test('a reader’s computer is away for too long and says so before; the lead revokes it by its name, and it says what was deleted and what to do', async () => {
  test.setTimeout(180_000);
  const desk = await startShell({ args: ['--group', day.url, '--key-file'] });
  try {
    const { page: reader, complaints } = await newPage(browser);
    await signIn(reader, desk);
    const find = async (page: Page, command: string): Promise<void> => {
      await page.keyboard.press('Control+K');
      await page.keyboard.type(command);
      await page.keyboard.press('Enter');
    };
    await find(reader, 'This computer');
    const own = reader.getByRole('dialog', { name: 'This computer' });
    await own.getByRole('textbox', { name: 'Name' }).fill('Laptop with a red lid');
    await reader.keyboard.press('Enter');
    await expect(own.getByRole('button', { name: 'Keep the name' })).toBeDisabled();
    await expect(own).toContainText(/images and drafts are deleted here at \d{4}-\d\d-\d\d \d\d:\d\d \S+, 24 h after/);
    await bothSizes(reader, 'this-computer');
    await reader.keyboard.press('Escape');

    // As its own host tells it when the line was cut for 20.5 h; the time itself is proven with a clock that can be set.
    const soon = Date.now() + 3.5 * 3_600_000;
    await reader.route('**/api/status', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), deletesAt: soon } });
    });
    await reader.reload();
    await expect(
      reader
        .getByRole('alert')
        .filter({ hasText: /images and drafts are deleted at (\d{4}-\d\d-\d\d )?\d\d:\d\d \S+ unless/ }),
    ).toBeVisible();
    await bothSizes(reader, 'computer-away-warning');
    await reader.unroute('**/api/status');

    const { page: lead } = await newPage(browser);
    await signIn(lead, day, 'lead');
    await find(lead, 'Readers’ computers');
    const list = lead.getByRole('dialog', { name: 'Readers’ computers' });
    const row = list.getByRole('row', { name: /Laptop with a red lid/ });
    await expect(row).toContainText('Active', { timeout: 30_000 });
    await bothSizes(lead, 'computers');
    await row.getByRole('button', { name: /Revoke/ }).click();
    const go = list.getByRole('button', { name: 'Revoke this computer' });
    await list.getByRole('textbox', { name: 'Why' }).fill('left in a taxi');
    await expect(go).toBeDisabled();
    await bothSizes(lead, 'computer-revoke');
    await list.getByRole('textbox', { name: /name, typed/ }).fill('Laptop with a red lid');
    await go.click();

    const gone = reader.getByRole('main', { name: 'This computer was ended' });
    await expect(gone).toContainText('the lead of your group has revoked this computer', { timeout: 60_000 });
    await expect(gone).toContainText('ask the lead whether this one may be used again');
    await bothSizes(reader, 'computer-ended');
    await expect(row).toContainText('Keys destroyed', { timeout: 60_000 });
    await expect(row).toContainText('left in a taxi');
    await bothSizes(lead, 'computers-after');
    expect(complaints.all).toEqual([]);
  } finally {
    await desk.stop();
  }
});

/** Nothing that a screen reader or a keyboard would stumble over, at both sizes. */
async function bothSizes(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(screens, `${name}-1280.png`) });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual(
    [],
  );
  await page.setViewportSize({ width: 2560, height: 1440 });
  await page.screenshot({ path: join(screens, `${name}-2560.png`) });
  await page.setViewportSize({ width: 1280, height: 800 });
}

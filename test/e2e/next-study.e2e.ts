import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, type Locator, type Page, test } from '@playwright/test';
import type { WorklistRow } from '../../shared/api/index.ts';
import { compareRank, waitsForImages } from '../../shared/domain/reading/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { expectWords, goToRow, launch, newPage, signIn } from './overread.ts';

const shots = process.env.OVERREAD_SHOTS;
const screens = join(import.meta.dirname, '..', '..', 'test-results', 'screens');
let browser: Browser;
let day: DayShell;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  mkdirSync(screens, { recursive: true });
  day = await startDay();
  browser = await launch();
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
});

/** What the next study is by rank; the one that has just been claimed counts as if it were free. */
function bestOf(rows: readonly WorklistRow[], justClaimed: string | null): WorklistRow | undefined {
  const now = instant(Date.now());
  return rows
    .filter(
      (row) =>
        (row.state === 'queued' || row.taskId === justClaimed) &&
        row.link !== 'order-without-images' &&
        !waitsForImages(row, now) &&
        row.mayRead.allowed,
    )
    .sort((left, right) => compareRank(left, right, now))[0];
}

async function enter(userName: string): Promise<Page> {
  const { page } = await newPage(browser, { width: 1280, height: 800 });
  await signIn(page, day, userName);
  await page.getByRole('grid', { name: 'Worklist' }).getByRole('row').nth(6).waitFor({ state: 'attached' });
  return page;
}
const shot = async (page: Page, name: string): Promise<void> => {
  if (shots !== undefined) await page.screenshot({ path: `${shots}/next-${name}.png` });
};

test('one key claims the best study, opens it and says why; it is passed with a reason, and the next one comes', async () => {
  const page = await enter('reader');
  await shot(page, 'list');
  const before = bestOf(await rowsOf(day), null);
  await page.keyboard.press('Alt+N');
  await expect(page).toHaveURL(/\/case\/[^/]+$/);
  const opened = page.url().split('/').at(-1) ?? '';
  const rows = await rowsOf(day);
  const best = rows.find((row) => row.taskId === opened);
  // The day goes on meanwhile: it was the best before the key was pressed, or is after what came since.
  expect([before?.taskId, bestOf(rows, opened)?.taskId]).toContain(opened);
  await expect(page.getByText('Why this one')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Patient' })).toContainText(best?.accession ?? '');
  // An unsigned study is open: the next one waits until this one is signed, held, passed or left.
  await expect(page.getByRole('button', { name: 'Next study' })).toHaveCount(0);
  await page.keyboard.press('Alt+P');
  const dialog = page.getByRole('dialog', { name: 'Pass it on' });
  await expect(dialog).toContainText('Wrong subspecialty');
  await page.keyboard.press('1');
  await shot(page, 'pass');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: 'Worklist' })).toBeVisible();
  await page.getByRole('button', { name: 'Next study' }).click();
  await expect(page).toHaveURL(/\/case\//);
  expect(page.url()).not.toContain(best?.taskId ?? '-');
  await shot(page, 'case');
  await page.context().close();
});

const reportOf = (page: Page): Locator => page.getByRole('region', { name: 'Report' });
const section = (page: Page, name: string): Locator => reportOf(page).getByRole('textbox', { name });

/** At both sizes that are looked at. */
async function pictures(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(screens, `pending-${name}-1280.png`) });
  await page.setViewportSize({ width: 2560, height: 1440 });
  await page.screenshot({ path: join(screens, `pending-${name}-2560.png`) });
  await page.setViewportSize({ width: 1280, height: 800 });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
}

/** Every check that asks is answered by its first reason. */
async function answered(dialog: Locator): Promise<void> {
  const asked = dialog.getByText(/Answer what is asked first/);
  while (await asked.isVisible()) await dialog.page().keyboard.press('1');
}

test('a reader in training gives her report to be signed; who may sign changes and signs it by keyboard, and she sees what was changed', async () => {
  const row = (await rowsOf(day, 'resident')).find(
    (one) =>
      one.modality === 'CT' &&
      one.state === 'queued' &&
      one.identity === 'same' &&
      one.desk?.pending === undefined &&
      one.link === 'order-and-images' &&
      one.mayRead.allowed &&
      one.images.present === one.images.expected,
  );
  const accession = row?.accession;
  if (row === undefined || accession == null) throw new Error('the day has no CT that is ready');
  const training = await enter('resident');
  await goToRow(training, accession);
  await training.keyboard.press('Enter');
  await section(training, 'Findings').fill('No acute abnormality.');
  await section(training, 'Impression').fill('Normal.');
  await expect(training.getByRole('status', { name: 'Report status' })).toContainText('Saved');
  await expect(reportOf(training).getByRole('button', { name: 'Sign final' })).toHaveCount(0);
  await pictures(training, 'draft');
  await training.keyboard.press('F12');
  const give = training.getByRole('dialog', { name: 'Give report to be signed' });
  await expect(give).toBeVisible();
  await answered(give);
  await give.getByLabel('Password').fill('demo');
  await pictures(training, 'give');
  await training.keyboard.press('Enter');
  await expect(training.getByText(/You gave this report to be signed, \d\d:\d\d/)).toBeVisible();
  await expect(section(training, 'Findings')).toHaveCount(0);
  await pictures(training, 'given');
  await training.keyboard.press('Escape');

  const page = await enter('reader');
  await page.getByRole('button', { name: /^To sign/ }).click();
  const waits = page.getByRole('grid', { name: 'Worklist' }).getByRole('row', { name: accession });
  await expect(waits).toContainText('To sign');
  await waits.click();
  await expect(page.getByText('The report of Dr C. Maplethorne waits for a signature')).toBeVisible();
  await pictures(page, 'list');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Pending signature: dictated by Dr C. Maplethorne, given \d\d:\d\d/)).toBeVisible();
  await expectWords(section(page, 'Findings'), 'No acute abnormality.');
  await page.keyboard.press('Alt+Shift+B');
  const why = page.getByRole('textbox', { name: 'Why it goes back to Dr C. Maplethorne' });
  await expect(why).toBeFocused();
  await pictures(page, 'open');
  await page.keyboard.press('Escape');
  await expect(why).toHaveCount(0);
  await section(page, 'Impression').fill('Normal. No acute abnormality.');
  await page.keyboard.press('F12');
  const sign = page.getByRole('dialog', { name: 'Sign report' });
  await expect(sign).toContainText('Changed in the report that Dr C. Maplethorne dictated');
  await expect(sign.locator('ins')).toHaveText(/No acute abnormality/);
  await answered(sign);
  await sign.getByLabel('Password').fill('demo');
  await pictures(page, 'sign');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Final');
  await expect(reportOf(page)).toContainText('Dictated by Dr C. Maplethorne');
  await pictures(page, 'signed');

  // Her figures are hers: who signed has given none.
  await page.keyboard.press('Alt+Shift+A');
  const none = page.getByRole('dialog', { name: 'Your reports that others signed' });
  await expect(none).toContainText('No report that you gave is signed yet.');
  await pictures(page, 'figures-none');
  await page.keyboard.press('Escape');
  await training.keyboard.press('Alt+Shift+A');
  const figures = training.getByRole('dialog', { name: 'Your reports that others signed' });
  await expect(
    figures.getByRole('region', { name: 'By modality' }).getByRole('row', { name: /^CT 1 0/ }),
  ).toBeVisible();
  await pictures(training, 'figures');
  await training.keyboard.press('Escape');

  const board = training.getByRole('region', { name: 'Overreads' });
  await expect(board).toContainText('Dr M. Tandewright signed the report that you dictated; words changed', {
    timeout: 60_000,
  });
  await pictures(training, 'board');
  await training.keyboard.press('y');
  await training.keyboard.press('Enter');
  await expect(reportOf(training).locator('ins')).toHaveText(/No acute abnormality/);
  await pictures(training, 'changed');
  await training.keyboard.press('Escape');
  await board.getByRole('button', { name: 'Seen' }).click();
  await expect(board).toHaveCount(0);
  await page.context().close();
  await training.context().close();
});

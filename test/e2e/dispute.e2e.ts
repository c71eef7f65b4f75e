import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, test } from '@playwright/test';
import { PDFDocument } from 'pdf-lib';
import { displayName } from '../../shared/domain/study/index.ts';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { launch, newPage, signIn } from './overread.ts';

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

test('Alt+T tells why the clock says what it says, on one printed page without the patient, and as CSV', async () => {
  const { page } = await newPage(browser, { width: 1280, height: 800 });
  await signIn(page, day, 'reader');
  await expect.poll(async () => (await rowsOf(day)).some((row) => row.priority === 'stat' && row.studyUid)).toBe(true);
  const row = (await rowsOf(day)).find((one) => one.priority === 'stat' && one.studyUid !== null);
  if (row === undefined) throw new Error('no STAT study with images');
  await page.goto(`${day.url}/case/${row.taskId}`);
  await page.getByRole('region', { name: 'Patient' }).waitFor();
  await page.keyboard.press('Alt+t');
  const dialog = page.getByRole('dialog', { name: 'Dispute file' });
  await expect(dialog.getByRole('region', { name: 'Contract' })).toContainText('The clock starts when the images');
  await expect(dialog.getByRole('table', { name: 'Events' })).toContainText('Images complete');
  const { violations } = await new AxeBuilder({ page }).include('dialog').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual(
    [],
  );
  await page.screenshot({ path: join(screens, 'dispute-1280.png') });

  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'CSV' }).click(),
  ]);
  expect(await readFile(await saved.path(), 'utf8')).toMatch(/^number,time,utc,what/);

  await page.emulateMedia({ media: 'print' });
  await expect(dialog.getByText(/^Chain [0-9a-f]{64}$/)).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Print' })).toBeHidden();
  await expect(page.getByText(displayName(row.patient.name)).first()).toBeHidden();
  await page.screenshot({ path: join(screens, 'dispute-print.png') });
  const paper = await PDFDocument.load(await page.pdf({ preferCSSPageSize: true }));
  expect(paper.getPageCount()).toBe(1);
  await page.context().close();
});

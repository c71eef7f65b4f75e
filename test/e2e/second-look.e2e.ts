import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, type Locator, type Page, test } from '@playwright/test';
import type { WorklistRow } from '../../shared/api/index.ts';
import { displayName } from '../../shared/domain/study/index.ts';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { expectWords, launch, newPage, signIn } from './overread.ts';
import { paintedReading, readPixelsIn, viewport } from './pixel-reading.ts';

const screens = join(import.meta.dirname, '..', '..', 'test-results', 'screens');
let browser: Browser;
let day: DayShell;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  mkdirSync(screens, { recursive: true });
  day = await startDay();
  browser = await launch();
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
});

const question = 'Is the nodule at the left apex new? I would call it a granuloma.';
const answer = 'Calcified, the same as on the prior. I agree with granuloma.';

const rowIn = (page: Page, row: WorklistRow): Locator =>
  page.getByRole('grid', { name: 'Worklist' }).getByRole('row', { name: row.accession ?? 'none' });
const patientBar = (page: Page): Locator => page.getByRole('region', { name: 'Patient' });
const findings = (page: Page): Locator =>
  page.getByRole('region', { name: 'Report' }).getByRole('textbox', { name: 'Findings' });
const heights = async (page: Page): Promise<number> => (await viewport(page).boundingBox())?.height ?? 0;

async function filterTo(page: Page, row: WorklistRow): Promise<void> {
  // The key and the letters may come before the list has rows: they wait for it.
  await page.keyboard.press('/');
  await page.keyboard.type(row.accession ?? '');
  await expect(rowIn(page, row)).toBeVisible();
  await page.keyboard.press('Enter');
}

async function serious(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/** Who has the study, as the host says. */
async function holderOf(row: WorklistRow): Promise<{ readonly name: string; readonly token: number | null }> {
  const now = (await rowsOf(day)).find((one) => one.taskId === row.taskId);
  return { name: now?.reader?.name ?? '', token: now?.fencingToken ?? null };
}

test('a colleague looks without a claim and answers; the study never leaves the hand of who asked, and the timeline tells both', async () => {
  test.setTimeout(180_000);
  const ready = (await rowsOf(day)).find(
    (row) =>
      row.modality === 'CT' &&
      row.state === 'queued' &&
      row.identity === 'same' &&
      row.desk?.pending === undefined &&
      row.mayRead.allowed &&
      row.link === 'order-and-images' &&
      row.images.present === row.images.expected,
  );
  if (ready === undefined) throw new Error('the day has no CT that is ready');
  const a = await newPage(browser, { width: 1280, height: 800 });
  const b = await newPage(browser, { width: 1280, height: 800 });
  await readPixelsIn(a.context);
  await readPixelsIn(b.context);

  await signIn(a.page, day);
  await filterTo(a.page, ready);
  await a.page.keyboard.press('Enter');
  await expect(patientBar(a.page)).toContainText('Yours until');
  await findings(a.page).fill('Nodule at the left apex, 6 mm.');
  await expect(a.page.getByRole('status', { name: 'Report status' })).toContainText('Saved');
  const before = await holderOf(ready);
  expect(before.name).toBe('Dr M. Tandewright');
  await paintedReading(viewport(a.page), ({ studyUid }) => studyUid === ready.studyUid);
  const tall = await heights(a.page);

  await a.page.keyboard.press('Alt+q');
  const ask = a.page.getByRole('dialog', { name: 'Ask for a second look' });
  await ask.getByRole('radio', { name: /Okwenbury/ }).check();
  await ask.getByRole('textbox', { name: 'What should be looked at' }).fill(question);
  expect(await serious(a.page)).toEqual([]);
  await a.page.screenshot({ path: join(screens, 'second-look-ask-1280.png') });
  await a.page.keyboard.press('Control+Enter');
  await expect(ask).toHaveCount(0);
  await expect(a.page.getByText(/Okwenbury was asked for a second look, \d\d:\d\d [A-Z]+/)).toBeVisible();
  // What came below the images took nothing from them.
  expect(await heights(a.page)).toBe(tall);

  await signIn(b.page, day, 'lead');
  await expect(rowIn(b.page, ready)).toContainText('Tandewright asks');
  await filterTo(b.page, ready);
  await expect(b.page.getByText(`Dr M. Tandewright asks you for a second look.`)).toBeVisible();
  await b.page.screenshot({ path: join(screens, 'second-look-list-1280.png') });
  await b.page.keyboard.press('l');
  await expect(patientBar(b.page)).toContainText('With Dr M. Tandewright');
  await expect(patientBar(b.page)).toContainText('Looking only');
  await expect(patientBar(b.page)).toContainText(displayName(ready.patient.name));
  await paintedReading(viewport(b.page), ({ studyUid }) => studyUid === ready.studyUid);
  // Read-only: no field for words and nothing to sign with.
  await expect(b.page.getByRole('region', { name: 'Report' }).getByRole('textbox')).toHaveCount(0);
  for (const name of ['Sign preliminary', 'Sign final'])
    await expect(b.page.getByRole('button', { name })).toBeDisabled();
  await expect(b.page.getByText(question)).toBeVisible();
  await b.page.screenshot({ path: join(screens, 'second-look-look-1280.png') });
  await b.page.setViewportSize({ width: 2560, height: 1440 });
  await b.page.screenshot({ path: join(screens, 'second-look-look-2560.png') });
  await b.page.setViewportSize({ width: 1280, height: 800 });
  expect(await holderOf(ready)).toEqual(before);

  await b.page.keyboard.press('Alt+a');
  const reply = b.page.getByRole('dialog', { name: 'Answer a second look' });
  await expect(reply).toContainText(question);
  await reply.getByRole('textbox', { name: 'Your answer' }).fill(answer);
  expect(await serious(b.page)).toEqual([]);
  await b.page.screenshot({ path: join(screens, 'second-look-answer-1280.png') });
  await b.page.keyboard.press('Control+Enter');
  await expect(reply).toHaveCount(0);
  await expect(b.page.getByText('asks you for a second look.')).toHaveCount(0);

  // The answer comes to her by itself, with its time and zone; her words, her claim and her images are as they were.
  await expect(a.page.getByText(/Okwenbury looked, \d\d:\d\d [A-Z]+/)).toBeVisible();
  await expect(a.page.getByText(answer)).toBeVisible();
  await expectWords(findings(a.page), 'Nodule at the left apex, 6 mm.');
  await expect(patientBar(a.page)).toContainText('Yours until');
  expect(await heights(a.page)).toBe(tall);
  await a.page.screenshot({ path: join(screens, 'second-look-answered-1280.png') });
  await a.page.setViewportSize({ width: 2560, height: 1440 });
  await a.page.screenshot({ path: join(screens, 'second-look-answered-2560.png') });
  await a.page.setViewportSize({ width: 1280, height: 800 });
  expect(await serious(a.page)).toEqual([]);
  expect(await holderOf(ready)).toEqual(before);
  const timeline = a.page.getByRole('list', { name: 'Timeline' });
  await expect(timeline).toContainText('Second look asked');
  await expect(timeline).toContainText('Second look answered');

  // A code that comes meanwhile is one line, and takes nothing from the images either; the gravest is the one in sight.
  await expect(a.page.getByText(/^Code Stroke: /)).toHaveCount(1, { timeout: 60_000 });
  expect(await heights(a.page)).toBe(tall);
  const more = a.page.getByRole('button', { name: /^\d more$/ });
  await expect(more).toBeVisible();
  await a.page.screenshot({ path: join(screens, 'second-look-code-1280.png') });
  await more.click();
  await a.page.screenshot({ path: join(screens, 'second-look-lines-1280.png') });
  await a.page.getByRole('button', { name: 'Fewer' }).click();
  await a.page.keyboard.press('Alt+c');
  await expect(a.page.getByText(/^Code Stroke: /)).toHaveCount(0);
  expect(await heights(a.page)).toBe(tall);

  // Put away, it stays beside the study in the list.
  await a.page.getByRole('button', { name: 'Close', exact: true }).first().click();
  await expect(a.page.getByText(answer)).toHaveCount(0);
  await a.page.keyboard.press('Escape');
  await a.page.keyboard.press('Escape');
  await filterTo(a.page, ready);
  await expect(a.page.getByRole('complementary').getByText(answer)).toBeVisible();
  await a.page.screenshot({ path: join(screens, 'second-look-kept-1280.png') });
  expect([...a.complaints.all, ...b.complaints.all]).toEqual([]);
});

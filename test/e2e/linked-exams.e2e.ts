import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, type Locator, type Page, test } from '@playwright/test';
import type { WorklistRow } from '../../shared/api/index.ts';
import { signIn as signInByCall } from '../servers/overread-host/start-host.ts';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { expectWords, launch, newPage, signIn } from './overread.ts';

const screens = join(import.meta.dirname, '..', '..', 'test-results', 'screens');
const shots = process.env.OVERREAD_SHOTS;
let browser: Browser;
let day: DayShell;

const pair = async (): Promise<readonly WorklistRow[]> =>
  (await rowsOf(day)).filter(
    (row) => row.patient.name.startsWith('Hazelbourne') && row.images.present >= (row.images.expected ?? 1),
  );

test.beforeAll(async () => {
  test.setTimeout(240_000);
  mkdirSync(screens, { recursive: true });
  day = await startDay();
  await expect.poll(async () => (await pair()).length, { timeout: 60_000 }).toBe(2);
  browser = await launch();
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
});

const shot = async (page: Page, name: string): Promise<void> => {
  if (shots === undefined) return;
  await page.screenshot({ path: `${shots}/linked-${name}.png` });
};

/** At both sizes that are looked at. */
async function pictures(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(screens, `together-${name}-1280.png`) });
  await page.setViewportSize({ width: 2560, height: 1440 });
  await page.screenshot({ path: join(screens, `together-${name}-2560.png`) });
  await page.setViewportSize({ width: 1280, height: 800 });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
}

test('two exams of one patient are written together by a reader in training, signed once by who may sign, and both are final and delivered', async () => {
  test.setTimeout(240_000);
  const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
  await signIn(page, day, 'resident');
  const rows = await pair();
  const head = rows.find((row) => /head/i.test(row.procedure));
  const chest = rows.find((row) => row !== head);
  if (head === undefined || chest === undefined) throw new Error('the pair is not there');

  await page.keyboard.press('/');
  await page.keyboard.type('Hazelbourne');
  const row = page.getByRole('row', { name: new RegExp(head.accession ?? '-') });
  await expect(row).toContainText('+1');
  await row.click();
  await expect(page.getByRole('complementary', { name: 'The selected study' })).toContainText(
    `With 1 more exam of this patient: ${chest.procedure}, ${chest.accession}`,
  );
  await shot(page, 'list');
  await row.dblclick();

  const linked = page.getByRole('region', { name: 'Linked exams' });
  await expect(linked).toContainText(chest.accession ?? '-');
  await linked.getByRole('button', { name: 'Claim it too' }).click();
  await expect(linked).toContainText('You have it.');
  await linked.getByRole('button', { name: 'One report for both' }).click();
  const block = page.getByRole('region', { name: new RegExp(`accession ${chest.accession}`) });
  await expect(block).toBeVisible();

  // What somebody has to be told of the other exam is told in the one report too.
  const caller = await signInByCall(day.url, 'reader', 'demo');
  const begun = await caller.call('startCritical', {
    params: { taskId: chest.taskId },
    input: { id: 'critical-of-the-chest', ago: 0, level: 2, finding: 'Pleural effusion on the left.', origin: 'key' },
  });
  expect(begun.ok).toBe(true);
  await expect(page.getByRole('region', { name: 'Report', exact: true })).toContainText(
    /Critical result, level 2 .*Pleural effusion on the left\./,
    { timeout: 30_000 },
  );
  await page.getByRole('textbox', { name: 'Findings', exact: true }).fill('No haemorrhage.');
  await page.getByRole('textbox', { name: 'Impression', exact: true }).fill('Normal head.');
  await block.getByRole('textbox', { name: /^Findings/ }).fill('No rib fracture.');
  await shot(page, 'case');
  const signFinal = page.getByRole('button', { name: /^Give to be signed/ });
  await expect(signFinal).toBeDisabled();
  await expect(signFinal).toHaveAttribute('title', new RegExp(`${chest.accession}.* lacks Impression`));
  await block.getByRole('textbox', { name: /^Impression/ }).fill('Normal chest.');
  await expect(linked.getByRole('button', { name: 'Report one by one' })).toBeDisabled();
  await signFinal.click();

  const give = page.getByRole('dialog', { name: 'Give report to be signed' });
  await expect(give.getByRole('region', { name: 'Exams of this report' })).toContainText(chest.accession ?? '-');
  await give.getByRole('textbox', { name: 'Password' }).fill('demo');
  await pictures(page, 'give');
  await give.getByRole('button', { name: /^Give to be signed/ }).click();
  await expect(give).toHaveCount(0, { timeout: 30_000 });
  await expect(page.getByText(/You gave this report to be signed, \d\d:\d\d/)).toBeVisible();
  const forBoth = page.getByRole('list', { name: 'Exams of the report that waits' });
  await expect(forBoth.getByRole('listitem')).toHaveCount(2);
  await pictures(page, 'given');
  expect(complaints.all).toEqual([]);
  await page.context().close();
  await signedForBoth(head, chest);
});

const linesOf = (words: Locator): Promise<number> =>
  words.evaluate((element) => {
    const text = document.createRange();
    text.selectNodeContents(element);
    return new Set([...text.getClientRects()].map((line) => line.top)).size;
  });

/** Who may sign opens the exam that was not pressed: one signature is for both. */
async function signedForBoth(head: WorklistRow, chest: WorklistRow): Promise<void> {
  const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
  await signIn(page, day, 'reader');
  await page.keyboard.press('/');
  await page.keyboard.type('Hazelbourne');
  await page.getByRole('row', { name: new RegExp(chest.accession ?? '-') }).dblclick();
  await expect(page.getByText(/Pending signature: dictated by Dr C. Maplethorne, given \d\d:\d\d/)).toBeVisible();
  const forBoth = page.getByRole('list', { name: 'Exams of the report that waits' });
  await expect(forBoth).toContainText(head.accession ?? '-');
  await expect(forBoth).toContainText(chest.accession ?? '-');
  const report = page.getByRole('region', { name: 'Report', exact: true });
  const block = report.getByRole('region', { name: new RegExp(`accession ${head.accession}`) });
  await expectWords(block.getByRole('textbox', { name: /^Findings/ }), 'No haemorrhage.');
  await expectWords(report.getByRole('textbox', { name: 'Findings', exact: true }), 'No rib fracture.');
  const signFinal = page.getByRole('button', { name: /^Sign final/ });
  await expect(signFinal).toHaveAttribute('title', /Claim it to sign for both/);
  const heading = page.getByRole('list', { name: 'Series' }).getByText(head.accession ?? '-', { exact: true });
  // An accession that is parted at its hyphen is read as two.
  expect(await linesOf(heading)).toBe(1);
  await pictures(page, 'to-sign');
  await page.getByRole('button', { name: 'Claim all of them' }).click();
  await expect(signFinal).toBeEnabled({ timeout: 30_000 });
  await signFinal.click();
  const dialog = page.getByRole('dialog', { name: 'Sign report' });
  await expect(dialog.getByRole('region', { name: 'Exams of this report' })).toContainText(chest.accession ?? '-');
  await expect(dialog.getByRole('region', { name: 'Exams of this report' })).toContainText(head.accession ?? '-');
  const asked = dialog.getByText(/Answer what is asked first/);
  while (await asked.isVisible()) await page.keyboard.press('1');
  await dialog.getByRole('textbox', { name: 'Password' }).fill('demo');
  await pictures(page, 'sign');
  await dialog.getByRole('button', { name: /^Sign/ }).click();
  await expect(dialog).toHaveCount(0, { timeout: 30_000 });

  await expect(report).toContainText('Final');
  await expect(report).toContainText(`accession ${head.accession}`);
  await expect(report).toContainText('Dictated by Dr C. Maplethorne');
  for (const name of ['Delivery', `Delivery under ${head.accession}`]) {
    const list = page.getByRole('list', { name, exact: true });
    await expect(list.getByRole('listitem')).toHaveCount(2);
    for (const item of await list.getByRole('listitem').all())
      await expect(item).toContainText(/filed/i, { timeout: 40_000 });
  }
  await shot(page, 'final');
  await expect
    .poll(async () => (await pair()).map((one) => `${one.state} ${one.report}`), { timeout: 20_000 })
    .toEqual(['completed final', 'completed final']);
  await pictures(page, 'final');
  expect(complaints.all).toEqual([]);
  await page.context().close();
}

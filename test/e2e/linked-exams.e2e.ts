import { type Browser, expect, type Page, test } from '@playwright/test';
import type { WorklistRow } from '../../shared/api/index.ts';
import { signIn as signInByCall } from '../servers/overread-host/start-host.ts';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { launch, newPage, signIn } from './overread.ts';

const shots = process.env.OVERREAD_SHOTS;
let browser: Browser;
let day: DayShell;

const pair = async (): Promise<readonly WorklistRow[]> =>
  (await rowsOf(day)).filter(
    (row) => row.patient.name.startsWith('Hazelbourne') && row.images.present >= (row.images.expected ?? 1),
  );

test.beforeAll(async () => {
  test.setTimeout(240_000);
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

test('two exams of one patient are read together, signed once, and both are final and delivered', async () => {
  test.setTimeout(180_000);
  const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
  await signIn(page, day, 'reader');
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
  const signFinal = page.getByRole('button', { name: /^Sign final/ });
  await expect(signFinal).toBeDisabled();
  await expect(signFinal).toHaveAttribute('title', new RegExp(`${chest.accession}.* lacks Impression`));
  await block.getByRole('textbox', { name: /^Impression/ }).fill('Normal chest.');
  await expect(linked.getByRole('button', { name: 'Report one by one' })).toBeDisabled();
  await signFinal.click();

  const dialog = page.getByRole('dialog', { name: 'Sign report' });
  await expect(dialog.getByRole('region', { name: 'Exams of this report' })).toContainText(chest.accession ?? '-');
  await expect(dialog.getByRole('region', { name: 'Exams of this report' })).toContainText(head.accession ?? '-');
  await dialog.getByRole('textbox', { name: 'Password' }).fill('demo');
  await shot(page, 'sign');
  await dialog.getByRole('button', { name: /^Sign/ }).click();
  await expect(dialog).toHaveCount(0, { timeout: 30_000 });

  const report = page.getByRole('region', { name: 'Report', exact: true });
  await expect(report).toContainText('Final');
  await expect(report).toContainText(`accession ${chest.accession}`);
  for (const name of ['Delivery', `Delivery under ${chest.accession}`]) {
    const list = page.getByRole('list', { name, exact: true });
    await expect(list.getByRole('listitem')).toHaveCount(2);
    for (const item of await list.getByRole('listitem').all())
      await expect(item).toContainText(/filed/i, { timeout: 40_000 });
  }
  await shot(page, 'final');
  await expect
    .poll(async () => (await pair()).map((one) => `${one.state} ${one.report}`), { timeout: 20_000 })
    .toEqual(['completed final', 'completed final']);
  await page.setViewportSize({ width: 2560, height: 1440 });
  await shot(page, 'final-large');
  expect(complaints.all).toEqual([]);
  await page.context().close();
});

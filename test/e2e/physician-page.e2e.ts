import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test';
import { readyForFinal, signReport } from '../host/case-driver.ts';
import { signIn as signInOverHttp, type TestReader } from '../servers/overread-host/start-host.ts';
import { type DayShell, startDay } from './demo-day.ts';
import { launch, newPage, signIn } from './overread.ts';

const screens = join(import.meta.dirname, '..', '..', 'test-results', 'screens');
let browser: Browser;
let day: DayShell;
let reader: TestReader;
let taskId: string;
let accession: string;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  test.setTimeout(240_000);
  mkdirSync(screens, { recursive: true });
  // A group host on this computer shows the demo day too, and has a listener for the page.
  day = await startDay({ args: ['--listen', '127.0.0.1:0', '--physician-listen', '127.0.0.1:0'] });
  browser = await launch();
  reader = await signInOverHttp(day.url, 'reader', 'demo');
  const row = await readyForFinal(reader);
  await signReport(reader, row.taskId, {
    findings:
      'The lungs are clear. No effusion.\n\nHeart size is normal. No free air, and nothing else that would need to be told at once.',
    impression: 'No acute finding.',
  });
  taskId = row.taskId;
  accession = row.accession ?? '';
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
});

const report = (page: Page) => page.getByRole('region', { name: 'Report' });
const links = (page: Page) => report(page).getByRole('region', { name: 'Physician’s page' });

async function serious(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}
async function fits(page: Page): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
}
/** What a person outside has: a browser of her own, where no script runs. */
function outside(width: number, colorScheme: 'light' | 'dark'): Promise<BrowserContext> {
  const height = width < 500 ? 844 : 800;
  return browser.newContext({ viewport: { width, height }, colorScheme, javaScriptEnabled: false });
}
const make = async (): Promise<{ address: string; code: string }> => {
  const made = await reader.call('makePhysicianLink', { params: { taskId }, input: { recipient: 'Dr O. Farrow' } });
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
};

test('a link is made beside the deliveries, told once, opened by a person with its code, and the reader sees it', async () => {
  test.setTimeout(150_000);
  const { context, page, complaints } = await newPage(browser);
  await signIn(page, day);
  await page.keyboard.press('/');
  await page.getByRole('searchbox', { name: 'Filter the list' }).fill(accession);
  await page.getByRole('row', { name: accession }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(links(page)).toContainText('No link is made', { timeout: 30_000 });
  await links(page).getByRole('button', { name: 'Make a link' }).click();
  const whom = links(page).getByRole('textbox', { name: 'For whom' });
  await expect(whom).toBeFocused();
  await expect(whom).not.toHaveValue('');
  await whom.fill('Dr O. Farrow');
  await page.keyboard.press('Enter');
  const told = links(page).getByRole('group', { name: 'New link' });
  await expect(told).toBeVisible();
  const address = await told.getByRole('textbox', { name: 'Link' }).inputValue();
  const code = ((await told.getByLabel('Code').textContent()) ?? '').trim();
  expect(code).toMatch(/^\d{4} \d{4}$/);
  await told.scrollIntoViewIfNeeded();
  expect(await serious(page)).toEqual([]);
  await page.screenshot({ path: join(screens, 'physician-link-1280.png') });
  await page.setViewportSize({ width: 2560, height: 1440 });
  await told.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(screens, 'physician-link-2560.png') });
  await page.setViewportSize({ width: 1280, height: 800 });
  await told.getByRole('button', { name: 'Done, hide both' }).click();
  await expect(page.getByText(code)).toHaveCount(0);
  const item = links(page).getByRole('list', { name: 'Links for physicians' }).getByRole('listitem');
  await expect(item).toContainText('waits for its code');

  const physician = await outside(390, 'light');
  const phone = await physician.newPage();
  await phone.goto(address);
  await expect(phone.getByRole('heading', { name: 'Open a radiology report' })).toBeVisible();
  await phone.screenshot({ path: join(screens, 'physician-code-390.png') });
  await phone.getByRole('textbox', { name: 'Code, 8 digits' }).fill(code);
  await phone.getByRole('button', { name: 'Open' }).click();
  await expect(phone.getByRole('heading', { name: 'Final report' })).toBeVisible();
  await expect(phone.getByText('No acute finding.')).toBeVisible();
  await phone.screenshot({ path: join(screens, 'physician-report-390.png'), fullPage: true });

  // The reader hears of it without asking, in the third word.
  await expect(item).toContainText(/opened \(a person\) \d\d:\d\d/, { timeout: 30_000 });
  await expect(report(page).getByText('Report opened by the receiver').first()).toBeAttached({ timeout: 30_000 });
  await item.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(screens, 'physician-opened-1280.png') });

  const loading = phone.waitForEvent('download');
  await phone.getByRole('button', { name: 'Download PDF' }).click();
  expect((await loading).suggestedFilename()).toMatch(/^report-[A-Za-z0-9-]+-v1-final\.pdf$/);
  await phone.getByRole('button', { name: 'Look for a newer version' }).click();
  await expect(phone.getByText('Version 1')).toBeVisible();
  expect(complaints.all).toEqual([]);
  await physician.close();
  await context.close();
});

for (const width of [1280, 390] as const)
  test(`the page at ${width}: wrong code, used code and report, light and dark, without a script, nothing serious for axe`, async () => {
    test.setTimeout(120_000);
    const { address, code } = await make();
    const wrong = String((Number(code.replace(' ', '')) + 1) % 10 ** 8).padStart(8, '0');
    for (const scheme of ['light', 'dark'] as const) {
      const context = await outside(width, scheme);
      const page = await context.newPage();
      await page.goto(address);
      await page.screenshot({ path: join(screens, `physician-code-${scheme}-${width}.png`) });
      await page.getByRole('textbox', { name: 'Code, 8 digits' }).fill(wrong);
      await page.getByRole('button', { name: 'Open' }).click();
      await expect(page.getByRole('alert')).toContainText('This link and this code open nothing.');
      await page.screenshot({ path: join(screens, `physician-wrong-${scheme}-${width}.png`) });
      await page.getByRole('textbox', { name: 'Code, 8 digits' }).fill(code);
      await page.getByRole('button', { name: 'Open' }).click();
      if (scheme === 'light') {
        await expect(page.getByRole('heading', { name: 'Final report' })).toBeVisible();
        await page.screenshot({ path: join(screens, `physician-report-light-${width}.png`), fullPage: true });
        // Loaded anew is the same press, not a second opening.
        await page.reload();
        await expect(page.getByRole('heading', { name: 'Final report' })).toBeVisible();
      } else {
        await expect(page.getByRole('alert')).toContainText('This code was used before');
        await page.screenshot({ path: join(screens, `physician-used-dark-${width}.png`) });
      }
      await context.close();
    }
    // axe needs a script of its own; the page's policy lets none of the page's run.
    const finding = 'Free air under the diaphragm, new since the prior.';
    const critical = { id: `critical-${crypto.randomUUID()}`, ago: 0, level: 2, finding, origin: 'key' } as const;
    const begun = await reader.call('startCritical', { params: { taskId }, input: critical });
    expect(begun.ok).toBe(true);
    const fresh = await make();
    const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme: 'dark' });
    const page = await context.newPage();
    await page.goto(fresh.address);
    expect(await serious(page)).toEqual([]);
    await fits(page);
    await page.getByRole('textbox', { name: 'Code, 8 digits' }).fill(fresh.code);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Final report' })).toBeVisible();
    expect(await serious(page)).toEqual([]);
    await fits(page);
    await page.screenshot({ path: join(screens, `physician-report-dark-${width}.png`), fullPage: true });
    await page.getByRole('textbox', { name: 'Your name' }).fill('Olivia Farrow');
    await page.getByRole('combobox', { name: 'You are' }).selectOption({ label: 'physician' });
    await page.getByRole('textbox', { name: 'Call-back number' }).fill('555-0142');
    await page.getByRole('textbox', { name: 'What you read, in your own words' }).fill('Free air; surgery is told.');
    await page.getByRole('checkbox', { name: /I can act on it/ }).check();
    await page.getByRole('button', { name: 'Read back' }).click();
    await expect(page.getByRole('status')).toContainText('Your read-back is kept.');
    await expect(page.getByText('Read back by Olivia Farrow, on the physician’s page').last()).toBeVisible();
    expect(await serious(page)).toEqual([]);
    await page.screenshot({ path: join(screens, `physician-read-back-${width}.png`), fullPage: true });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await expect(page.getByRole('button', { name: 'Download PDF' })).toBeHidden();
    await page.screenshot({ path: join(screens, `physician-print-${width}.png`), fullPage: true });
    await context.close();
  });

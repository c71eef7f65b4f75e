import { type Browser, expect, type Page, test } from '@playwright/test';
import { type DayShell, startDay } from './demo-day.ts';
import { launch, newPage, signIn } from './overread.ts';
import { viewport } from './pixel-reading.ts';

const shots = process.env.OVERREAD_SHOTS;
let browser: Browser;
let day: DayShell;

test.beforeAll(async () => {
  test.setTimeout(400_000);
  day = await startDay();
  browser = await launch();
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
});

/** By Enter once the row is chosen, and once more to read it. */
async function read(page: Page, name: string): Promise<void> {
  await page.keyboard.press('/');
  await page.getByRole('searchbox', { name: 'Filter the list' }).fill(name);
  await page
    .getByRole('row', { name: new RegExp(name) })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await painted(page);
}

async function painted(page: Page): Promise<void> {
  await expect(viewport(page, 1)).toHaveAttribute('data-painted', 'true', { timeout: 60_000 });
}

const report = (page: Page) => page.getByRole('region', { name: 'Report' });
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Sign report' });
const seriesItems = (page: Page) => page.getByRole('list', { name: 'Series' }).getByRole('button');

async function write(page: Page, words: string): Promise<void> {
  await report(page).getByRole('textbox', { name: 'Impression' }).fill(words);
  await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Saved', { timeout: 20_000 });
}

async function shot(page: Page, name: string): Promise<void> {
  if (shots === undefined) return;
  await page.waitForTimeout(500);
  await page.screenshot({ path: `${shots}/seen-${name}-1280.png` });
  await page.setViewportSize({ width: 2560, height: 1440 });
  await page.waitForTimeout(1_200);
  await page.screenshot({ path: `${shots}/seen-${name}-2560.png` });
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.waitForTimeout(600);
}

test('series that were never opened are told before signing as advice, one press opens the first, and a reload forgets nothing', async () => {
  test.setTimeout(240_000);
  const { context, page, complaints } = await newPage(browser);
  await signIn(page, day);
  await read(page, 'Nightjar');
  await page.keyboard.press('Alt+1');
  const notOpened = seriesItems(page).filter({ hasText: 'not opened' });
  await expect.poll(() => notOpened.count()).toBeGreaterThan(0);
  await write(page, 'No acute finding.');
  await shot(page, 'strip');
  const left = await notOpened.count();
  await report(page).getByRole('button', { name: 'Sign final' }).click();
  await expect(dialog(page).getByRole('note').filter({ hasText: 'never opened' })).toBeVisible();
  await expect(dialog(page).getByRole('button', { name: 'Sign', exact: true })).toBeEnabled();
  await shot(page, 'advice');
  await dialog(page).getByRole('button', { name: 'Open the first' }).click();
  await expect(dialog(page)).toBeHidden();
  await painted(page);
  await expect.poll(() => notOpened.count()).toBe(left - 1);
  // What is kept lies in this computer's sealed store: a reload brings it back, and no host is asked for it.
  await expect(async () => {
    // What was painted is kept within two seconds: one that a reload overtook is opened once more.
    if ((await notOpened.count()) >= left) await notOpened.first().click();
    await page.waitForTimeout(2_500);
    await page.reload();
    await painted(page);
    await expect(notOpened).toHaveCount(left - 1, { timeout: 5_000 });
  }).toPass({ timeout: 90_000 });

  // An image window knows what was seen before the reload too.
  const opening = context.waitForEvent('page');
  await page.keyboard.press('Alt+w');
  const images = await opening;
  await painted(images);
  await expect
    .poll(async () => [await notOpened.count(), await seriesItems(images).filter({ hasText: 'not opened' }).count()])
    .toEqual([left - 1, left - 1]);
  expect(complaints.all).toEqual([]);
  await context.close();
});

test('a mammogram is signed when each of its views was shown pixel for pixel, part by part with one key; a prior on film is marked', async () => {
  test.setTimeout(240_000);
  const { context, page, complaints } = await newPage(browser);
  // The demo's reader is not qualified for mammography; its lead is.
  await signIn(page, day, 'lead');
  await read(page, 'Winterquay');
  await write(page, 'BI-RADS 0. Mass in the left breast.');
  const sign = dialog(page).getByRole('button', { name: 'Sign', exact: true });
  await report(page).getByRole('button', { name: 'Sign final' }).click();
  await expect(dialog(page)).toContainText('Left: R CC, L CC, R MLO, L MLO.');
  await expect(sign).toBeDisabled();
  await shot(page, 'views-left');
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toBeHidden();
  // As many presses as there are parts: each brings one that was never shown.
  const words = viewport(page, 1).locator('.tie').filter({ hasText: 'pixel for pixel' });
  await expect(words).toContainText('% shown');
  await shot(page, 'part');
  const said = page.getByRole('status').filter({ hasText: 'Every view was shown pixel for pixel.' });
  await expect
    .poll(
      async () => {
        await page.keyboard.press('\\');
        await page.waitForTimeout(50);
        return said.count();
      },
      { timeout: 90_000, intervals: [100] },
    )
    .toBe(1);
  await expect(words).toHaveText('shown pixel for pixel');

  // Films of years ago may stand beside it, and say what they are.
  // Priors are the last images of the day to come; until then its report stands alone.
  const films = page.locator('details').filter({ hasText: 'digitised film' }).locator('summary').first();
  await expect(async () => {
    if (/reported/.test((await films.textContent()) ?? '')) await page.keyboard.press('Alt+V');
    await expect(films).not.toContainText('reported', { timeout: 3_000 });
  }).toPass({ timeout: 120_000 });
  await films.click();
  const beside = page.getByRole('button', { name: /^Show beside: .*digitised film/ });
  await beside.click();
  await expect(viewport(page, 2)).toContainText('NOT FOR INTERPRETATION: digitised film', { timeout: 30_000 });
  await shot(page, 'film');

  await report(page).getByRole('button', { name: 'Sign final' }).click();
  await expect(dialog(page)).toBeVisible();
  await expect(dialog(page)).not.toContainText('pixel');
  await shot(page, 'may-sign');
  const password = dialog(page).getByRole('textbox', { name: 'Password' });
  if (await password.isVisible()) await password.fill('demo');
  await sign.click();
  await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Final', { timeout: 30_000 });
  expect(complaints.all).toEqual([]);
  await context.close();
});

test('what the checks ask is answered before signing, one key each, or the words are changed; the rest is told', async () => {
  test.setTimeout(240_000);
  const { context, page, complaints } = await newPage(browser);
  await signIn(page, day);
  await read(page, 'Nightjar');
  const field = (name: string) => report(page).getByRole('textbox', { name, exact: true });
  await field('Findings').fill('No pneumothorax.\nSmall left pleural effusion.');
  await write(page, 'Right pleural effusion.\nPneumothorax.');

  // While she writes: quiet, beside the words, and one press from them.
  const beside = report(page).getByRole('list', { name: 'Checks' });
  await expect(beside.getByRole('listitem')).toHaveCount(3);
  await expect(beside).toContainText('Impression: “Right pleural effusion”; Findings: “left pleural effusion”');
  await expect(beside).toContainText('The Impression has “Pneumothorax”; Findings deny it.');
  await shot(page, 'checks-beside');
  await beside.getByRole('button', { name: /^Asked before signing: Impression: “Right/ }).click();
  await expect(field('Impression')).toBeFocused();

  await page.keyboard.press('F12');
  const asked = dialog(page).getByRole('list', { name: 'Checks' });
  const sign = dialog(page).getByRole('button', { name: 'Sign', exact: true });
  await expect(asked).toContainText('Right pleural effusion');
  await expect(sign).toBeDisabled();
  await expect(dialog(page).getByRole('status', { name: 'Signing' })).toContainText('2 left');
  await shot(page, 'checks-asked');
  // A second Enter of a habit answers nothing.
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toBeVisible();
  await expect(dialog(page).getByRole('status', { name: 'Signing' })).toContainText('2 left');

  // Back to the words of the first, which are put right.
  await page.keyboard.press('w');
  await expect(dialog(page)).toBeHidden();
  await expect(field('Impression')).toBeFocused();
  await expect.poll(() => page.evaluate(() => document.getSelection()?.toString())).toBe('Right');
  await page.keyboard.type('Left');
  await expect
    .poll(() => field('Impression').evaluate((one) => ('value' in one ? String(one.value) : (one.textContent ?? ''))))
    .toMatch(/^Left pleural effusion\.\s*Pneumothorax\.$/);
  await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Saved', { timeout: 20_000 });
  await page.keyboard.press('F12');
  await expect(dialog(page).getByRole('status', { name: 'Signing' })).toContainText('1 left');
  await page.keyboard.press('1');
  await expect(asked).toContainText('Told already');
  await expect(sign).toBeEnabled();
  await shot(page, 'checks-answered');
  const password = dialog(page).getByRole('textbox', { name: 'Password' });
  if (await password.isVisible()) await password.fill('demo');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Final', { timeout: 30_000 });
  await expect(report(page).getByRole('list', { name: 'Timeline' })).toContainText('critical-words confirmed (told)', {
    timeout: 30_000,
  });
  expect(complaints.all).toEqual([]);
  await context.close();
});

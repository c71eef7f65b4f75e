import { type Browser, expect, type Page, test } from '@playwright/test';
import { type DayShell, startDay } from './demo-day.ts';
import { launch, newPage, signIn } from './overread.ts';

/** The four faults of the day, and what the panel says of each before the first click. */
const faults: readonly (readonly [patient: RegExp, words: RegExp, evidence: RegExp])[] = [
  [/Sablewright/, /order is for left; the images are marked right/, /order: left · images: right/],
  [/Thornapple/, /No reason for the exam/, /ServiceRequest\.reasonCode/],
  [/Wrenfield/, /Ordered without contrast; the images were made with it/, /images: with contrast: Iodinated contrast/],
  [/Ashgrove/, /organ that a male patient does not usually have/, /order: M, US pelvis/],
];

test.describe('orders of the demo day', () => {
  let day: DayShell;
  let browser: Browser;
  test.beforeAll(async () => {
    test.setTimeout(300_000);
    day = await startDay();
    browser = await launch();
  });
  test.afterAll(async () => {
    await browser?.close();
    await day?.stop();
  });

  const order = (page: Page) => page.getByRole('region', { name: 'Order' });
  const select = async (page: Page, name: RegExp): Promise<void> => {
    const row = page.getByRole('grid', { name: 'Worklist' }).getByRole('row', { name });
    await page.keyboard.press('/');
    await page.keyboard.type(name.source);
    // The words of a key that came before the list are in the filter a moment later; Enter alone would read the first study.
    await expect(page.getByRole('searchbox', { name: 'Filter the list' })).toHaveValue(name.source);
    await page.keyboard.press('Enter');
    await row.click();
  };

  test('say before the first click what is wrong, by both sides and the clause, and the list carries the count', async () => {
    test.setTimeout(120_000);
    const { page, complaints } = await newPage(browser);
    await signIn(page, day);
    for (const [name, words, evidence] of faults) {
      await select(page, name);
      const checks = order(page).getByRole('list', { name: 'Order checks' });
      await expect(checks.getByRole('listitem').first()).toContainText(words, { timeout: 15_000 });
      await expect(checks.getByRole('listitem').first()).toContainText(evidence);
      await expect(order(page)).toContainText('Not fit to read: 1 defect');
      await expect(page.getByRole('grid', { name: 'Worklist' }).getByRole('row', { name })).toContainText(
        '1 order defect',
      );
      // The order stands there once.
      await expect(page.getByRole('complementary').getByRole('heading', { name: 'Order', exact: true })).toHaveCount(1);
      await page.keyboard.press('Escape');
    }
    expect(complaints.all).toEqual([]);
  });

  test('stand in the reading screen too, and never in the way: the study is claimed and written all the same', async () => {
    test.setTimeout(120_000);
    const { page } = await newPage(browser);
    await signIn(page, day);
    await select(page, /Thornapple/);
    await page.getByRole('row', { name: /Thornapple/ }).dblclick();
    await expect(order(page)).toContainText('No reason for the exam', { timeout: 60_000 });
    await page.getByRole('region', { name: 'Report' }).getByRole('textbox', { name: 'Findings' }).fill('Clear lungs.');
    await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Saved', { timeout: 30_000 });
    await page.keyboard.press('Alt+O');
    const checks = order(page).getByRole('list', { name: 'Order checks' });
    await expect(checks.getByRole('listitem').filter({ hasText: 'Same patient by name' })).toBeVisible();
  });

  test('are told to the lead for billing, and to a reader not', async () => {
    test.setTimeout(120_000);
    const lead = await newPage(browser);
    await signIn(lead.page, day, 'lead');
    await lead.page.keyboard.press('Control+k');
    await lead.page.keyboard.type('fit to bill');
    await expect(lead.page.getByRole('combobox', { name: 'Find or do' })).toHaveValue('fit to bill');
    await lead.page.keyboard.press('Enter');
    const dialog = lead.page.getByRole('dialog', { name: 'Fit to bill' });
    await expect(dialog.getByRole('row').filter({ hasText: 'No authorization is recorded' }).first()).toBeVisible({
      timeout: 20_000,
    });
    await expect(
      dialog
        .getByRole('row')
        .filter({ hasText: /The authorization ended 20\d\d-/ })
        .first(),
    ).toBeVisible();
    await expect(dialog).toContainText('No ICD-10-CM table is loaded');

    const reader = await newPage(browser);
    await signIn(reader.page, day, 'reader');
    await reader.page.keyboard.press('Control+k');
    await reader.page.keyboard.type('fit to bill');
    await expect(reader.page.getByRole('dialog').getByText(/cannot be billed/)).toHaveCount(0);
  });
});

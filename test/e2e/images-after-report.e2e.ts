import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, test } from '@playwright/test';
import { type DayShell, startDay } from './demo-day.ts';
import { launch, newPage, signIn } from './overread.ts';

const screens = join(import.meta.dirname, '..', '..', 'test-results', 'screens');

test.describe('images after the report, on the demo day', () => {
  let shell: DayShell;
  let browser: Browser;
  test.beforeAll(async () => {
    test.setTimeout(240_000);
    shell = await startDay();
    browser = await launch();
    mkdirSync(screens, { recursive: true });
  });
  test.afterAll(async () => {
    await browser?.close();
    await shell?.stop();
  });

  test('stand below the list of who signed and of the lead until one of them ends them, offline never by mistake', async () => {
    test.setTimeout(240_000);
    const lead = await newPage(browser, { width: 2560, height: 1440 });
    await signIn(lead.page, shell, 'lead');
    const leads = lead.page.getByRole('region', { name: 'Since the signature' });
    await expect(leads).toContainText('Sedgewater, Petronel', { timeout: 90_000 });
    await expect(leads).toContainText('1 new since version 1');
    await expect(leads).toContainText(/open \d+:\d\d, due \d\d:\d\d/);
    await lead.page.screenshot({ path: join(screens, 'after-report-lead-2560.png') });

    const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
    await signIn(page, shell);
    const board = page.getByRole('region', { name: 'Since the signature' });
    await expect(board).toContainText('Sedgewater', { timeout: 30_000 });
    await page.screenshot({ path: join(screens, 'after-report-list-1280.png') });
    // By keyboard alone: to the line, into the case.
    await page.getByRole('grid', { name: 'Worklist' }).focus();
    await page.keyboard.press('i');
    await expect(board.getByRole('button', { name: 'Open' })).toBeFocused();
    await page.keyboard.press('Enter');
    const report = page.getByRole('region', { name: 'Report', exact: true });
    const block = report.getByRole('region', { name: 'Since the signature' });
    await expect(block).toContainText('Series 1, DX', { timeout: 30_000 });
    await expect(block).toContainText('1 new');
    // Whoever of them is on shift at this hour: the signer, else another reader.
    await expect(block).toContainText(/told Dr [A-Z]\. [A-Z][a-z]+/);
    await page.screenshot({ path: join(screens, 'after-report-case-1280.png') });

    await block.getByRole('button', { name: 'No change…' }).click();
    const reason = block.getByRole('combobox', { name: 'Why the report stands' });
    await expect(reason).toBeFocused();
    const end = block.getByRole('button', { name: 'End: the report stands' });
    await expect(end).toBeDisabled();
    await reason.selectOption({ label: 'Looked at; they confirm the report as it stands' });
    await block.getByRole('textbox').fill('The Y view shows the same fracture.');
    await page.screenshot({ path: join(screens, 'after-report-reason-1280.png') });
    await page.route('**/images-after-report/no-change', (route) => route.abort());
    await end.click();
    await expect(block.getByRole('alert')).toContainText('Not sent', { timeout: 20_000 });
    await expect(leads).toContainText('Sedgewater');
    await page.unroute('**/images-after-report/no-change');
    await end.click();
    await expect(block).toContainText(/Ended \d\d:\d\d .* by Dr M. Tandewright, no change/, { timeout: 20_000 });
    await expect(leads).toHaveCount(0, { timeout: 30_000 });
    await page.screenshot({ path: join(screens, 'after-report-ended-1280.png') });

    await report.getByRole('button', { name: 'Verify signatures' }).click();
    await expect(report).toContainText('1 image as signed', { timeout: 20_000 });
    await page.keyboard.press('Alt+Home');
    await expect(page.getByRole('grid', { name: 'Worklist' })).toBeVisible();
    await expect(board).toHaveCount(0);
    expect(complaints.all).toEqual([]);
    expect(lead.complaints.all).toEqual([]);
  });
});

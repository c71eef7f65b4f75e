import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, test } from '@playwright/test';
import { type DayShell, startDay } from './demo-day.ts';
import { expectWords, launch, newPage, signIn } from './overread.ts';

const screens = join(import.meta.dirname, '..', '..', 'test-results', 'screens');

test.describe('a case that is opened while the archive is silent', () => {
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

  test('says why there are no images and shows them by itself once the line is back', async () => {
    test.setTimeout(180_000);
    const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
    await signIn(page, shell);
    const row = page.getByRole('grid', { name: 'Worklist' }).getByRole('row', { name: /Quillfeather/ });
    await expect(async () => {
      await page.keyboard.press('u');
      await expect(row).toBeVisible({ timeout: 1_000 });
      await expect(row).not.toContainText(/No images|Arriving/, { timeout: 1_000 });
    }).toPass({ timeout: 90_000 });
    let asked = 0;
    await page.route('**/dicomweb/**/series', (route) => {
      asked += 1;
      return route.fulfill({ status: 502, json: { code: 'upstream-unreachable', message: 'The line is cut' } });
    });
    await row.dblclick();
    const trouble = page.getByRole('status').filter({ hasText: 'The archive does not answer now' });
    await expect(trouble).toContainText('The line is cut', { timeout: 60_000 });
    await expect(trouble).toContainText('asked again by itself');
    await page.screenshot({ path: join(screens, 'line-cut-1280.png') });
    // Nobody presses anything: it asks on, and the words are written meanwhile.
    await expect.poll(() => asked, { timeout: 30_000 }).toBeGreaterThan(1);
    const findings = page.getByRole('region', { name: 'Report' }).getByRole('textbox', { name: 'Findings' });
    await findings.fill('Written without images.');
    await page.unroute('**/dicomweb/**/series');
    await expect(page.getByRole('group', { name: 'Viewport 1' })).toHaveAttribute('data-painted', 'true', {
      timeout: 60_000,
    });
    await expect(trouble).toHaveCount(0);
    await expectWords(findings, 'Written without images.');
    expect(complaints.all).toEqual([]);
  });
});

import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, test } from '@playwright/test';
import { type DayShell, startDay } from './demo-day.ts';
import { launch, newPage, signIn } from './overread.ts';

const root = join(import.meta.dirname, '..', '..');
const screens = join(root, 'test-results', 'screens');

/** Sizes that every screen must be right at (look/README.md). */
const sizes = [
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
];

test.describe('the screens of the demo day at the smallest and the largest size', () => {
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

  for (const size of sizes) {
    test(`list, reading screen, sign dialog and signed report at ${size.width} x ${size.height}`, async () => {
      const { page, context, complaints } = await newPage(browser, size);
      const shot = (name: string): Promise<unknown> =>
        page.screenshot({ path: join(screens, `${name}-${size.width}.png`) });
      await signIn(page, shell);
      const grid = page.getByRole('grid', { name: 'Worklist' });
      // Each size reads a study of its own, one with a prior where it can.
      const wanted = size.width === 1280 ? /Quillfeather/ : /Raventhorpe/;
      // Words that fit the exam: else the checks ask, and wait for an answer.
      const words =
        size.width === 1280
          ? {
              findings:
                'Heterogeneous uterine mass with gas. Several hypoattenuating liver lesions, the largest 48 mm.',
              impression:
                '1. New liver metastases.\n2. Uterine mass with gas: growth, fistula or infection to be excluded.',
            }
          : { findings: 'Nothing acute.', impression: 'No acute abnormality.' };
      const row = grid.getByRole('row', { name: wanted });
      // New rows wait behind a count while somebody is in the list; U shows them.
      await expect(async () => {
        await page.keyboard.press('u');
        await expect(row).toBeVisible({ timeout: 1_000 });
        await expect(row).not.toContainText(/No images|Arriving/, { timeout: 1_000 });
      }).toPass({ timeout: 90_000 });
      await shot('list');
      await row.dblclick();
      const viewport = page.getByRole('group', { name: 'Viewport 1' });
      await expect(viewport).toHaveAttribute('data-painted', 'true', { timeout: 60_000 });
      const report = page.getByRole('region', { name: 'Report' });
      await report.getByRole('textbox', { name: 'Findings' }).fill(words.findings);
      await report.getByRole('textbox', { name: 'Impression' }).fill(words.impression);
      await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Saved', { timeout: 15_000 });
      await shot('reading');
      if (size.width === 1280 && process.env.UPDATE_SCREENS === '1') {
        mkdirSync(join(root, 'docs', 'screens'), { recursive: true });
        copyFileSync(join(screens, 'reading-1280.png'), join(root, 'docs', 'screens', 'reading.png'));
      }
      await report.getByRole('button', { name: 'Sign final' }).click();
      const dialog = page.getByRole('dialog', { name: 'Sign report' });
      await dialog.getByRole('textbox', { name: 'Password' }).fill('demo');
      await shot('sign');
      await dialog.getByRole('button', { name: 'Sign', exact: true }).click();
      await expect(page.getByRole('status', { name: 'Report status' })).toContainText('Final', { timeout: 30_000 });
      await expect(
        page.getByRole('list', { name: 'Delivery' }).getByRole('listitem').filter({ hasText: /filed/i }),
      ).toHaveCount(2, { timeout: 30_000 });
      await shot('final');
      // Nothing reaches beyond the window: no screen of ours scrolls sideways.
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      expect(complaints.all).toEqual([]);
      await context.close();
    });
  }
});

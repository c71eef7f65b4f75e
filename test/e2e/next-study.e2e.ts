import { type Browser, expect, type Page, test } from '@playwright/test';
import type { WorklistRow } from '../../shared/api/index.ts';
import { compareRank, waitsForImages } from '../../shared/domain/reading/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { launch, newPage, signIn } from './overread.ts';

const shots = process.env.OVERREAD_SHOTS;
let browser: Browser;
let day: DayShell;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  day = await startDay();
  browser = await launch();
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
});

/** What the next study is by rank; the one that has just been claimed counts as if it were free. */
function bestOf(rows: readonly WorklistRow[], justClaimed: string | null): WorklistRow | undefined {
  const now = instant(Date.now());
  return rows
    .filter(
      (row) =>
        (row.state === 'queued' || row.taskId === justClaimed) &&
        row.link !== 'order-without-images' &&
        !waitsForImages(row, now) &&
        row.mayRead.allowed,
    )
    .sort((left, right) => compareRank(left, right, now))[0];
}

async function enter(userName: string): Promise<Page> {
  const { page } = await newPage(browser, { width: 1280, height: 800 });
  await signIn(page, day, userName);
  await page.getByRole('grid', { name: 'Worklist' }).getByRole('row').nth(6).waitFor({ state: 'attached' });
  return page;
}
const shot = async (page: Page, name: string): Promise<void> => {
  if (shots !== undefined) await page.screenshot({ path: `${shots}/next-${name}.png` });
};

test('one key claims the best study, opens it and says why; it is passed with a reason, and the next one comes', async () => {
  const page = await enter('reader');
  await shot(page, 'list');
  const before = bestOf(await rowsOf(day), null);
  await page.keyboard.press('Alt+N');
  await expect(page).toHaveURL(/\/case\/[^/]+$/);
  const opened = page.url().split('/').at(-1) ?? '';
  const rows = await rowsOf(day);
  const best = rows.find((row) => row.taskId === opened);
  // The day goes on meanwhile: it was the best before the key was pressed, or is after what came since.
  expect([before?.taskId, bestOf(rows, opened)?.taskId]).toContain(opened);
  await expect(page.getByText('Why this one')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Patient' })).toContainText(best?.accession ?? '');
  // An unsigned study is open: the next one waits until this one is signed, held, passed or left.
  await expect(page.getByRole('button', { name: 'Next study' })).toHaveCount(0);
  await page.keyboard.press('Alt+P');
  const dialog = page.getByRole('dialog', { name: 'Pass it on' });
  await expect(dialog).toContainText('Wrong subspecialty');
  await page.keyboard.press('1');
  await shot(page, 'pass');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: 'Worklist' })).toBeVisible();
  await page.getByRole('button', { name: 'Next study' }).click();
  await expect(page).toHaveURL(/\/case\//);
  expect(page.url()).not.toContain(best?.taskId ?? '-');
  await shot(page, 'case');
  await page.context().close();
});

import { type Browser, expect, type Page, test } from '@playwright/test';
import { compareRank, waitsForImages } from '../../shared/domain/reading/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { rowsOf } from './demo-day.ts';
import { launch, newPage, type Shell, signIn, startShell } from './overread.ts';

const shots = process.env.OVERREAD_SHOTS;
let browser: Browser;
let day: Shell;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  day = await startShell({});
  // Enough of the day, not all of it.
  await expect
    .poll(async () => (await rowsOf(day)).filter((row) => row.state === 'queued' && row.images.present > 0).length, {
      timeout: 200_000,
    })
    .toBeGreaterThan(8);
  browser = await launch();
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
});

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
  const claimable = (await rowsOf(day)).filter(
    (row) =>
      row.state === 'queued' &&
      row.link !== 'order-without-images' &&
      !waitsForImages(row, instant(Date.now())) &&
      row.mayRead.allowed,
  );
  const best = claimable.sort((left, right) => compareRank(left, right, instant(Date.now())))[0];
  await page.keyboard.press('Alt+N');
  await expect(page).toHaveURL(new RegExp(`/case/${best?.taskId}$`));
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

import { type Browser, expect, type Page, test } from '@playwright/test';
import { rowsOf } from './demo-day.ts';
import { launch, newPage, type Shell, signIn, startShell } from './overread.ts';

const shots = process.env.OVERREAD_SHOTS;
const sizes = [
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
];
let browser: Browser;
let day: Shell;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  day = await startShell({});
  browser = await launch();
  await expect
    .poll(async () => (await rowsOf(day)).filter((row) => row.arrival?.kind === 'arriving').length, {
      timeout: 200_000,
    })
    .toBeGreaterThanOrEqual(3);
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
});

const shot = async (page: Page, name: string): Promise<void> => {
  if (shots !== undefined) await page.screenshot({ path: `${shots}/arriving-${name}.png` });
};

for (const size of sizes) {
  test(`the list marks what is still arriving and says by which rule it is judged, at ${size.width}`, async () => {
    const { page } = await newPage(browser, size);
    await signIn(page, day, 'reader');
    const routine = page.getByRole('row', { name: /Pondermere/ });
    await page.getByRole('searchbox').first().fill('pondermere');
    await expect(routine).toContainText(/Arriving (6|14)\/24/);
    await routine.click();
    const side = page.getByRole('complementary', { name: 'The selected study' });
    await expect(side).toContainText('Images still arriving');
    await expect(side).toContainText(
      /(6|14) of 24, \d of 2 series \(CT chest, two kernels\) here, the last came \d\d:\d\d E[SD]T/,
    );
    await expect(side).toContainText(
      /Next study offers it with the last image, or at \d\d:\d\d E[SD]T if nothing more comes; Read starts early/,
    );
    await expect(side).toContainText('Why it stands here');
    await shot(page, `list-${size.width}`);
    await page.getByRole('searchbox').first().fill('gallowglen');
    await page.getByRole('row', { name: /Gallowglen/ }).click();
    await expect(side).toContainText(/STAT does not wait: it is offered with its first image|The images are complete/);
    await shot(page, `stat-${size.width}`);
    await page.context().close();
  });
}

for (const size of sizes) {
  test(`whoever opens it with Read starts early, and the reading screen says so, at ${size.width}`, async () => {
    const { page } = await newPage(browser, size);
    await signIn(page, day, size.width === 1280 ? 'reader' : 'lead');
    await page
      .getByRole('searchbox')
      .first()
      .fill(size.width === 1280 ? 'pondermere' : 'gallowglen');
    const row = page.getByRole('row', { name: size.width === 1280 ? /Pondermere/ : /Gallowglen/ });
    await expect(row).toContainText('Arriving');
    await row.dblclick();
    await expect(page).toHaveURL(/\/case\//);
    await expect(page.getByText(/Images still arriving: \d+ of 24/)).toBeVisible();
    await expect(page.getByText(/You started early, with \d+ of 24/)).toBeVisible();
    await shot(page, `case-${size.width}`);
    await page.context().close();
  });
}

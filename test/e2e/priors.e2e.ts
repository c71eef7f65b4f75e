import { type Browser, expect, type Page, test } from '@playwright/test';
import type { WorklistRow } from '../../shared/api/index.ts';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { launch, newPage, signIn } from './overread.ts';

const shots = process.env.OVERREAD_SHOTS;
let browser: Browser;
let day: DayShell;

const rowOf = async (name: string): Promise<WorklistRow | undefined> =>
  (await rowsOf(day)).find(
    (row) => row.patient.name.startsWith(name) && row.images.present >= (row.images.expected ?? 1),
  );

test.beforeAll(async () => {
  test.setTimeout(240_000);
  day = await startDay();
  await expect
    .poll(async () => [await rowOf('Petrelsen'), await rowOf('Kestrelov')].every((row) => row !== undefined), {
      timeout: 60_000,
    })
    .toBe(true);
  browser = await launch();
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
});

const shot = async (page: Page, name: string): Promise<void> => {
  if (shots === undefined) return;
  const small = page.viewportSize();
  await page.screenshot({ path: `${shots}/priors-${name}-1280.png` });
  await page.setViewportSize({ width: 2560, height: 1440 });
  await page.getByRole('region', { name: 'Priors' }).scrollIntoViewIfNeeded();
  await page.screenshot({ path: `${shots}/priors-${name}-2560.png` });
  if (small !== null) await page.setViewportSize(small);
};

async function open(page: Page, name: string): Promise<void> {
  await page.keyboard.press('/');
  await page.keyboard.type(name);
  await page
    .getByRole('row', { name: new RegExp(name) })
    .first()
    .dblclick();
}

test('a prior under a birth name and another issuer shows its evidence and hangs beside with its own identity', async () => {
  const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
  await signIn(page, day, 'reader');
  await open(page, 'Petrelsen');
  const priors = page.getByRole('region', { name: 'Priors' });
  await expect(priors).toContainText('of this patient');
  // A host that has just started knows what the archive holds after its first look.
  await expect(async () => {
    await priors.getByRole('button', { name: 'Search again' }).click();
    await expect(priors.getByText(/Saltflat Regional/)).toBeVisible({ timeout: 4_000 });
    await priors.locator('summary').first().click();
    await expect(priors.getByRole('button', { name: /^Show beside/ })).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 90_000 });
  await expect(priors).toContainText('2 of this patient');
  await expect(priors).not.toContainText('1971-05-15');

  // By keyboard: the section is reached, and its first prior opens with Enter.
  await page.getByRole('group', { name: 'Viewport 1' }).focus();
  await page.keyboard.press('Alt+V');
  await expect(priors.locator('summary').first()).toBeFocused();
  await expect(priors).toContainText('other name Thistlewood, Astrid agrees');
  await expect(priors).toContainText(/other issuer: S\d+ \(SALTFLAT-MPI\)/);
  await expect(priors).toContainText('Small effusion. No fracture.');
  await shot(page, 'same');

  const draft = page.getByRole('textbox', { name: 'Findings', exact: true });
  await expect(draft).toHaveText('');
  await priors.getByRole('button', { name: /^Show beside/ }).click();
  const second = page.getByRole('group', { name: 'Viewport 2' });
  await expect(second).toHaveAttribute('data-painted', 'true', { timeout: 60_000 });
  await expect(second).toContainText('THISTLEWOOD, Astrid');
  await expect(second).toContainText(/S\d+ \(SALTFLAT-MPI\)/);
  await expect(second).toContainText('PRIOR');
  await expect(page.getByRole('group', { name: 'Viewport 1' })).toContainText('PETRELSEN, Astrid');
  await shot(page, 'beside');
  expect(complaints.all).toEqual([]);
  await page.context().close();
});

test('a probable prior is closed until it is confirmed, and goes from the screen when that is taken back', async () => {
  const { page, complaints } = await newPage(browser, { width: 1280, height: 800 });
  await signIn(page, day, 'reader');
  await open(page, 'Kestrelov');
  const priors = page.getByRole('region', { name: 'Priors' });
  await expect(async () => {
    await priors.getByRole('button', { name: 'Search again' }).click();
    await expect(priors.getByText(/Probable: closed until/)).toBeVisible({ timeout: 4_000 });
    await priors.locator('summary').first().click();
    await expect(priors.getByText(/^\d+ images, with a report$/)).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 90_000 });
  await expect(priors).toContainText('(spelt differently)');
  await expect(priors).not.toContainText('No stone, no obstruction');
  await expect(priors.getByRole('button', { name: /^Show beside/ })).toHaveCount(0);
  const confirm = priors.getByRole('button', { name: 'Confirm: same patient' });
  await confirm.click();
  await expect(priors.getByRole('alert')).toContainText('Say in a few words');
  await priors.getByRole('textbox', { name: /How do you know/ }).fill('Larkspur read the name out on the phone.');
  await shot(page, 'probable');
  await confirm.click();
  await expect(priors).toContainText('No stone, no obstruction.');
  await expect(priors).toContainText('Larkspur read the name out on the phone.');
  await priors.getByRole('button', { name: /^Show beside/ }).click();
  const second = page.getByRole('group', { name: 'Viewport 2' });
  await expect(second).toContainText('KESTRELOW, Danil', { timeout: 60_000 });
  await expect(page.getByRole('region', { name: 'Events' })).toContainText('Probable prior confirmed');
  await shot(page, 'confirmed');

  await priors.getByRole('button', { name: 'Take the confirmation back' }).click();
  await expect(second).not.toContainText('KESTRELOW');
  await expect(priors).not.toContainText('No stone, no obstruction');
  await expect(page.getByRole('region', { name: 'Events' })).toContainText('Confirmation of a prior taken back');
  expect(complaints.all).toEqual([]);
  await page.context().close();
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, expect, type Locator, type Page, test } from '@playwright/test';
import { joined, resampled, silence, spoken, waveOf } from '../speech/spoken.ts';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { browserOptions, newPage, signIn } from './overread.ts';

/** What the reader says, with the pauses that she makes. Chromium plays it once, from the moment at which the microphone is opened. */
const said = joined(
  silence(1_500),
  spoken('there is a five millimeter nonobstructing calculus in the lower pole of the left kidney period'),
  silence(1_500),
  spoken('no hydronephrosis period'),
  silence(1_500),
  spoken('next field'),
  silence(1_500),
  spoken('no acute fracture period'),
  silence(20_000),
);

let place: string;
let browser: Browser;
let day: DayShell;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  place = mkdtempSync(join(tmpdir(), 'overread-microphone-'));
  const microphone = join(place, 'microphone.wav');
  writeFileSync(microphone, waveOf(resampled(said, 16_000, 48_000), 48_000));
  day = await startDay();
  browser = await chromium.launch({
    ...browserOptions,
    args: [
      ...browserOptions.args,
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphone}%noloop`,
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
});
test.afterAll(async () => {
  await browser?.close();
  await day?.stop();
  rmSync(place, { recursive: true, force: true });
});

const report = (page: Page): Locator => page.getByRole('region', { name: 'Report' });
const wordsIn = (page: Page, section: string): Promise<string> =>
  report(page)
    .getByRole('textbox', { name: section, exact: true })
    .evaluate((field) => (field instanceof HTMLTextAreaElement ? field.value : (field as HTMLElement).innerText));

test('what is said into the microphone stands in Findings, formatted; a spoken command moves on to the next section', async () => {
  const { page, context, complaints } = await newPage(browser);
  await signIn(page, day);
  const row = (await rowsOf(day)).find(
    (one) => one.state === 'queued' && one.mayRead.allowed && one.images.present > 0,
  );
  await page.keyboard.press('/');
  await page.getByRole('searchbox', { name: 'Filter the list' }).fill(row?.accession ?? '');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await report(page).getByRole('textbox', { name: 'Findings', exact: true }).click();
  const button = page.getByRole('button', { name: 'Dictate' });
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('F9');
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  await expect
    .poll(() => wordsIn(page, 'Findings'), { timeout: 60_000 })
    .toBe('There is a 5 mm nonobstructing calculus in the lower pole of the left kidney. No hydronephrosis.');
  await expect.poll(() => wordsIn(page, 'Impression'), { timeout: 60_000 }).toBe('No acute fracture.');
  await page.keyboard.press('F9');
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByRole('status', { name: 'Report status' })).toHaveText('Saved');
  expect(complaints.all).toEqual([]);
  await context.close();
});

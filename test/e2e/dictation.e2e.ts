import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium, expect, type Locator, type Page, test } from '@playwright/test';
import type { WorklistRow } from '../../shared/api/index.ts';
import { signIn as signInToHost } from '../servers/overread-host/start-host.ts';
import { joined, resampled, silence, spoken, waveOf } from '../speech/spoken.ts';
import { type DayShell, rowsOf, startDay } from './demo-day.ts';
import { hears } from './heard-words.ts';
import { browserOptions, goToRow, newPage, signIn } from './overread.ts';
import { caretOf, putCaretAt, wordsIn } from './section-words.ts';

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

const shots = process.env.OVERREAD_SHOTS;
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
const sectionWords = (page: Page, section: string): Promise<string> =>
  report(page)
    .getByRole('textbox', { name: section, exact: true })
    .evaluate((field) => (field instanceof HTMLTextAreaElement ? field.value : (field as HTMLElement).innerText));

/** Opens a study that nobody has. */
async function read(page: Page): Promise<void> {
  const row = (await rowsOf(day)).find(
    (one: WorklistRow) =>
      one.state === 'queued' &&
      one.mayRead.allowed &&
      one.identity === 'same' &&
      one.desk?.pending === undefined &&
      one.accession !== null &&
      one.images.present > 0,
  );
  await goToRow(page, row?.accession ?? 'nothing is left to read');
  await page.keyboard.press('Enter');
  await expect(section(page, 'Findings')).toBeVisible({ timeout: 60_000 });
}
const section = (page: Page, name: string): Locator => report(page).getByRole('textbox', { name, exact: true });
const saved = (page: Page): Promise<void> =>
  expect(page.getByRole('status', { name: 'Report status' })).toHaveText('Saved', { timeout: 20_000 });

async function shot(page: Page, name: string): Promise<void> {
  if (shots === undefined) return;
  for (const [width, height] of [
    [2560, 1440],
    [1280, 800],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(800);
    await page.screenshot({ path: `${shots}/dictation-${name}-${width}.png` });
  }
}

test('what is said into the microphone stands in Findings, formatted; a spoken command moves on to the next section', async () => {
  const { page, context, complaints } = await newPage(browser);
  await signIn(page, day);
  await read(page);
  await report(page).getByRole('textbox', { name: 'Findings', exact: true }).click();
  const button = page.getByRole('button', { name: 'Dictate' });
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('F9');
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  await expect
    .poll(() => sectionWords(page, 'Findings'), { timeout: 60_000 })
    .toBe('There is a 5 mm nonobstructing calculus in the lower pole of the left kidney. No hydronephrosis.');
  await expect.poll(() => sectionWords(page, 'Impression'), { timeout: 60_000 }).toBe('No acute fracture.');
  await page.keyboard.press('F9');
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByRole('status', { name: 'Report status' })).toHaveText('Saved');
  expect(complaints.all).toEqual([]);
  await context.close();
});

test('words that were not heard well stay marked after a reload and are named again before signing, until they are touched', async () => {
  const { page, context } = await newPage(browser);
  await hears(page, [
    { word: 'no', confidence: 0.41 },
    { word: 'fracture', confidence: 0.97 },
    { word: 'period', confidence: 0.99 },
  ]);
  await signIn(page, day);
  await read(page);
  await section(page, 'Findings').click();
  await page.keyboard.press('F9');
  await expect.poll(() => sectionWords(page, 'Findings')).toBe('No fracture.');
  await page.keyboard.press('F9');
  const doubtful = section(page, 'Findings').locator('.words-doubtful');
  await expect(doubtful).toHaveText('No');
  await saved(page);
  await page.reload();
  await expect.poll(() => sectionWords(page, 'Findings'), { timeout: 60_000 }).toBe('No fracture.');
  await expect(doubtful).toHaveText('No');
  await shot(page, 'doubt-after-reload');
  // What is written before them carries the mark along; undo brings back what it was.
  await putCaretAt(section(page, 'Findings'), 0);
  await page.keyboard.type('Stable. ');
  await expect(doubtful).toHaveText('No');
  await page.keyboard.press('Control+z');
  await expect(doubtful).toHaveText('No');
  await section(page, 'Impression').click();
  await page.keyboard.type('No fracture.');
  await saved(page);
  await page.keyboard.press('F12');
  const sign = page.getByRole('dialog', { name: 'Sign report' });
  await expect(sign).toContainText('Not heard well');
  await page.keyboard.press('Escape');
  await expect(sign).toBeHidden();
  await putCaretAt(section(page, 'Findings'), 2);
  await page.keyboard.press('Backspace');
  await page.keyboard.type('o');
  await expect(doubtful).toHaveCount(0);
  await context.close();
});

test('a macro goes to the caret, which then stands behind it, and one undo takes it out again', async () => {
  const { page, context, complaints } = await newPage(browser);
  await signIn(page, day);
  await read(page);
  const impression = section(page, 'Impression');
  await impression.click();
  await page.keyboard.type('First. Last.');
  await putCaretAt(impression, 6);
  await page.keyboard.press('Alt+u');
  const macros = page.getByRole('listbox', { name: 'Macros' });
  await expect(macros.getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(macros).toBeHidden();
  await expect.poll(() => wordsIn(impression)).toMatch(/^First\. .+ Last\.$/);
  const written = await wordsIn(impression);
  await expect.poll(() => caretOf(impression)).toBe(written.length - ' Last.'.length);
  expect(await wordsIn(section(page, 'Findings'))).toBe('');
  await page.keyboard.press('Control+z');
  await expect.poll(() => wordsIn(impression)).toBe('First. Last.');
  expect(complaints.all).toEqual([]);
  await context.close();
});

test('a macro that a lead turned off for the group is not put in by voice, and who turned it off is said', async () => {
  const lead = await signInToHost(day.url, 'lead', 'demo');
  const turned = async (disabled: string[]): Promise<void> => {
    const seen = await lead.call('reportTemplates');
    const group = seen.ok ? seen.value.sets.find(({ owner }) => owner.kind === 'group') : undefined;
    if (group === undefined) throw new Error('no templates of the group');
    const { shelf, version } = group;
    const kept = await lead.call('keepReportTemplates', {
      input: { owner: { kind: 'group' }, version, shelf: { ...shelf, disabled } },
    });
    expect(kept.ok ? null : kept.error).toBeNull();
  };
  await turned(['motion-artifact']);
  const { page, context, complaints } = await newPage(browser);
  await hears(
    page,
    ['insert', 'macro', 'motion', 'artifact'].map((word) => ({ word, confidence: 0.97 })),
  );
  await signIn(page, day);
  await read(page);
  await section(page, 'Findings').click();
  const before = await sectionWords(page, 'Findings');
  await page.keyboard.press('F9');
  await expect(report(page).getByRole('status', { name: 'Template' })).toContainText(
    `The macro “motion artifact” is turned off for the group by ${lead.name}, `,
  );
  await shot(page, 'macro-off-by-voice');
  await page.keyboard.press('F9');
  expect(await sectionWords(page, 'Findings')).toBe(before);
  await turned([]);
  expect(complaints.all).toEqual([]);
  await context.close();
});

test('a PowerMic is connected by a press, moves from field to field, talks, opens the sign dialog and no more, and may be unplugged', async () => {
  const { page, context, complaints } = await newPage(browser);
  // A microphone with buttons, where the browser would show those of the computer.
  await page.addInitScript(() => {
    const device = Object.assign(new EventTarget(), {
      ...{ vendorId: 1_364, productId: 4_097, productName: 'PowerMic III', opened: false },
      collections: [{ usagePage: 1, usage: 0 }],
      open: async () => {
        device.opened = true;
      },
      close: async () => undefined,
      sendReport: async () => undefined,
    });
    const hid = Object.assign(new EventTarget(), {
      getDevices: async () => [],
      requestDevice: async () => [device],
    });
    Object.defineProperty(navigator, 'hid', { value: hid });
    const press = (bits: number): void => {
      const data = new DataView(new ArrayBuffer(3));
      data.setUint16(1, bits, true);
      device.dispatchEvent(Object.assign(new Event('inputreport'), { data }));
    };
    Object.assign(window, {
      powerMic: {
        tap: (bits: number) => {
          press(bits);
          press(0);
        },
        unplug: () => hid.dispatchEvent(Object.assign(new Event('disconnect'), { device })),
      },
    });
  });
  type Mic = { readonly powerMic: { tap(bits: number): void; unplug(): void } };
  const tap = (bits: number): Promise<void> =>
    page.evaluate((value) => (window as unknown as Mic).powerMic.tap(value), bits);
  const record = 4;
  const tabForward = 8;
  const tabBackward = 2;
  const enter = 256;
  await hears(page, [
    { word: 'stable', confidence: 0.99 },
    { word: 'period', confidence: 0.99 },
  ]);
  await signIn(page, day);
  await read(page);
  await page.getByRole('button', { name: /choose the speech engine/ }).click();
  const engines = page.getByRole('dialog', { name: 'Speech engine' });
  await expect(engines.getByRole('status', { name: 'Dictation device' })).toContainText('No SpeechMike, PowerMic');
  await engines.getByRole('button', { name: 'Connect a device' }).click();
  await expect(engines.getByRole('status', { name: 'Dictation device' })).toContainText('PowerMic III');
  await engines.getByRole('radio', { name: /sherpa-onnx/ }).check();
  await expect(engines.getByRole('status', { name: 'Speech model' })).toContainText('No speech model yet');
  await shot(page, 'engine-and-device');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual(
    [],
  );
  await engines.getByLabel(/Or a folder on this computer/).fill('/nowhere');
  await engines.getByRole('button', { name: 'Use this folder' }).click();
  await expect(engines.getByRole('alert')).toContainText('cannot be read');
  await engines.getByRole('radio', { name: /PocketSphinx/ }).check();
  await page.keyboard.press('Escape');

  await section(page, 'Findings').click();
  await tap(tabForward);
  await expect(section(page, 'Impression')).toBeFocused();
  await tap(tabBackward);
  await expect(section(page, 'Findings')).toBeFocused();
  const button = page.getByRole('button', { name: 'Dictate' });
  await tap(record);
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => sectionWords(page, 'Findings')).toBe('Stable.');
  await page.evaluate(() => (window as unknown as Mic).powerMic.unplug());
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByRole('status', { name: 'Dictation' })).toContainText('PowerMic III was unplugged');
  expect(await sectionWords(page, 'Findings')).toBe('Stable.');

  await page.getByRole('button', { name: /choose the speech engine/ }).click();
  await engines.getByRole('button', { name: 'Connect a device' }).click();
  await expect(engines.getByRole('status', { name: 'Dictation device' })).toContainText('PowerMic III');
  await page.keyboard.press('Escape');
  await expect(engines).toBeHidden();
  await section(page, 'Impression').click();
  await page.keyboard.type('Stable.');
  await tap(enter);
  await expect(page.getByRole('dialog', { name: 'Sign report' })).toBeVisible();
  // Another press of the device signs nothing.
  await tap(enter);
  await expect(page.getByRole('status', { name: 'Report status' })).not.toContainText('Final');
  expect(complaints.all).toEqual([]);
  await context.close();
});

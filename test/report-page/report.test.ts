import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { WorklistRow } from '../../shared/api/index.ts';
import { putCaretAt, wordsIn } from '../e2e/section-words.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import type { TestHost, TestReader } from '../servers/overread-host/start-host.ts';
import { buildReportPage } from './serve.ts';

const executablePath = '/usr/bin/chromium';
const flags =
  '--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --enable-unsafe-swiftshader'.split(
    ' ',
  );
/** Screens are written here where it is set. */
const shots = process.env.REPORT_SHOTS ?? '';

let folder = '';
let host: TestHost;
let reader: TestReader;
let browser: Browser;
let context: BrowserContext;
const used = new Set<string>();

/** A study of the demo day that nobody has touched yet, of a site that takes both preliminary and final. */
async function freshRow(accept: (row: WorklistRow) => boolean = () => true): Promise<WorklistRow> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const list = await reader.call('worklist', { input: {} });
    if (!list.ok) throw new Error(list.error.message);
    const untouched = list.value.rows.filter(
      (one) =>
        one.link === 'order-and-images' &&
        one.identity === 'same' &&
        one.desk?.pending === undefined &&
        one.mayRead.allowed &&
        one.state === 'queued' &&
        !used.has(one.taskId) &&
        accept(one),
    );
    for (const row of untouched) {
      // Some contracts take no preliminary: these tests sign both kinds.
      const asked = await reader.call('signRequirements', { params: { taskId: row.taskId } });
      if (!asked.ok || asked.value.issue?.preliminary.allowed !== true || !asked.value.issue.final.allowed) continue;
      used.add(row.taskId);
      return row;
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error('the demo day holds no such study');
}

async function open(taskId: string, mode = 'read'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${host.url}/?task=${taskId}&mode=${mode}`);
  await status(page).waitFor();
  return page;
}
const status = (page: Page) => page.getByRole('status', { name: 'Report status' });
const box = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Sign report' });
async function says(page: Page, word: string): Promise<void> {
  await expect.poll(() => status(page).textContent(), { timeout: 30_000 }).toBe(word);
}
async function ready(page: Page): Promise<void> {
  await expect.poll(() => box(page, 'Findings').isEditable(), { timeout: 20_000 }).toBe(true);
}
async function shoot(page: Page, name: string): Promise<void> {
  if (shots === '') return;
  for (const [width, height] of [
    [1280, 800],
    [2560, 1440],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(150);
    await page.screenshot({ path: join(shots, `${name}-${width}.png`) });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}
async function nothingSerious(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).analyze();
  const serious = found.violations.filter((one) => one.impact === 'serious' || one.impact === 'critical');
  expect(serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
}
async function errorsOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => window.reportProbe.errors);
}

describe.skipIf(!existsSync(executablePath))('the report in Chromium, against a real host, under StrictMode', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-report-'));
    await buildReportPage(join(folder, 'page'));
    host = await startDrawnDay({ pageDirectory: join(folder, 'page') });
    reader = await host.signIn();
    browser = await chromium.launch({ executablePath, args: flags });
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(20_000);
  });
  afterEach(async () => {
    for (const page of context?.pages() ?? []) await page.close();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('words are saved in both places and come back after a reload and in another window', async () => {
    const { taskId } = await freshRow();
    const page = await open(taskId);
    await ready(page);
    await says(page, 'Draft');
    expect(await button(page, 'Sign final').isDisabled()).toBe(true);
    expect(await button(page, 'Sign final').getAttribute('title')).toContain('Nothing is written');
    await box(page, 'Findings').click();
    await page.keyboard.type('No pleural effusion <img src=x onerror=alert(1)>.');
    await says(page, 'Saved');
    const kept = await reader.call('readDraft', { params: { taskId } });
    expect(kept.ok && kept.value.draft?.sections['59776-5']).toBe('No pleural effusion <img src=x onerror=alert(1)>.');
    await shoot(page, 'panel');
    await nothingSerious(page);
    await page.reload();
    await ready(page);
    expect(await wordsIn(box(page, 'Findings'))).toBe('No pleural effusion <img src=x onerror=alert(1)>.');
    await says(page, 'Saved');
    expect(await errorsOf(page)).toEqual([]);
    await page.close({ runBeforeUnload: false });
    const other = await (await browser.newContext()).newPage();
    await other.goto(`${host.url}/?task=${taskId}`);
    await ready(other);
    expect(await wordsIn(box(other, 'Findings'))).toContain('No pleural effusion');
    await other.context().close();
  });

  test('a measurement goes in at the caret of Findings and is listed', async () => {
    const { taskId } = await freshRow();
    const page = await open(taskId);
    await ready(page);
    await box(page, 'Findings').fill('Nodule, round.');
    await putCaretAt(box(page, 'Findings'), 6);
    await box(page, 'Impression').click();
    expect(await page.evaluate(() => window.reportProbe.measure('48.0 mm'))).toBe(true);
    expect(await wordsIn(box(page, 'Findings'))).toBe('Nodule 48.0 mm, round.');
    expect(await box(page, 'Impression').evaluate((one) => one === document.activeElement)).toBe(true);
    await button(page, '48.0 mm').click();
    expect(await page.evaluate(() => window.reportProbe.shown.length)).toBe(1);
    await says(page, 'Saved');
    const kept = await reader.call('readDraft', { params: { taskId } });
    expect(kept.ok && kept.value.draft?.measurements.map((one) => one.text)).toEqual(['48.0 mm']);
  });

  test('a second window follows read-only, and takes over with the last words', async () => {
    const { taskId } = await freshRow();
    const first = await open(taskId);
    await ready(first);
    const second = await open(taskId);
    await second.getByText('This report is being written in another window').waitFor();
    expect(await box(second, 'Findings').isEditable()).toBe(false);
    await box(first, 'Findings').fill('From the first window');
    await expect.poll(() => wordsIn(box(second, 'Findings')), { timeout: 20_000 }).toBe('From the first window');
    await box(first, 'Findings').press('End');
    await first.keyboard.type(', to the last letter');
    await button(second, 'Take over').click();
    await ready(second);
    expect(await wordsIn(box(second, 'Findings'))).toBe('From the first window, to the last letter');
    await first.getByText('This report is being written in another window').waitFor();
    await box(second, 'Findings').fill('Now from the second');
    await says(second, 'Saved');
    await expect.poll(() => wordsIn(box(first, 'Findings')), { timeout: 20_000 }).toBe('Now from the second');
  });

  test('a window that hangs is taken over after three seconds, and cannot write over the new one', async () => {
    const { taskId } = await freshRow();
    const first = await open(taskId);
    await ready(first);
    await box(first, 'Findings').fill('Saved before it hung');
    await says(first, 'Saved');
    const second = await open(taskId);
    await second.getByText('This report is being written in another window').waitFor();
    await first.evaluate(() => {
      setTimeout(() => {
        const end = Date.now() + 8_000;
        while (Date.now() < end);
      }, 0);
    });
    await button(second, 'Take over').click();
    await ready(second);
    expect(await wordsIn(box(second, 'Findings'))).toBe('Saved before it hung');
    await box(second, 'Findings').fill('Written by the second');
    await says(second, 'Saved');
    await first.getByText('This report is being written in another window').waitFor();
    expect(await box(first, 'Findings').isEditable()).toBe(false);
    await expect.poll(() => wordsIn(box(first, 'Findings')), { timeout: 20_000 }).toBe('Written by the second');
  });

  test('the host is away: "Not saved: this machine only" until it is true no more; signing waits; a reload keeps the words', async () => {
    const { taskId } = await freshRow();
    const page = await open(taskId);
    await ready(page);
    await page.route('**/draft', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
    await box(page, 'Findings').fill('Written while the host was away');
    await says(page, 'Not saved');
    await page.getByText('Not saved: this machine only').waitFor();
    expect(await button(page, 'Sign final').isDisabled()).toBe(true);
    expect(await page.evaluate(() => window.reportProbe.unsaved())).toBe(true);
    await shoot(page, 'not-saved');
    await nothingSerious(page);
    page.on('dialog', (asked) => void asked.accept());
    await page.reload();
    await ready(page);
    expect(await wordsIn(box(page, 'Findings'))).toBe('Written while the host was away');
    await says(page, 'Not saved');
    await page.unroute('**/draft');
    await says(page, 'Saved');
    const kept = await reader.call('readDraft', { params: { taskId } });
    expect(kept.ok && kept.value.draft?.sections['59776-5']).toBe('Written while the host was away');
  });

  test('newer words on another machine are never overwritten: they are offered, and ours stay beside them', async () => {
    const { taskId } = await freshRow();
    const page = await open(taskId);
    await ready(page);
    await box(page, 'Findings').fill('Here');
    await says(page, 'Saved');
    const elsewhere = await (await browser.newContext()).newPage();
    await elsewhere.goto(`${host.url}/?task=${taskId}`);
    await ready(elsewhere);
    for (const words of ['There', 'There, newer', 'There, newest']) {
      await box(elsewhere, 'Findings').fill(words);
      await says(elsewhere, 'Saved');
    }
    await elsewhere.context().close();
    await box(page, 'Findings').fill('Here, and more');
    await page.getByText('Not saved: another window has newer words').waitFor();
    await says(page, 'Not saved');
    expect(await wordsIn(box(page, 'Findings'))).toBe('Here, and more');
    await button(page, 'Load the newer words').click();
    await expect.poll(() => wordsIn(box(page, 'Findings'))).toBe('There, newest');
    await button(page, 'Show').click();
    await page.getByText('Here, and more').waitFor();
    await shoot(page, 'stale');
    await button(page, 'Use these').click();
    await says(page, 'Saved');
    expect(await wordsIn(box(page, 'Findings'))).toBe('Here, and more');
  });

  test('signed by keyboard: preliminary, final, addendum, correction; verified, delivered, on the timeline', async () => {
    const { taskId, accession } = await freshRow();
    const page = await open(taskId);
    await ready(page);
    await box(page, 'Findings').fill('Multiple new hypoattenuating lesions in both lobes.');
    await box(page, 'Impression').fill('1 New liver lesions, probable abscess.\n2 No nodule.');
    const sent: { commandId: string; shown: Record<string, string>; kind: string }[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/sign')) sent.push(request.postDataJSON());
    });

    await page.keyboard.press('F11');
    await dialog(page).waitFor();
    await shoot(page, 'dialog-preliminary');
    await nothingSerious(page);
    expect(await dialog(page).getByRole('button', { name: 'Sign', exact: true }).count()).toBe(1);
    const password = dialog(page).getByRole('textbox', { name: 'Password' });
    expect(await password.evaluate((one) => one === document.activeElement)).toBe(true);
    for (let at = 0; at < 5; at += 1) {
      await page.keyboard.press('Tab');
      expect(await dialog(page).evaluate((one) => one.contains(document.activeElement))).toBe(true);
    }
    await password.fill('wrong');
    await password.press('Enter');
    await dialog(page).getByText('not your password').waitFor();
    expect(await password.inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    expect(await wordsIn(box(page, 'Impression'))).toContain('probable abscess');
    expect(await button(page, 'Sign preliminary').isEnabled()).toBe(true);

    await page.keyboard.press('F11');
    await dialog(page).waitFor();
    // The first answer is lost on its way: the page asks again with the same id.
    let lost = 0;
    await page.route('**/sign', async (route) => {
      if (route.request().method() !== 'POST' || lost > 0) return route.continue();
      lost += 1;
      await route.fetch({ timeout: 60_000 });
      return route.abort();
    });
    await dialog(page).getByRole('textbox', { name: 'Password' }).fill('demo');
    await page.keyboard.press('Enter');
    await says(page, 'Preliminary');
    await page.unroute('**/sign');
    const [wrong, ...presses] = sent;
    expect(presses.length).toBe(2);
    expect(new Set(presses.map((one) => one.commandId)).size).toBe(1);
    expect(wrong?.commandId).not.toBe(presses[0]?.commandId);
    expect(presses[0]?.shown.accession).toBe(accession);
    expect(await button(page, 'Sign preliminary').getAttribute('title')).toContain('released already');

    await ready(page);
    await box(page, 'Impression').fill('1 New liver lesions, infection to be excluded.\n2 No nodule.');
    await says(page, 'Saved');
    await page.keyboard.press('F12');
    await dialog(page).waitFor();
    // No password a second time, and what changed is shown word by word.
    expect(await dialog(page).getByRole('textbox').count()).toBe(0);
    expect(await dialog(page).locator('del').allTextContents()).toEqual(['probable abscess']);
    expect(await dialog(page).locator('ins').allTextContents()).toEqual(['infection to be excluded']);
    const shown = await dialog(page).textContent();
    await shoot(page, 'dialog-final');
    await page.keyboard.press('Enter');
    await says(page, 'Final');
    for (const words of Object.values(sent.at(-1)?.shown ?? {})) expect(shown).toContain(words);
    expect(await page.getByRole('textbox').count()).toBe(0);

    const deliveries = page.getByRole('list', { name: 'Delivery' }).getByRole('listitem');
    await expect.poll(() => deliveries.count(), { timeout: 20_000 }).toBeGreaterThanOrEqual(4);
    await expect
      .poll(async () => (await deliveries.allTextContents()).every((one) => one.includes('filed')), { timeout: 30_000 })
      .toBe(true);
    const timeline = page.getByRole('list', { name: 'Timeline' }).getByRole('listitem');
    await expect
      .poll(async () => (await timeline.allTextContents()).join('|'), { timeout: 20_000 })
      .toMatch(/Order placed.*Final report released/);
    await button(page, 'Verify signatures').click();
    await expect.poll(() => page.getByText('Signature verified.').count(), { timeout: 20_000 }).toBe(2);
    await shoot(page, 'final');
    await nothingSerious(page);

    await button(page, 'Add addendum').click();
    await box(page, 'Addendum').fill('Telephoned to the ward at 02:21.');
    await says(page, 'Saved');
    await shoot(page, 'addendum');
    await button(page, 'Sign addendum').click();
    const reason = dialog(page).getByRole('textbox', { name: 'Reason' });
    await expect.poll(() => page.getByRole('textbox', { name: 'Reason' }).count()).toBe(1);
    expect(await dialog(page).getByRole('button', { name: 'Sign', exact: true }).isDisabled()).toBe(true);
    await reason.fill('Result was telephoned');
    await reason.press('Enter');
    expect(await dialog(page).isVisible()).toBe(true);
    await shoot(page, 'dialog-addendum');
    await nothingSerious(page);
    await dialog(page).getByRole('button', { name: 'Sign', exact: true }).click();
    await says(page, 'Appended');

    // Just after a signature the draft is opened anew: one press that falls into that moment is enough (see correct-at-once.test.ts).
    await button(page, 'Correct report').click();
    await page.getByText('The addendum stays below it as it was signed.').waitFor({ timeout: 15_000 });
    await box(page, 'Findings').fill('Multiple new hypoattenuating lesions in the right lobe.');
    await box(page, 'Reason').fill('Wrong lobe');
    await says(page, 'Saved');
    await page.keyboard.press('F12');
    await dialog(page).waitFor();
    await shoot(page, 'dialog-correction');
    await dialog(page).getByRole('button', { name: 'Sign', exact: true }).click();
    await says(page, 'Corrected');
    const versions = await page.getByRole('list', { name: 'Versions' }).getByRole('listitem').allTextContents();
    expect(versions.map((one) => /Version (\d)/.exec(one)?.[1])).toEqual(['4', '3', '2', '1']);
    expect(versions.slice(1).every((one) => one.includes('superseded'))).toBe(true);
    await shoot(page, 'corrected');
    expect(await errorsOf(page)).toEqual([]);
  }, 150_000);

  test('signed, not released: amber, with the site’s number; given back: the reason and the words; refused: try again', async () => {
    const { taskId } = await freshRow((row) => row.site?.phone != null);
    const page = await open(taskId);
    await ready(page);
    await box(page, 'Impression').fill('No acute finding.');
    await page.keyboard.press('F11');
    await dialog(page).waitFor();
    const password = dialog(page).getByRole('textbox', { name: 'Password' });
    await password.fill('demo');
    await password.press('Enter');
    await says(page, 'Preliminary');
    const answered = await reader.call('report', { params: { taskId } });
    const sent = await reader.call('deliveries', { params: { taskId } });
    if (!answered.ok || !sent.ok) throw new Error('the host did not answer');
    const { report } = answered.value;
    const waiting = { releasedAt: null, state: 'signed-not-released' as const };
    let changed: unknown = {
      ...report,
      state: 'signed-not-released',
      versions: report.versions.map((one) => ({ ...one, ...waiting })),
    };
    let deliveries: unknown = sent.value.deliveries;
    // From here the host's answers are those of an hour in which the record is away.
    await page.route('**/report', (route) => route.fulfill({ json: { report: changed } }));
    await page.route('**/deliveries', (route) => route.fulfill({ json: { deliveries } }));
    const tell = () =>
      page.evaluate(() => {
        const { caseStore } = window.reportProbe;
        const now = caseStore.state.getState();
        if (now.kind === 'open') caseStore.publish({ type: 'case-changed', epoch: now.epoch });
      });
    await tell();
    await says(page, 'Signed not released');
    await page.getByText('Not released: phone what cannot wait.').waitFor();
    const phone = (await reader.call('worklist', { input: {} })).ok
      ? await page.locator('.phone').first().textContent()
      : '';
    expect(phone).toMatch(/\d{3}/);
    expect(await button(page, 'Sign final').getAttribute('title')).toContain('waits for its release');
    expect(await page.getByRole('textbox').count()).toBe(0);
    await shoot(page, 'not-released');
    await nothingSerious(page);

    const returned = { ...waiting, returned: 'Dr P. Sandlark has claimed this study since you signed.' };
    changed = { ...report, state: 'draft', versions: report.versions.map((one) => ({ ...one, ...returned })) };
    deliveries = sent.value.deliveries.map((one, at) => ({
      ...one,
      state: at === 0 ? 'refused' : 'sent',
      proof: at === 0 ? 'AE: unknown accession' : '',
    }));
    await tell();
    await page.getByText('Given back, not released').waitFor();
    await page.getByText('Dr P. Sandlark has claimed this study since you signed. Your words').waitFor();
    await ready(page);
    expect(await wordsIn(box(page, 'Impression'))).toBe('No acute finding.');
    const refused = page.getByRole('list', { name: 'Delivery' }).getByRole('listitem').filter({ hasText: 'refused' });
    expect(await refused.textContent()).toContain('AE: unknown accession');
    await shoot(page, 'given-back');
    await nothingSerious(page);
    const retried: string[] = [];
    await page.route('**/retry', (route) => {
      retried.push(route.request().url());
      deliveries = sent.value.deliveries;
      return route.fulfill({ json: { ...sent.value.deliveries[0], state: 'queued' } });
    });
    await refused.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => refused.count(), { timeout: 20_000 }).toBe(0);
    expect(retried.length).toBe(1);
    expect(await errorsOf(page)).toEqual([]);
  }, 120_000);

  test('with Look nothing can be written or signed, and the buttons say why', async () => {
    const { taskId } = await freshRow();
    const page = await open(taskId, 'look');
    for (const name of ['Sign preliminary', 'Sign final']) {
      expect(await button(page, name).isDisabled()).toBe(true);
      expect(await button(page, name).getAttribute('title')).toContain('Opened with Look');
    }
    expect(await page.getByRole('textbox').count()).toBe(0);
    await shoot(page, 'look');
    await nothingSerious(page);
  });
});

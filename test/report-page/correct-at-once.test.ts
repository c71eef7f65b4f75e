import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page, type Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Draft } from '../../shared/domain/report/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { wordsIn } from '../e2e/section-words.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import type { TestHost, TestReader } from '../servers/overread-host/start-host.ts';
import { buildReportPage } from './serve.ts';

const executablePath = '/usr/bin/chromium';
const flags = '--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-sync'.split(' ');
const used = new Set<string>();
let folder = '';
let host: TestHost;
let reader: TestReader;
let browser: Browser;
let context: BrowserContext;

const status = (page: Page) => page.getByRole('status', { name: 'Report status' });
const box = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Sign report' });
const says = (page: Page, word: string) =>
  expect.poll(() => status(page).textContent(), { timeout: 30_000 }).toBe(word);

async function freshTask(): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const list = await reader.call('worklist', { input: {} });
    if (!list.ok) throw new Error(list.error.message);
    for (const row of list.value.rows) {
      const fresh =
        row.link === 'order-and-images' &&
        row.identity === 'same' &&
        row.desk?.pending === undefined &&
        row.state === 'queued';
      if (!fresh || !row.mayRead.allowed || used.has(row.taskId)) continue;
      const asked = await reader.call('signRequirements', { params: { taskId: row.taskId } });
      if (!asked.ok || asked.value.issue?.final.allowed !== true) continue;
      used.add(row.taskId);
      return row.taskId;
    }
    // The demo day is still being put into the archive.
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error('the demo day holds no such study');
}

/** Opens a study that nobody has touched, and signs its final. */
async function signedFinal(): Promise<{ readonly page: Page; readonly taskId: string }> {
  const taskId = await freshTask();
  const page = await context.newPage();
  await page.goto(`${host.url}/?task=${taskId}&mode=read`);
  await expect.poll(() => box(page, 'Findings').isEditable(), { timeout: 20_000 }).toBe(true);
  await box(page, 'Findings').fill('Lesions in both lobes.');
  await box(page, 'Impression').fill('Lesions of the liver.');
  await says(page, 'Saved');
  await page.keyboard.press('F12');
  await dialog(page).waitFor();
  const password = dialog(page).getByRole('textbox', { name: 'Password' });
  if ((await password.count()) > 0) await password.fill('demo');
  await page.keyboard.press('Enter');
  await says(page, 'Final');
  return { page, taskId };
}

describe.skipIf(!existsSync(executablePath))('a press that falls into the moment after a signature', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-at-once-'));
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

  test.each([
    ['Correct report', 'Correction', 'Findings'],
    ['Add addendum', 'Addendum', 'Addendum'],
  ])(
    '%s, pressed while the new draft is still being read, opens it with the caret in it',
    async (press, kind, field) => {
      const { page } = await signedFinal();
      // The draft of the version that comes is read only when we say so.
      const held: Route[] = [];
      let holds = true;
      await page.route('**/draft', (route) => {
        if (!holds || route.request().method() !== 'GET') return route.continue();
        held.push(route);
        return undefined;
      });
      await button(page, 'Add addendum').click();
      await box(page, 'Addendum').fill('Telephoned to the ward.');
      await box(page, 'Reason').fill('Result was telephoned');
      await says(page, 'Saved');
      await page.keyboard.press('F12');
      await dialog(page).getByRole('button', { name: 'Sign', exact: true }).click();
      await says(page, 'Appended');
      await button(page, press).click();
      expect(await page.getByRole('textbox').count()).toBe(0);
      holds = false;
      await expect.poll(() => held.length, { timeout: 10_000 }).toBeGreaterThan(0);
      for (const route of held.splice(0)) await route.continue();
      await page.getByText(`${kind} to version 2`).waitFor();
      await expect.poll(() => box(page, field).evaluate((one) => one === document.activeElement)).toBe(true);
      await page.keyboard.type('More. ');
      expect(await wordsIn(box(page, field))).toContain('More. ');
    },
    90_000,
  );

  test('a right to write that is free but comes late is not called another window’s, and the press is kept', async () => {
    const { page, taskId } = await signedFinal();
    await page.evaluate(() => {
      const { locks } = navigator;
      const request = locks.request.bind(locks) as unknown as (...parts: unknown[]) => Promise<unknown>;
      // A browser that is slow to grant: the lock of the draft is free all the while.
      locks.request = (async (...parts: unknown[]) => {
        if (String(parts[0]).includes('|draft|')) await new Promise((resolve) => setTimeout(resolve, 2_500));
        return request(...parts);
      }) as typeof locks.request;
    });
    await button(page, 'Add addendum').click();
    await box(page, 'Addendum').fill('Telephoned to the ward.');
    await box(page, 'Reason').fill('Result was telephoned');
    await says(page, 'Saved');
    await page.keyboard.press('F12');
    await dialog(page).getByRole('button', { name: 'Sign', exact: true }).click();
    await says(page, 'Appended');
    // Longer than a window waits before it takes the words for another window's.
    await page.waitForTimeout(700);
    expect(await page.getByText('This report is being written in another window').count()).toBe(0);
    await button(page, 'Correct report').click();
    expect(await page.getByText('Another window writes this report').count()).toBe(0);
    await page.getByText('Correction to version 2').waitFor();
    const kept = await reader.call('readDraft', { params: { taskId } });
    expect(kept.ok).toBe(true);
  }, 90_000);

  test('an addendum that was begun elsewhere is not put out of sight by the press: it is said, and its words stand', async () => {
    const { page, taskId } = await signedFinal();
    const held: Route[] = [];
    let holds = true;
    await page.route('**/draft', (route) => {
      if (!holds || route.request().method() !== 'GET') return route.continue();
      held.push(route);
      return undefined;
    });
    await page.reload();
    await says(page, 'Final');
    await button(page, 'Correct report').click();
    await expect.poll(() => held.length, { timeout: 10_000 }).toBeGreaterThan(0);
    holds = false;
    for (const route of held.splice(0)) {
      const begun = await page.evaluate(() => {
        const open = window.reportProbe.caseStore.state.getState();
        if (open.kind !== 'open') return null;
        const { context, report } = open.detail;
        const { content } = report.versions.at(-1) as (typeof report.versions)[number];
        return { context, signer: content.signer.id };
      });
      if (begun === null) throw new Error('the case is not open');
      const draft: Draft = {
        taskId,
        studyUid: begun.context.studyUid,
        readerId: begun.signer,
        kind: 'addendum',
        baseVersion: 1,
        revision: 7,
        savedAt: instant(Date.now()),
        sections: { '55752-0': '', '55111-9': '', '18834-2': '', '59776-5': 'Lesions in both lobes.', '19005-8': '' },
        addendum: 'Begun on the other machine.',
        reason: '',
        measurements: [],
      };
      await route.fulfill({ json: { draft } });
    }
    await page.getByText('Here is an addendum that was begun').waitFor();
    expect(await wordsIn(box(page, 'Addendum'))).toBe('Begun on the other machine.');
  }, 90_000);
});

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { WorklistRow } from '../../shared/api/index.ts';
import type { Draft, DraftField, ReportField } from '../../shared/domain/report/index.ts';
import { caretOf, wordsIn } from '../e2e/section-words.ts';
import { draftOf, openForReading, rowWhere } from '../host/case-driver.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import type { TestHost, TestReader } from '../servers/overread-host/start-host.ts';
import { buildReportPage } from './serve.ts';

const executablePath = '/usr/bin/chromium';
const flags =
  '--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --enable-unsafe-swiftshader'.split(
    ' ',
  );
const shots = process.env.REPORT_SHOTS ?? '';

let folder = '';
let host: TestHost;
let reader: TestReader;
let browser: Browser;
let context: BrowserContext;
const used = new Set<string>();

const box = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const words = (page: Page, name: string) => wordsIn(box(page, name));
const help = (page: Page) => page.getByRole('textbox', { name: 'Findings' }).locator('xpath=../..').getByRole('status');
const options = (page: Page) => page.getByRole('listbox').getByRole('option');

async function fresh(): Promise<WorklistRow> {
  const row = await rowWhere(
    reader,
    'a study that nobody has touched',
    (one) =>
      one.link === 'order-and-images' &&
      one.identity === 'same' &&
      one.desk?.pending === undefined &&
      one.mayRead.allowed &&
      one.state === 'queued' &&
      !used.has(one.taskId),
  );
  used.add(row.taskId);
  return row;
}

/** A case whose draft was begun elsewhere with these words and fields, open in a page. */
async function opened(
  change: (draft: Draft) => Partial<Draft>,
  findings = '',
  impression = '',
): Promise<{ page: Page; taskId: string }> {
  const { taskId } = await fresh();
  const detail = await openForReading(reader, taskId);
  const begun = draftOf(detail, reader, findings, impression);
  const draft = { ...begun, ...change(begun) } as Draft;
  const saved = await reader.call('saveDraft', {
    params: { taskId },
    input: { context: detail.context, draft: draft as never },
  });
  if (!saved.ok) throw new Error(saved.error.message);
  const page = await context.newPage();
  await page.goto(`${host.url}/?task=${taskId}`);
  await expect.poll(() => box(page, 'Findings').isEditable(), { timeout: 20_000 }).toBe(true);
  return { page, taskId };
}
async function kept(page: Page, taskId: string): Promise<Draft> {
  await page.evaluate(() => window.reportProbe.flush());
  const found = await reader.call('readDraft', { params: { taskId } });
  if (!found.ok || found.value.draft === null) throw new Error('no draft was kept');
  return found.value.draft;
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

const text = 'A  mass of  in the  kidney, first seen .';
const field = (at: number, of: Partial<ReportField> & Pick<ReportField, 'id' | 'name' | 'kind'>): DraftField => ({
  key: of.id,
  section: '59776-5',
  from: at,
  to: at,
  field: { required: false, ...of },
  state: 'empty',
});
const fields = [
  field(2, { id: 'shape', name: 'Shape', kind: 'choice', choices: ['round', 'oval', 'irregular'] }),
  field(11, { id: 'size', name: 'Size', kind: 'measurement', required: true, unit: 'mm', minimum: 1, maximum: 200 }),
  field(19, { id: 'side', name: 'Side', kind: 'laterality' }),
  field(39, { id: 'seen', name: 'First seen', kind: 'date' }),
];

describe.skipIf(!existsSync(executablePath))('writing a report in Chromium', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-editor-'));
    await buildReportPage(join(folder, 'page'));
    host = await startDrawnDay({ pageDirectory: join(folder, 'page') });
    reader = await host.signIn();
    browser = await chromium.launch({ executablePath, args: flags });
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(20_000);
  });
  afterEach(async () => {
    for (const page of context?.pages() ?? []) {
      expect(await page.evaluate(() => window.reportProbe.errors)).toEqual([]);
      await page.close();
    }
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('fields are filled from key to key: a choice by its letter, a number gets its unit, a side by the arrows', async () => {
    const { page, taskId } = await opened(() => ({ fields }), text, 'Mass.');
    expect(await words(page, 'Findings')).toBe(text);
    await box(page, 'Clinical information').click();
    await page.keyboard.press('Tab');
    await expect.poll(() => options(page).allTextContents()).toEqual(['1 round', '2 oval', '3 irregular']);
    await shoot(page, 'field-choice');
    const found = await new AxeBuilder({ page }).analyze();
    const serious = found.violations.filter((one) => one.impact === 'serious' || one.impact === 'critical');
    expect(serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
    // Esc shuts the list first, and is the page's after it.
    await page.evaluate(() =>
      addEventListener('keydown', (event) => {
        if (event.key === 'Escape') document.body.dataset.escape = String(event.defaultPrevented);
      }),
    );
    await page.keyboard.press('Escape');
    expect(await options(page).count()).toBe(0);
    expect(await page.evaluate(() => document.body.dataset.escape)).toBe('true');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.body.dataset.escape)).toBe('false');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.type('o');
    expect(await options(page).nth(1).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Tab');
    expect(await help(page).innerText()).toBe('Size measurement in mm, 1 to 200, required');
    await page.keyboard.type('300');
    expect(await help(page).innerText()).toBe('Size: 300 mm is above 200 mm.');
    await shoot(page, 'field-issue');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('48');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await words(page, 'Findings')).toBe('A oval mass of 48 mm in the left kidney, first seen .');
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.type('2026-08-18');
    await shoot(page, 'fields-filled');
    // Behind the last field the key is the browser's: on to the next section.
    await page.keyboard.press('Tab');
    await page.keyboard.type('Large ');
    const draft = await kept(page, taskId);
    expect(draft.sections['59776-5']).toBe('A oval mass of 48 mm in the left kidney, first seen 2026-08-18.');
    expect(draft.sections['19005-8']).toContain('Large ');
    const stood = draft.fields?.map((one) => [one.key, draft.sections['59776-5'].slice(one.from, one.to), one.state]);
    expect(stood).toEqual([
      ['shape', 'oval', 'filled'],
      ['size', '48 mm', 'filled'],
      ['side', 'left', 'filled'],
      ['seen', '2026-08-18', 'filled'],
    ]);
    await page.reload();
    await expect.poll(() => words(page, 'Findings')).toBe(draft.sections['59776-5']);
  });

  test('plain typing goes before and behind a field, and takes one out; a required one stays until it is meant', async () => {
    const { page, taskId } = await opened(() => ({ fields: fields.slice(0, 2) }), text);
    await box(page, 'Findings').getByText('Shape').click();
    await page.keyboard.press('Backspace');
    await box(page, 'Findings').getByText('Size').click();
    await page.keyboard.press('Backspace');
    expect(await help(page).innerText()).toBe('Size is required. Shift+Delete takes it out all the same.');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('about');
    await page.keyboard.press('Home');
    await page.keyboard.type('Well, a');
    let draft = await kept(page, taskId);
    expect(draft.sections['59776-5']).toBe('Well, aA  mass of about in the  kidney, first seen .');
    expect(draft.fields?.map((one) => [one.key, one.from, one.state])).toEqual([['size', 18, 'empty']]);
    await box(page, 'Findings').getByText('Size').click();
    await page.keyboard.press('Shift+Delete');
    draft = await kept(page, taskId);
    expect(draft.fields).toEqual([]);
  });

  test('undo goes back through everything in the order made, over the borders of sections, and forth again', async () => {
    const { page } = await opened(() => ({}), 'Kept.');
    const technique = await words(page, 'Technique');
    await box(page, 'Findings').fill('Nodule.');
    await box(page, 'Technique').fill('Other technique.');
    await page.evaluate(() => window.reportProbe.measure('48.0 mm'));
    expect(await words(page, 'Findings')).toBe('Nodule. 48.0 mm');
    await box(page, 'Impression').pressSequentially('Benign');
    await page.keyboard.press('Control+z');
    expect(await words(page, 'Impression')).toBe('');
    await page.keyboard.press('Control+z');
    expect(await words(page, 'Findings')).toBe('Nodule.');
    expect(await page.getByRole('list', { name: 'Numbers from the images' }).count()).toBe(0);
    await page.keyboard.press('Control+z');
    expect(await words(page, 'Technique')).toBe(technique);
    expect(await box(page, 'Technique').evaluate((one) => one === document.activeElement)).toBe(true);
    await page.getByText('from the images').waitFor();
    await page.keyboard.press('Control+z');
    expect(await words(page, 'Findings')).toBe('Kept.');
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('Control+y');
    expect([await words(page, 'Findings'), await words(page, 'Technique'), await words(page, 'Impression')]).toEqual([
      'Nodule. 48.0 mm',
      'Other technique.',
      'Benign',
    ]);
  });

  test('what is pasted is plain words; what is copied is them and nothing else', async () => {
    const { page } = await opened(() => ({}), 'Liver: .');
    await box(page, 'Findings').click();
    await page.keyboard.press('Control+Home');
    for (let step = 0; step < 7; step += 1) await page.keyboard.press('ArrowRight');
    await box(page, 'Findings').evaluate((element) => {
      const data = new DataTransfer();
      data.setData('text/html', '<b onclick="alert(1)">bold</b><img src=x onerror=alert(1)>');
      data.setData('text/plain', 'no\u202e focal\u0007 lesion\r\n<b>x</b>');
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    expect(await words(page, 'Findings')).toBe('Liver: no focal lesion\n<b>x</b>.');
    expect(await box(page, 'Findings').locator('b, img').count()).toBe(0);
    await page.keyboard.press('Control+a');
    const types = await box(page, 'Findings').evaluate((element) => {
      const data = new DataTransfer();
      element.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
      return [...data.types].map((type) => [type, data.getData(type)]);
    });
    expect(types).toEqual([['text/plain', 'Liver: no focal lesion\n<b>x</b>.']]);
    await page.keyboard.press('Control+b');
    expect(await box(page, 'Findings').locator('b, strong').count()).toBe(0);
  });

  test('words of a source stay as they are when it says something else: told, and taken by one key', async () => {
    const { page, taskId } = await opened((draft) => ({
      sections: { ...draft.sections, '55752-0': 'Old reason.' },
      sourced: (draft.sourced ?? []).map((one) =>
        one.section === '55752-0' ? { ...one, to: 11, value: 'Old reason.' } : one,
      ),
    }));
    await page.getByText('The order now says').waitFor();
    await shoot(page, 'source-stale');
    expect(await words(page, 'Clinical information')).toBe('Old reason.');
    await page.keyboard.press('Alt+Shift+Y');
    expect(await page.getByText('The order now says').count()).toBe(0);
    const taken = await words(page, 'Clinical information');
    expect(taken).not.toBe('Old reason.');
    await box(page, 'Clinical information').click();
    await page.keyboard.press('Control+z');
    expect(await words(page, 'Clinical information')).toBe('Old reason.');
    await page.getByRole('button', { name: 'Keep these' }).click();
    expect(await page.getByText('The order now says').count()).toBe(0);
    const draft = await kept(page, taskId);
    expect(draft.sections['55752-0']).toBe('Old reason.');
    expect(draft.sourced?.some((one) => one.section === '55752-0')).toBe(false);
    // Touched, they are hers: nothing is said of where they came from.
    await page.getByText('from the images').waitFor();
    await box(page, 'Technique').click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('x');
    expect(await page.getByText('from the images').count()).toBe(0);
  });

  test('dictation from outside types into any field: whole words at once, letter by letter, and by composition', async () => {
    const { page, taskId } = await opened(() => ({ fields }), text);
    await box(page, 'Findings').getByText('Size').click();
    await page.keyboard.insertText('12 x 8 mm');
    await page.keyboard.press('Alt+ArrowDown');
    const session = await context.newCDPSession(page);
    await session.send('Input.imeSetComposition', { text: 'lef', selectionStart: 3, selectionEnd: 3 });
    await session.send('Input.imeSetComposition', { text: 'left', selectionStart: 4, selectionEnd: 4 });
    await session.send('Input.insertText', { text: 'left' });
    await expect.poll(() => words(page, 'Findings')).toBe('A  mass of 12 x 8 mm in the left kidney, first seen .');
    await box(page, 'Impression').click();
    await page.keyboard.insertText('1. Mass.\n2. No more.');
    expect(await words(page, 'Impression')).toBe('1. Mass.\n2. No more.');
    const draft = await kept(page, taskId);
    expect(draft.fields?.map((one) => one.state)).toEqual(['empty', 'filled', 'filled', 'empty']);
    await page.keyboard.press('Control+z');
    expect(await words(page, 'Impression')).toBe('');
  });

  test('our own dictation writes at the caret, and at the end of Findings where nobody has been', async () => {
    const { page } = await opened(() => ({}), 'Liver normal.');
    const say = (heard: string) =>
      page.evaluate((one) => window.reportProbe.caseStore.send({ type: 'dictated', words: one, doubtful: [] }), heard);
    await say('Spleen normal.');
    await expect.poll(() => words(page, 'Findings')).toBe('Liver normal. Spleen normal.');
    await box(page, 'Impression').click();
    await say('No acute finding');
    await say('.');
    await expect.poll(() => words(page, 'Impression')).toBe('No acute finding.');
    expect(await caretOf(box(page, 'Impression'))).toBe(17);
  });

  test('a long report is written without waiting', async () => {
    const line = 'No focal lesion of the liver; the gallbladder, pancreas and spleen are normal.\n';
    const { page } = await opened(() => ({}), line.repeat(256));
    await box(page, 'Findings').click();
    await page.keyboard.press('Control+Home');
    await page.evaluate(() => {
      const times: number[] = [];
      Object.assign(window, { keyTimes: times });
      const note = (): void => {
        const from = performance.now();
        requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - from), 0));
      };
      addEventListener('keydown', note, { capture: true });
    });
    await page.keyboard.type('No hydronephrosis on either side. ');
    const typed = await words(page, 'Findings');
    expect(typed).toBe(`No hydronephrosis on either side. ${line.repeat(256)}`);
    const times = await page.evaluate(() => (window as unknown as { keyTimes: number[] }).keyTimes);
    const sorted = [...times].sort((left, right) => left - right);
    // A figure for people: on a loaded machine it is no measure of the editor.
    console.log(
      `20,000 characters: a key is on screen after ${sorted[Math.floor(sorted.length / 2)]?.toFixed(1)} ms (median)`,
    );
  });
});

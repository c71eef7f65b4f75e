import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MouseMap } from '../../renderer/features/viewer/mouse-map.ts';
import { type StaticDicomweb, staticDicomweb } from '../servers/static-dicomweb/index.ts';
import { phantomStudyUid, writePhantoms } from './phantom.ts';
import { buildImagingPage, type ImagingPage, serveImagingPage } from './serve.ts';

const executablePath = '/usr/bin/chromium';
const flags = '--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-sync'.split(' ');

let folder = '';
let archive: StaticDicomweb;
let server: ImagingPage;
let browser: Browser;

async function opened(map: Partial<MouseMap> = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript((kept) => localStorage.setItem('overread.mouse', JSON.stringify(kept)), map);
  const page = await context.newPage();
  await page.goto(`${server.origin}/?study=${phantomStudyUid(1)}`);
  await page.waitForSelector('[aria-label="Viewport 1"][data-painted="true"]', { timeout: 40_000 });
  return page;
}

const viewport = (page: Page) => page.locator('[aria-label="Viewport 1"]');
async function center(page: Page): Promise<[number, number]> {
  const box = await viewport(page).locator('.viewport-surface').boundingBox();
  if (box === null) throw new Error('no viewport');
  return [box.x + box.width / 2, box.y + box.height / 2];
}
async function dragged(page: Page, button: 'middle' | 'right'): Promise<void> {
  const [x, y] = await center(page);
  await page.mouse.move(x, y);
  await page.mouse.down({ button });
  await page.mouse.move(x + 40, y + 25, { steps: 4 });
  await page.mouse.up({ button });
}
/** A press of a thumb button as the browser gets it from a mouse; Playwright itself knows three buttons. */
async function thumb(page: Page, button: 'back' | 'forward'): Promise<void> {
  const [x, y] = await center(page);
  const devtools = await page.context().newCDPSession(page);
  for (const type of ['mousePressed', 'mouseReleased'])
    await devtools.send('Input.dispatchMouseEvent', { type: type as 'mousePressed', x, y, button, clickCount: 1 });
}
const told = async (page: Page): Promise<string> => (await viewport(page).textContent()) ?? '';
const slice = async (page: Page): Promise<number> => Number(await viewport(page).getAttribute('data-slice'));

describe.skipIf(!existsSync(executablePath))('the mouse over an image, in Chromium', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-mouse-'));
    await writePhantoms(join(folder, 'dicom'), 1, 2, 20);
    archive = await staticDicomweb([join(folder, 'dicom')]);
    await buildImagingPage(join(folder, 'page'));
    server = await serveImagingPage(join(folder, 'page'), { static: archive }, true);
    browser = await chromium.launch({ executablePath, args: flags });
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('as delivered: wheel goes by slices, with Shift by five, with Ctrl it zooms; middle pans, right zooms', async () => {
    const page = await opened();
    const [x, y] = await center(page);
    await page.mouse.move(x, y);
    const first = await slice(page);
    await page.mouse.wheel(0, 100);
    await expect.poll(() => slice(page)).toBe(first + 1);
    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, 100);
    await page.keyboard.up('Shift');
    await expect.poll(() => slice(page)).toBe(first + 6);
    const zoom = async (): Promise<number> => Number(/zoom ([\d.]+)/.exec(await told(page))?.[1]);
    const before = await zoom();
    const greys = /W [\d.]+ L -?[\d.]+/.exec(await told(page))?.[0];
    await page.keyboard.down('Control');
    for (let notch = 0; notch < 4; notch += 1) await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await expect.poll(zoom).toBeGreaterThan(before * 1.3);
    // The last notch may still be on its way to the words: two looks that are alike.
    let zoomed = 0;
    await expect
      .poll(async () => {
        const last = zoomed;
        zoomed = await zoom();
        return zoomed === last;
      })
      .toBe(true);
    await dragged(page, 'middle');
    expect(await zoom()).toBe(zoomed);
    await dragged(page, 'right');
    await expect.poll(zoom).not.toBe(zoomed);
    expect(/W [\d.]+ L -?[\d.]+/.exec(await told(page))?.[0]).toBe(greys);
    expect(await page.evaluate(() => window.probe.errors)).toEqual([]);
  }, 120_000);

  test('as the reader changed it: the right button windows, the wheel is turned round and goes by five', async () => {
    const page = await opened({ right: 'window', wheel: 'five-slices', wheelTurned: true });
    const [x, y] = await center(page);
    await page.mouse.move(x, y);
    const first = await slice(page);
    await page.mouse.wheel(0, -100);
    await expect.poll(() => slice(page)).toBe(first + 5);
    const window = async (): Promise<string> => /W [\d.]+ L -?[\d.]+/.exec(await told(page))?.[0] ?? '';
    const before = await window();
    await dragged(page, 'right');
    await expect.poll(window).not.toBe(before);
  }, 120_000);

  test('thumb buttons go to the next and the previous series, and never leave the page', async () => {
    const page = await opened();
    const series = (): Promise<string | null> => viewport(page).getAttribute('data-instance-uid');
    const first = await series();
    const address = page.url();
    await page.evaluate(() => history.pushState(null, '', '?pushed'));
    await thumb(page, 'forward');
    await expect.poll(series).not.toBe(first);
    await thumb(page, 'back');
    await expect.poll(series).toBe(first);
    expect(page.url()).not.toBe(address);
    const idle = await opened({ back: 'nothing', forward: 'nothing' });
    await thumb(idle, 'forward');
    await idle.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect(await viewport(idle).getAttribute('data-instance-uid')).toBe(first);
  }, 120_000);
});

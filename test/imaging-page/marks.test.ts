import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StaticDicomweb, staticDicomweb } from '../servers/static-dicomweb/index.ts';
import { phantomStudyUid, writePhantoms } from './phantom.ts';
import { buildImagingPage, type ImagingPage, serveImagingPage } from './serve.ts';

const executablePath = '/usr/bin/chromium';
const flags = '--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-sync'.split(' ');

let folder = '';
let archive: StaticDicomweb;
let server: ImagingPage;
let browser: Browser;

async function opened(query: string, size = { width: 1280, height: 800 }): Promise<Page> {
  const page = await (await browser.newContext({ viewport: size })).newPage();
  await page.goto(`${server.origin}/?${query}`);
  await painted(page);
  return page;
}

async function painted(page: Page, studyUid = phantomStudyUid(1)): Promise<void> {
  const one = `[aria-label="Viewport 1"][data-painted="true"][data-study-uid="${studyUid}"]`;
  await page.waitForSelector(one, { timeout: 40_000 });
}

/** A stroke from one place to another, in shares of the first viewport. */
async function stroke(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const box = await page.locator('[aria-label="Viewport 1"] .viewport-surface').boundingBox();
  if (box === null) throw new Error('no viewport');
  const at = ([x, y]: readonly [number, number]): [number, number] => [box.x + box.width * x, box.y + box.height * y];
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
  await page.mouse.move(...at(to));
  await page.mouse.up();
}

const list = (page: Page) => page.getByRole('list', { name: 'Measurements' });
const drawn = (page: Page): Promise<number> => page.locator('.measures .measure').count();

describe.skipIf(!existsSync(executablePath))('marks on the images, in Chromium', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-marks-'));
    await writePhantoms(join(folder, 'dicom'), 3, 2, 9);
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

  test('are drawn on their own slice of their own study and on no other, and stay with their case', async () => {
    const page = await opened(`study=${phantomStudyUid(1)}`);
    await page.keyboard.press('d');
    await stroke(page, [0.3, 0.4], [0.6, 0.4]);
    expect(await list(page).getByRole('listitem').count()).toBe(1);
    expect(await drawn(page)).toBe(1);
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.querySelectorAll('.measures .measure').length === 0);
    // The list brings back the very slice.
    await list(page).getByRole('button', { name: 'Length' }).click();
    await page.waitForFunction(() => document.querySelectorAll('.measures .measure').length === 1);
    const kept = await page.evaluate(() => window.probe.marks.state.getState().marks);
    expect(kept.measurements).toMatchObject([{ kind: 'length', place: { studyUid: phantomStudyUid(1), frame: 1 } }]);

    await page.evaluate((uid) => window.probe.open(uid), phantomStudyUid(2));
    await painted(page, phantomStudyUid(2));
    expect(await list(page).getByRole('listitem').getByRole('button').count()).toBe(0);
    expect(await drawn(page)).toBe(0);
    // Late marks of the case before find no door.
    const late = await page.evaluate((marks) => window.probe.marks.put(1, 'draft', marks), kept);
    expect(late).toBe(false);
    // Even handed in under this epoch, a mark of another study is on no image here.
    await page.evaluate((marks) => window.probe.marks.put(2, 'draft', marks), kept);
    await list(page).getByText('its image is not in this case now').waitFor();
    expect(await drawn(page)).toBe(0);
    expect(await page.evaluate(() => window.probe.errors)).toEqual([]);
  }, 120_000);

  test('are moved by their handles, undone, redone, named and deleted', async () => {
    const page = await opened(`study=${phantomStudyUid(1)}`);
    const length = (): Promise<number> =>
      page.evaluate(() => window.probe.marks.state.getState().marks.measurements[0]?.quantities[0]?.value ?? -1);
    await page.keyboard.press('d');
    await stroke(page, [0.4, 0.4], [0.6, 0.4]);
    const first = await length();
    await page.keyboard.press('l');
    await stroke(page, [0.6, 0.4], [0.7, 0.4]);
    const longer = await length();
    expect(longer / first).toBeCloseTo(1.5, 1);
    await page.keyboard.press('Control+z');
    expect(await length()).toBe(first);
    await page.keyboard.press('Control+y');
    expect(await length()).toBe(longer);
    await page.keyboard.press('8');
    await page.keyboard.type('Segment VI');
    await page.keyboard.press('Enter');
    await page.keyboard.press('m');
    const inserted = await page.evaluate(() => window.probe.measurements.at(-1));
    expect(inserted?.text).toBe(`Segment VI: ${longer.toFixed(1)} mm`);
    await page.keyboard.press('Delete');
    expect(await length()).toBe(-1);
    await page.keyboard.press('Control+z');
    expect(await length()).toBe(longer);
  }, 120_000);

  test('are drawn by keys alone, and a held handle is moved by them', async () => {
    const page = await opened(`study=${phantomStudyUid(1)}`);
    await page.locator('[aria-label="Viewport 1"]').focus();
    await page.keyboard.press('d');
    await page.keyboard.press('Shift+Enter');
    for (let at = 0; at < 3; at += 1) await page.keyboard.press('Alt+Shift+ArrowRight');
    await page.keyboard.press('Shift+Enter');
    const points = () => page.evaluate(() => window.probe.marks.state.getState().marks.measurements[0]?.points ?? []);
    const [from, to] = await points();
    expect((to?.[0] ?? 0) - (from?.[0] ?? 0)).toBeCloseTo(30, 1);
    await page.keyboard.press('u');
    await page.keyboard.press('u');
    await page.keyboard.press('Shift+ArrowRight');
    expect(((await points())[1]?.[0] ?? 0) - (to?.[0] ?? 0)).toBeCloseTo(1, 1);
    await page.keyboard.press('3');
    expect(await page.getByRole('list', { name: 'Key images' }).getByRole('listitem').count()).toBe(1);
  }, 120_000);

  test.each([
    [1280, 800],
    [2560, 1440],
  ])(
    'every tool draws, at %i x %i',
    async (width, height) => {
      const page = await opened(`study=${phantomStudyUid(1)}&prior=${phantomStudyUid(2)}`, { width, height });
      const tools: readonly (readonly [
        string,
        ...(readonly [readonly [number, number], readonly [number, number]])[],
      ])[] = [
        [
          'd',
          [
            [0.2, 0.15],
            [0.4, 0.15],
          ],
        ],
        [
          'j',
          [
            [0.5, 0.2],
            [0.7, 0.2],
          ],
          [
            [0.6, 0.15],
            [0.6, 0.25],
          ],
        ],
        [
          'a',
          [
            [0.2, 0.4],
            [0.3, 0.3],
          ],
          [
            [0.35, 0.42],
            [0.35, 0.42],
          ],
        ],
        [
          'n',
          [
            [0.45, 0.35],
            [0.55, 0.33],
          ],
          [
            [0.45, 0.45],
            [0.56, 0.5],
          ],
        ],
        [
          'o',
          [
            [0.65, 0.35],
            [0.8, 0.5],
          ],
        ],
        [
          'b',
          [
            [0.2, 0.55],
            [0.3, 0.65],
          ],
        ],
        [
          '2',
          [
            [0.4, 0.6],
            [0.5, 0.6],
          ],
          [
            [0.35, 0.65],
            [0.6, 0.65],
          ],
        ],
        [
          '6',
          [
            [0.7, 0.6],
            [0.8, 0.7],
          ],
        ],
        [
          'v',
          [
            [0.3, 0.8],
            [0.3, 0.8],
          ],
        ],
      ];
      for (const [key, ...strokes] of tools) {
        await page.keyboard.press(key);
        for (const [from, to] of strokes) await stroke(page, from, to);
        if (key === '6') {
          await page.keyboard.type('stent');
          await page.keyboard.press('Enter');
        }
      }
      await page.keyboard.press('1');
      await stroke(page, [0.5, 0.8], [0.5, 0.8]);
      await page.keyboard.type('T12');
      await page.keyboard.press('Enter');
      await stroke(page, [0.5, 0.88], [0.5, 0.88]);
      await page.keyboard.press('Enter');
      const shots = process.env.SCREENS;
      if (shots !== undefined) {
        mkdirSync(shots, { recursive: true });
        await page.screenshot({ path: join(shots, `marks-${width}.png`) });
      }
      const kept = await page.evaluate(() => window.probe.marks.state.getState().marks.measurements);
      expect(kept.map((one) => one.kind)).toEqual(
        'length bidirectional angle cobb ellipse rectangle heart-thorax arrow probe spine spine'.split(' '),
      );
      expect(kept.slice(-2).map((one) => one.label)).toEqual(['T12', 'L1']);
      expect(new Set(kept.map((one) => one.trackingUid)).size).toBe(kept.length);
      expect(await page.evaluate(() => window.probe.errors)).toEqual([]);
    },
    120_000,
  );
});

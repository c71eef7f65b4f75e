import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GoldenPage, hasChromium, openGoldenPage } from '../imaging-golden/golden-page.ts';
import { staticDicomweb } from '../servers/static-dicomweb/index.ts';
import {
  madeCda,
  madeEcg,
  madePdf,
  madePresentation,
  madeSegmentation,
  madeSlices,
  madeStudyUid,
} from './made-study.ts';

async function letter(): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const font = await document.embedFont('Helvetica');
  for (const page of [1, 2])
    document.addPage([400, 500]).drawText(`Letter page ${page}`, { x: 40, y: 420, size: 24, font });
  return document.save();
}

describe.skipIf(!hasChromium)('objects among the images', () => {
  let folder = '';
  let golden: GoldenPage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-objects-'));
    const pdf = await letter();
    const script = Buffer.from(
      '%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 999999999>>endobj\ntrailer<</Root 1 0 R>>',
    );
    const files = [
      ...madeSlices(),
      madePresentation(),
      madeSegmentation(),
      madeEcg(),
      madePdf(pdf, 1),
      madePdf(script, 2),
      madePdf(pdf, 3, 'OTHER-9', 'SOMEBODY^ELSE'),
      madeCda(),
    ];
    for (const [at, bytes] of files.entries()) await writeFile(join(folder, `${at}.dcm`), bytes);
    golden = await openGoldenPage({ static: await staticDicomweb([folder]) }, 'cpu');
  }, 180_000);
  afterAll(async () => {
    await golden?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await golden.page.evaluate((uid) => window.probe.open(uid), madeStudyUid);
    await golden.page.waitForSelector('[aria-label="Viewport 1"][data-painted="true"]');
    await golden.page.keyboard.press('Home');
    await golden.page.waitForSelector('[aria-label="Viewport 1"][data-painted="true"][data-slice="1"]');
  });

  const viewport = () => golden.page.getByRole('group', { name: 'Viewport 1' });
  const read = async (number: string): Promise<void> =>
    golden.page.locator('.series.not-shown', { hasText: number }).first().getByRole('button', { name: 'Read' }).click();

  test('a presentation state is never there by itself; chosen by key it shows with its mark, and goes again', async () => {
    const { page } = golden;
    expect(await page.locator('.presented').count()).toBe(0);
    await page.keyboard.press('Alt+Shift+P');
    await viewport().getByText('Presentation state applied: SURGEON for the theatre, by MEIER ANNA').waitFor();
    const text = await viewport().textContent();
    expect(text).toContain('W 600 L 1400');
    expect(text).toContain('turned 90°');
    // Its words are words; the line from (10,20) to (40,20) stands upright when the image is turned.
    expect(await page.locator('.presented text').textContent()).toBe('WORDS <b>of elsewhere</b>');
    const line = await page.locator('.presented g path').boundingBox();
    expect((line?.height ?? 0) > 50 && (line?.width ?? 99) < 4).toBe(true);
    expect(await page.locator('.presented .shutter').count()).toBe(1);
    await page.keyboard.press('End');
    await viewport().getByText('Not in the presentation state: shown as sent').waitFor();
    await expect.poll(() => page.locator('.presented').count()).toBe(0);
    await expect.poll(() => viewport().textContent()).not.toContain('turned 90°');
    await page.keyboard.press('Home');
    await page.locator('.presented').waitFor();
    await page.keyboard.press('Alt+Shift+P');
    await expect.poll(() => page.locator('.presented').count()).toBe(0);
    await expect.poll(() => viewport().textContent()).toContain('W 1000 L 1500');
    expect(await golden.errors()).toEqual([]);
  });

  test('segments lie over the images that they are of, in their colours, and are taken off by key and one by one', async () => {
    const { page } = golden;
    await page.keyboard.press('Alt+Shift+G');
    const layer = page.getByRole('img', { name: 'Segments' });
    await page.getByText('opening…').waitFor({ state: 'detached' });
    expect(await layer.count()).toBe(0);
    await page.keyboard.press('ArrowDown');
    await layer.waitFor();
    // Colours of the middle of both boxes: columns 27 and 47 of row 30.
    const colours = (): Promise<number[][]> =>
      page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('canvas.segments');
        const context = canvas?.getContext('2d');
        if (canvas === null || context == null) return [];
        const { width, height } = canvas;
        const scale = Math.min(width / 80, height / 64);
        return [27.5, 47.5, 70].map((column) => [
          ...context.getImageData(
            Math.round(width / 2 + (column - 40) * scale),
            Math.round(height / 2 + (30.5 - 32) * scale),
            1,
            1,
          ).data,
        ]);
      });
    // The layer stands before it is drawn.
    await expect.poll(async () => (await colours())[0]?.[3] ?? 0).toBeGreaterThan(0);
    const [nodule = [], vessel = [], beside = []] = await colours();
    expect(nodule[0] ?? 0).toBeGreaterThan((nodule[1] ?? 0) + 100);
    expect(vessel[1] ?? 0).toBeGreaterThan((vessel[0] ?? 0) + 50);
    expect(beside).toEqual([0, 0, 0, 0]);
    await page.getByRole('button', { name: 'Segments' }).click();
    await page.getByRole('checkbox', { name: '1 Nodule' }).click();
    await expect.poll(async () => (await colours())[0]).toEqual([0, 0, 0, 0]);
    await page.keyboard.press('Alt+.');
    await page.keyboard.press('Alt+Shift+G');
    await expect.poll(() => layer.count()).toBe(0);
    expect(await golden.errors()).toEqual([]);
  });

  test('an image is as large on a measured screen as what it shows; on another it is said how to measure it', async () => {
    const { page } = golden;
    await page.keyboard.press('Alt+Shift+T');
    await page.getByText('This screen was not measured').waitFor();
    await page.evaluate(() => {
      window.probe.screenMillimetre = 4.5;
    });
    await page.keyboard.press('Alt+Shift+T');
    // A pixel of the made slices is 1 mm wide.
    await viewport().getByText('zoom 4.5×').waitFor();
    await viewport().getByText('true size').waitFor();
    expect(await page.getByText('This screen was not measured').count()).toBe(0);
    await page.keyboard.press('f');
    await viewport().getByText('true size').waitFor({ state: 'detached' });
    await page.evaluate(() => {
      window.probe.screenMillimetre = null;
    });
    expect(await golden.errors()).toEqual([]);
  });

  test('an ECG is drawn to the stated scale and measured by caliper, by hand and by keys', async () => {
    const { page } = golden;
    await read('4');
    const trace = page.getByRole('application', { name: /^Tracing RHYTHM/ });
    await trace.waitFor();
    const box = await trace.boundingBox();
    if (box === null) throw new Error('nothing is drawn');
    const millimetre = 96 / 25.4;
    // From one spike to the next, and as high as one millivolt.
    await page.mouse.move(box.x + 10, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 10 + 25 * millimetre, box.y + 20 + 10 * millimetre);
    await page.mouse.up();
    expect(await page.locator('.trace-measure').textContent()).toContain('1000 ms · 60 /min · 1.00 mV on I');
    await trace.focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Enter');
    expect(await page.locator('.trace-measure').textContent()).toMatch(/Caliper 423 ms/);
    const panel = page.getByRole('region', { name: 'Document' });
    expect(await panel.textContent()).toContain('small square 40 ms × 0.10 mV');
    expect(await panel.textContent()).toContain('Filters: 0.05 to 150 Hz');
    expect(await panel.textContent()).toContain('Sinus rhythm <i>by machine</i>');
    expect(await panel.locator('i').count()).toBe(0);
    expect(await golden.errors()).toEqual([]);
  });

  test('a PDF is read page by page under the production policy; one that is broken says why', async () => {
    const { page } = golden;
    await read('51');
    const panel = page.getByRole('region', { name: 'Document' });
    await panel.getByText('Page 1 of 2').waitFor();
    await panel.getByRole('img', { name: 'Letter page 1' }).waitFor();
    await page.waitForSelector('.pdf-page canvas[data-page="1"]');
    const dark = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.pdf-page canvas');
      const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let count = 0;
      for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 255) < 80) count += 1;
      return count;
    });
    expect(dark).toBeGreaterThan(300);
    await panel.getByRole('button', { name: 'Next page' }).click();
    await panel.getByRole('img', { name: 'Letter page 2' }).waitFor();
    await read('52');
    await panel.getByText(/could not be (read|drawn)/).waitFor();
    expect(await golden.errors()).toEqual([]);
  });

  test('a PDF of another patient is not drawn, and says whose it is', async () => {
    const { page } = golden;
    await read('53');
    const panel = page.getByRole('region', { name: 'Document' });
    await panel.getByText('its patient id is OTHER-9; its patient is SOMEBODY ELSE').waitFor();
    expect(await page.locator('.pdf-page').count()).toBe(0);
  });

  test('what is not drawn says why and can be saved', async () => {
    const { page } = golden;
    await read('60');
    const panel = page.getByRole('region', { name: 'Document' });
    await panel.getByText('Not drawn: a clinical document in XML').waitFor();
    const saved = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'Save file (.xml)' }).click();
    expect((await saved).suggestedFilename()).toBe('document.xml');
    expect(await golden.errors()).toEqual([]);
  });
});

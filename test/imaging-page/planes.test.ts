import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { staticDicomweb } from '../servers/static-dicomweb/index.ts';
import { buildImagingPage, type ImagingPage, serveImagingPage } from './serve.ts';
import { beginsAt, type VolumePhantom, volumeStudyUid, volumeValue, writeVolumes } from './volume-phantom.ts';

const executablePath = '/usr/bin/chromium';
const flags =
  '--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --enable-unsafe-swiftshader'.split(
    ' ',
  );

const size = { columns: 48, rows: 40, slices: 13, apart: 3 };
const plain: VolumePhantom = { study: 1, ...size };
const reversed: VolumePhantom = { study: 2, ...size, reversed: true };
const mirrored: VolumePhantom = { study: 3, ...size, mirrored: true };
const gapped: VolumePhantom = { study: 4, ...size, without: 6 };
/** A CT, a PET of the same places, and a CT in which the patient lay otherwise. */
const examined: readonly VolumePhantom[] = [
  { study: 5, ...size },
  { study: 5, ...size, series: 2, modality: 'PT' },
  { study: 5, ...size, series: 3, ownFrame: true },
];

/** What the page says of a viewport, and the greys of its canvas at shares of the picture's width and height. */
type Seen = {
  readonly plane: string;
  readonly painted: boolean;
  readonly studyUid: string | null;
  readonly instanceUid: string | null;
  readonly slice: number;
  readonly slices: number;
  readonly letters: readonly string[];
  readonly words: string;
  readonly greys: readonly number[];
};
const shares = [0.15, 0.5, 0.85] as const;

function seen(page: Page, number: number, picture: { width: number; height: number }): Promise<Seen> {
  return page.evaluate(
    ({ number, picture, shares }) => {
      const viewport = document.querySelector<HTMLElement>(`[aria-label="Viewport ${number}"]`);
      const canvas = viewport?.querySelector('canvas');
      const context = canvas?.getContext('2d');
      if (!viewport || !canvas || !context) throw new Error('no viewport');
      const scale = Math.min(canvas.width / picture.width, canvas.height / picture.height);
      const left = (canvas.width - picture.width * scale) / 2;
      const top = (canvas.height - picture.height * scale) / 2;
      const greys = shares.flatMap((down) =>
        shares.map((across) => {
          const x = Math.round(left + across * picture.width * scale);
          const y = Math.round(top + down * picture.height * scale);
          return context.getImageData(x, y, 1, 1).data[0] ?? 0;
        }),
      );
      const { plane = '', painted, studyUid = null, instanceUid = null, slice, slices } = viewport.dataset;
      const letters = ['top', 'right', 'bottom', 'left'].map(
        (edge) => viewport.querySelector(`.edge-${edge}`)?.textContent ?? '',
      );
      return {
        ...{ plane, studyUid, instanceUid, letters, greys },
        painted: painted === 'true',
        slice: Number(slice),
        slices: Number(slices),
        words: viewport.querySelector('.lower-left')?.textContent ?? '',
      };
    },
    { number, picture, shares },
  );
}

/** Patient coordinates of a voxel's value by the header alone: x to the left, y to the back, z to the head. */
function valueAt(phantom: VolumePhantom, x: number, y: number, z: number): number {
  const column = phantom.mirrored === true ? phantom.columns - 1 - x : x;
  return volumeValue(phantom, 0, 0, 0) + column + 1.5 * y + 2 * z;
}

const greyOf = (value: number): number => (255 * value) / 1200;

/** Volume in millimetres, outer halves of voxels included. */
const extent = { x: size.columns, y: size.rows, z: size.slices * size.apart };
const depth = { x: -0.5, y: -0.5, z: -size.apart / 2 };

/** The place that a share of a picture shows, by the directions in which each plane is looked at. */
function placeIn(plane: string, across: number, down: number, at: number): readonly [number, number, number] {
  const x = depth.x + across * extent.x;
  const z = depth.z + (1 - down) * extent.z;
  if (plane === 'axial') return [x, depth.y + down * extent.y, at];
  if (plane === 'coronal') return [x, at, z];
  return [at, depth.y + across * extent.y, z];
}

const pictures: Readonly<Record<string, { width: number; height: number }>> = {
  axial: { width: extent.x, height: extent.y },
  coronal: { width: extent.x, height: extent.z },
  sagittal: { width: extent.y, height: extent.z },
};
const letters: Readonly<Record<string, readonly string[]>> = {
  axial: ['A', 'L', 'P', 'R'],
  coronal: ['H', 'L', 'F', 'R'],
  sagittal: ['H', 'P', 'F', 'A'],
};

let folder = '';
let browser: Browser;
let served: ImagingPage;

async function open(draw: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${served.origin}/?draw=${draw}`);
  return page;
}

async function planesOf(page: Page, study: number): Promise<void> {
  await page.evaluate((uid) => window.probe.open(uid), volumeStudyUid(study));
  // Not the one before, whose planes may stand there a moment longer.
  await page.waitForSelector(
    `[aria-label="Viewport 1"][data-plane="stack"][data-painted="true"][data-study-uid="${volumeStudyUid(study)}"]`,
  );
  await page.keyboard.press('Alt+Shift+M');
  await allPainted(page);
}

async function allPainted(page: Page): Promise<void> {
  for (const [at, plane] of ['axial', 'coronal', 'sagittal', 'oblique'].entries())
    await page.waitForSelector(`[aria-label="Viewport ${at + 1}"][data-plane="${plane}"][data-painted="true"]`);
}

/** Where each plane stands along its normal in millimetres, from the plane's number. */
function standsAt({ plane, slice }: Pick<Seen, 'plane' | 'slice'>): number {
  // The stacks run to the feet, to the back and to the left.
  if (plane === 'axial') return (size.slices - slice) * size.apart;
  return slice - 1;
}

async function checkPlanes(page: Page, phantom: VolumePhantom): Promise<void> {
  for (const [at, plane] of ['axial', 'coronal', 'sagittal'].entries()) {
    const picture = pictures[plane] ?? { width: 1, height: 1 };
    const found = await seen(page, at + 1, picture);
    expect(found).toMatchObject({
      plane,
      painted: true,
      studyUid: volumeStudyUid(phantom.study),
      letters: letters[plane],
    });
    expect(found.instanceUid, 'a computed picture is no instance').toBeNull();
    expect(found.words).toContain(`MPR ${plane}, computed, 1.00 mm pixels`);
    const expected = shares.flatMap((down) =>
      shares.map((across) => greyOf(valueAt(phantom, ...placeIn(plane, across, down, standsAt(found))))),
    );
    for (const [index, grey] of found.greys.entries())
      expect(
        Math.abs(grey - (expected[index] ?? -1)),
        `${plane} ${found.slice} at ${index}: ${grey}`,
      ).toBeLessThanOrEqual(2);
  }
}

describe.skipIf(!existsSync(executablePath))('planes in Chromium, read back from the canvas', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-planes-'));
    await writeVolumes(join(folder, 'dicom'), [plain, reversed, mirrored, gapped, ...examined]);
    await buildImagingPage(join(folder, 'page'));
    served = await serveImagingPage(join(folder, 'page'), { static: await staticDicomweb([join(folder, 'dicom')]) });
    browser = await chromium.launch({ executablePath, args: flags });
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('suspended and opened again, planes, lean, slab and crosshair are exactly as they were, and what hung before them comes back', async () => {
    const page = await open('cpu');
    await page.evaluate((uid) => window.probe.open(uid), volumeStudyUid(plain.study));
    await page.waitForSelector('[aria-label="Viewport 1"][data-painted="true"]');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('[aria-label="Viewport 1"][data-painted="true"][data-slice="2"]');
    await page.keyboard.press('Alt+Shift+M');
    await allPainted(page);
    await page.keyboard.press("'");
    const box = await page.locator('[aria-label="Viewport 2"] .viewport-surface').boundingBox();
    if (box === null) throw new Error('no viewport');
    await page.mouse.click(box.x + box.width * 0.42, box.y + box.height * 0.55);
    for (const key of ['Alt+Shift+L', 'Alt+Shift+L', 'Alt+Shift+I', '=', '=', ';']) await page.keyboard.press(key);
    await allPainted(page);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('i');
    /** Nothing of it may change but the opening that it belongs to. */
    const all = async () => {
      await allPainted(page);
      const pictures = await Promise.all([1, 2, 3, 4].map((number) => seen(page, number, { width: 48, height: 40 })));
      const paths = await page
        .locator('path.cross')
        .evaluateAll((all) => all.map((one) => one.getAttribute('d') ?? ''));
      // To a tenth of a pixel: the place on the canvas is reckoned anew.
      const crosses = paths.map((path) =>
        path.replace(/\d+\.\d+/g, (figure) => (Math.round(Number(figure) * 10) / 10).toString()),
      );
      return { pictures, crosses };
    };
    const stands = async () => JSON.stringify(await all());
    let before = '';
    // What was asked for is on its way to the canvas: two looks in a row that are alike.
    const isStill = async (): Promise<boolean> => {
      const last = before;
      before = await stands();
      return before === last;
    };
    await expect.poll(isStill).toBe(true);
    const asked = JSON.parse(before) as Awaited<ReturnType<typeof all>>;
    expect(asked.pictures[3]?.words).toContain('oblique');
    expect(asked.pictures[0]?.words).toContain('MinIP 5 mm');
    expect(asked.crosses.length).toBeGreaterThanOrEqual(3);

    await page.evaluate((other) => {
      const view = window.probe.keep();
      window.probe.open(null);
      window.probe.open(other);
      window.probe.kept = view;
    }, volumeStudyUid(reversed.study));
    await page.waitForSelector(
      `[aria-label="Viewport 1"][data-plane="stack"][data-painted="true"][data-study-uid="${volumeStudyUid(reversed.study)}"]`,
    );
    await page.evaluate((uid) => window.probe.open(uid), volumeStudyUid(plain.study));
    await allPainted(page);
    await expect.poll(stands).toBe(before);
    await page.keyboard.press('Alt+Shift+M');
    await page.waitForSelector('[aria-label="Viewport 1"][data-plane="stack"][data-painted="true"]');
    expect(await page.evaluate(() => window.probe.errors)).toEqual([]);
    await page.close();
  });

  test('suspended and opened again, the PET lies over what it lay over, and series matched by hand still scroll together', async () => {
    const page = await open('cpu');
    const here = volumeStudyUid(5);
    const at = (number: number, more = ''): string =>
      `[aria-label="Viewport ${number}"][data-plane="stack"][data-painted="true"][data-study-uid="${here}"]${more}`;
    const press = async (number: number, ...keys: readonly string[]): Promise<void> => {
      await page.locator(`[aria-label="Viewport ${number}"]`).focus();
      for (const key of keys) await page.keyboard.press(key);
    };
    /** Words, slices, and some of the colours over each of the first two viewports. */
    const all = () =>
      page.evaluate(() =>
        [1, 2].map((number) => {
          const viewport = document.querySelector<HTMLElement>(`[aria-label="Viewport ${number}"]`);
          const over = viewport?.querySelector<HTMLCanvasElement>('canvas.fusion') ?? null;
          const colours = [0.3, 0.4, 0.5, 0.6, 0.7].map((share) =>
            over === null
              ? ''
              : [
                  ...(over.getContext('2d')?.getImageData(over.width * share, over.height * share, 1, 1).data ?? []),
                ].join(),
          );
          const { plane, slice, painted } = viewport?.dataset ?? {};
          return { plane, slice, painted, colours, words: viewport?.querySelector('.lower-left')?.textContent ?? '' };
        }),
      );
    let before = '';
    const isStill = async (): Promise<boolean> => {
      const last = before;
      before = JSON.stringify(await all());
      return before === last;
    };
    const suspended = async (): Promise<void> => {
      await page.evaluate((other) => {
        const view = window.probe.keep();
        window.probe.open(null);
        window.probe.open(other);
        window.probe.kept = view;
      }, volumeStudyUid(plain.study));
      await page.waitForSelector(
        `[aria-label="Viewport 1"][data-painted="true"][data-study-uid="${volumeStudyUid(plain.study)}"]`,
      );
      await page.evaluate((uid) => window.probe.open(uid), here);
    };
    await page.evaluate((uid) => window.probe.open(uid), here);
    await page.waitForSelector(at(1));
    await page.keyboard.press('Alt+2');
    for (const [number, series] of [
      [1, 1],
      [2, 3],
    ] as const) {
      await press(number);
      await page.getByRole('button', { name: new RegExp(`^series ${series} `) }).click();
      await press(number, 'Home');
      await page.waitForSelector(at(number, '[data-slice="1"]'));
    }
    await press(1, 'ArrowDown', 'ArrowDown', 'ArrowDown');
    await page.waitForSelector(at(1, '[data-slice="4"]'));
    await page.waitForSelector(at(2, '[data-slice="1"]'));
    await page.keyboard.press('Alt+Shift+H');
    await press(1, 'ArrowDown');
    await page.waitForSelector(at(2, '[data-slice="2"]'));
    await press(1, 'Alt+Shift+F', 'Alt+Shift+PageUp', 'Alt+Shift+Home');
    await expect.poll(async () => (await all())[0]?.colours.some((one) => !/^(0,0,0,0)?$/.test(one))).toBe(true);
    await expect.poll(isStill).toBe(true);
    const [one, other] = JSON.parse(before) as Awaited<ReturnType<typeof all>>;
    expect(one?.words).toMatch(/Over it: PT 2 Volume 2, 0 to 75 % .*, 75 %/);
    expect(other?.words).toMatch(/matched by hand at 4 and 1/);

    await suspended();
    await expect.poll(async () => JSON.stringify(await all())).toBe(before);
    await press(1, 'ArrowDown', 'ArrowDown');
    await page.waitForSelector(at(1, '[data-slice="7"]'));
    await page.waitForSelector(at(2, '[data-slice="4"]'));

    await press(1, 'Alt+Shift+M');
    await allPainted(page);
    await expect.poll(isStill).toBe(true);
    const [axial] = JSON.parse(before) as Awaited<ReturnType<typeof all>>;
    expect(axial?.words).toMatch(/MPR axial[\s\S]*Over it: PT 2 Volume 2, 0 to 75 % .*, 75 %/);
    await suspended();
    await allPainted(page);
    await expect.poll(async () => JSON.stringify(await all())).toBe(before);
    // What hung before the planes is matched as it was, and each alone where the reader had it so.
    await press(1, 'Alt+Shift+M');
    await page.waitForSelector(at(2));
    await expect.poll(async () => (await all())[1]?.words).toMatch(/matched by hand at 4 and 1/);
    await page.keyboard.press('Alt+Shift+S');
    await expect.poll(async () => (await all())[1]?.words).not.toMatch(/matched by hand/);
    await suspended();
    await page.waitForSelector(at(2));
    await expect.poll(async () => (await all())[0]?.words).toMatch(/Over it: PT/);
    expect((await all())[1]?.words).not.toMatch(/matched by hand/);
    expect(await page.evaluate(() => window.probe.errors)).toEqual([]);
    await page.close();
  });

  test.each(['cpu', 'gpu'])(
    'drawn by %s, each plane shows each place of the patient where it is, with its letters',
    async (draw) => {
      const page = await open(draw);
      await planesOf(page, plain.study);
      await checkPlanes(page, plain);
      // Another plane of each: the numbers and the pixels go together.
      for (const number of [1, 2, 3]) {
        const { slice } = await seen(page, number, { width: 1, height: 1 });
        await page.locator(`[aria-label="Viewport ${number}"]`).focus();
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
        await page.waitForSelector(`[aria-label="Viewport ${number}"][data-slice="${slice + 2}"][data-painted="true"]`);
      }
      await allPainted(page);
      await checkPlanes(page, plain);
      expect(await page.evaluate(() => window.probe.errors)).toEqual([]);
      await page.close();
    },
  );

  test('slices that count the other way, and a header that is mirrored, change the letters and places of what they say', async () => {
    const page = await open('cpu');
    await planesOf(page, reversed.study);
    await checkPlanes(page, reversed);
    await planesOf(page, mirrored.study);
    // The pixels are those of the plain one; by this header they stand mirrored in the patient, and so do the planes.
    await checkPlanes(page, mirrored);
    await page.keyboard.press('Alt+Shift+M');
    await page.waitForSelector('[aria-label="Viewport 1"][data-plane="stack"][data-painted="true"]');
    await expect
      .poll(async () => (await seen(page, 1, { width: 48, height: 40 })).letters)
      .toEqual(['A', 'R', 'P', 'L']);
    await page.close();
  });

  test('slabs: the highest, the lowest and the mean of what lies within, as the words say', async () => {
    const page = await open('cpu');
    await planesOf(page, plain.study);
    const axial = () => seen(page, 1, pictures.axial ?? { width: 1, height: 1 });
    const at = standsAt(await axial());
    for (const key of ['=', '=', '=']) await page.keyboard.press(key);
    for (const [name, away] of [
      ['MIP', 5],
      ['MinIP', -5],
      ['average', 0],
    ] as const) {
      await expect.poll(async () => (await axial()).words).toContain(`${name} 10 mm`);
      await allPainted(page);
      const { greys } = await axial();
      // Values grow to the head, and to nothing else within an axial slab.
      expect(Math.abs((greys[4] ?? 0) - greyOf(valueAt(plain, 23.5, 19.5, at + away))), name).toBeLessThanOrEqual(2);
      await page.keyboard.press(';');
    }
    await page.close();
  });

  test('the crosshair brings every plane to the point, and viewports of one series scroll together', async () => {
    const page = await open('cpu');
    await planesOf(page, plain.study);
    await page.keyboard.press("'");
    const box = await page.locator('[aria-label="Viewport 1"] canvas').first().boundingBox();
    if (box === null) throw new Error('no canvas');
    const scale = Math.min(box.width / extent.x, box.height / extent.y);
    const [x, y] = [10, 30];
    await page.mouse.click(
      box.x + (box.width - extent.x * scale) / 2 + (x + 0.5) * scale,
      box.y + (box.height - extent.y * scale) / 2 + (y + 0.5) * scale,
    );
    await expect.poll(async () => (await seen(page, 2, { width: 1, height: 1 })).slice).toBe(y + 1);
    await expect.poll(async () => (await seen(page, 3, { width: 1, height: 1 })).slice).toBe(x + 1);
    await allPainted(page);
    await checkPlanes(page, plain);
    expect(await page.locator('[aria-label="Viewport 2"] .reference').count()).toBeGreaterThanOrEqual(2);
    await page.close();
  });

  test('a series with a missing slice is refused in words, and stays as it hangs', async () => {
    const page = await open('cpu');
    await page.evaluate((uid) => window.probe.open(uid), volumeStudyUid(gapped.study));
    await page.waitForSelector('[aria-label="Viewport 1"][data-painted="true"]');
    await page.keyboard.press('Alt+Shift+M');
    await page.getByText(/No planes can be computed from this series: .*3\.0 to 6\.0 mm apart/).waitFor();
    expect((await seen(page, 1, { width: 48, height: 40 })).plane).toBe('stack');
    await page.close();
  });

  test('after a fast switch no canvas holds planes of another case, and its volume is gone', async () => {
    const page = await open('cpu');
    served.delay = () => Math.random() * 120;
    await page.evaluate(
      ({ begins }) => {
        const wrong: string[] = [];
        Object.assign(window, { wrongPlanes: wrong });
        const look = (): void => {
          for (const viewport of document.querySelectorAll<HTMLElement>('.viewport')) {
            const { painted, studyUid, plane } = viewport.dataset;
            const canvas = viewport.querySelector('canvas');
            if (painted !== 'true' || plane === 'stack' || !canvas) continue;
            const grey =
              canvas.getContext('2d')?.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[0] ?? 0;
            const study = Number(studyUid?.split('.').at(-1));
            // In the middle of each volume, whatever the plane: what it begins at and half of what it grows by.
            const middle = ((begins[study] ?? 0) + 24 + 30 + 39) * (255 / 1200);
            if (Math.abs(grey - middle) > 9) wrong.push(`${studyUid} ${plane}: ${grey}, not ${middle}`);
          }
          requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      },
      { begins: [0, 1, 2, 3].map(beginsAt) },
    );
    for (let at = 0; at < 24; at += 1) {
      const study = 1 + (at % 3);
      await page.evaluate((uid) => window.probe.open(uid), volumeStudyUid(study));
      await page
        .waitForSelector('[aria-label="Viewport 1"][data-painted="true"]', { timeout: 10_000 })
        .catch(() => undefined);
      await page.keyboard.press('Alt+Shift+M');
      // Some are left before their volume is whole, some while planes are being computed, some after.
      await page.waitForTimeout([0, 15, 60, 150, 400, 900][at % 6] ?? 0);
    }
    served.delay = () => 0;
    await planesOf(page, 1);
    expect(await page.evaluate(() => (window as unknown as { wrongPlanes: string[] }).wrongPlanes)).toEqual([]);
    const bytes = size.columns * size.rows * size.slices * 2;
    expect(await page.evaluate(() => window.probe.figures().volumeBytes)).toBe(bytes);
    await page.evaluate(() => window.probe.open(null));
    await expect.poll(() => page.evaluate(() => window.probe.figures())).toMatchObject({ volumeBytes: 0, bytes: 0 });
    expect(await page.evaluate(() => window.probe.errors)).toEqual([]);
    await page.close();
  });
});

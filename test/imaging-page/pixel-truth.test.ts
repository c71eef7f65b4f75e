import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StaticDicomweb, staticDicomweb } from '../servers/static-dicomweb/index.ts';
import { phantomSize, phantomStudyUid, writePhantoms } from './phantom.ts';
import { buildImagingPage, type ImagingPage, serveImagingPage } from './serve.ts';
import { watchCanvas } from './watch-canvas.ts';

const executablePath = '/usr/bin/chromium';
const flags =
  '--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --enable-unsafe-swiftshader'.split(
    ' ',
  );
const studies = 4;
const series = 2;
const slices = 9;
const switches = Number(process.env.SWITCHES ?? 200);
const seed = Number(process.env.SEED ?? 20_261_122);

/** A small generator, so that a printed seed repeats a run (mulberry32). */
function random(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

let folder = '';
let archive: StaticDicomweb;
let browser: Browser;
const served: ImagingPage[] = [];

async function opened(
  query: string,
  options: { scale?: number; isolated?: boolean } = {},
): Promise<{ page: Page; served: ImagingPage }> {
  const server = await serveImagingPage(join(folder, 'page'), { static: archive }, options.isolated ?? true);
  served.push(server);
  const context = await browser.newContext({
    viewport: { width: 1100, height: 760 },
    deviceScaleFactor: options.scale ?? 1,
  });
  const page = await context.newPage();
  await page.goto(`${server.origin}/?${query}`);
  return { page, served: server };
}

async function painted(page: Page): Promise<void> {
  await page.waitForSelector('[aria-label="Viewport 1"][data-painted="true"]', { timeout: 20_000 });
}

describe.skipIf(!existsSync(executablePath))('images in Chromium under the production policy and StrictMode', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-images-'));
    await writePhantoms(join(folder, 'dicom'), studies, series, slices);
    archive = await staticDicomweb([join(folder, 'dicom')]);
    await buildImagingPage(join(folder, 'page'));
    browser = await chromium.launch({ executablePath, args: flags });
  });
  afterAll(async () => {
    await browser?.close();
    for (const one of served) await one.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.each([
    ['cpu', switches],
    ['gpu', Math.ceil(switches / 5)],
  ])(
    'drawn by %s: %i mounts and switches of case, series and slice with late answers: no frame shows what the page does not name',
    async (draw, switches) => {
      const next = random(seed);
      const { page, served: server } = await opened(`draw=${draw}`);
      server.delay = () => Math.floor(next() ** 3 * 400);
      await page.evaluate(watchCanvas);
      // Somebody opens a case while the app is still trying out what draws one.
      await page.evaluate(() => void window.probe.rehearse());
      let open = false;
      for (let at = 0; at < switches; at += 1) {
        const dice = next();
        if (dice < 0.35 || at === 0) {
          const study = phantomStudyUid(1 + Math.floor(next() * studies));
          // Asked for ahead of its screen, as the app does; now and then another one is opened in its place.
          const ahead = next() < 0.6 ? (next() < 0.8 ? study : phantomStudyUid(1)) : null;
          await page.evaluate(
            ([uid, expected]) => {
              if (expected !== null) window.probe.expect(expected);
              window.probe.open(uid);
            },
            [study, ahead] as const,
          );
          open = true;
        } else if (dice < 0.45) {
          await page.evaluate(() => window.probe.open(null));
          open = false;
        } else if (dice < 0.65) {
          await page.evaluate(
            (pick) => {
              const buttons = document.querySelectorAll<HTMLButtonElement>('.series button');
              buttons[pick % Math.max(1, buttons.length)]?.click();
            },
            Math.floor(next() * 10),
          );
        } else if (dice < 0.75)
          await page.keyboard.press(['Alt+1', 'Alt+2', 'Alt+4'][Math.floor(next() * 3)] ?? 'Alt+1');
        else await page.keyboard.press(['ArrowDown', 'ArrowUp', 'Home', 'End'][Math.floor(next() * 4)] ?? 'End');
        if (next() < 0.5) await page.waitForTimeout(next() * 150);
        // Where nothing is open nothing comes to be painted.
        if (next() < 0.15 && open)
          await page.waitForSelector('[data-painted="true"]', { timeout: 3_000 }).catch(() => undefined);
      }
      server.delay = () => 0;
      await page.evaluate((uid) => window.probe.open(uid), phantomStudyUid(1));
      await painted(page);
      await page.waitForTimeout(300);
      const result = await page.evaluate(() => {
        window.watched.stop = true;
        return { ...window.watched, errors: window.probe.errors, figures: window.probe.figures() };
      });
      expect(result.violations, `seed ${seed}`).toEqual([]);
      expect(result.errors).toEqual([]);
      // The watch must have seen something, or it proves nothing.
      expect(result.paintedFrames).toBeGreaterThan(switches / 8);
      expect(result.figures).toMatchObject({ engines: 1, cases: 1 });
      const epochs = new Set(server.asked.map((asked) => asked.headers['overread-epoch']));
      expect(epochs.size).toBeGreaterThan(4);
      expect(
        server.asked.every(
          (asked) => asked.headers['overread-task'] !== undefined && asked.headers['overread-window'] === 'test',
        ),
      ).toBe(true);
    },
    240_000,
  );

  test('what draws a case is tried once out of sight, and nothing of it stays', async () => {
    const { page, served: server } = await opened('draw=cpu');
    const drawn = page.evaluate(async () => {
      const seen: string[] = [];
      const watch = new MutationObserver(() => {
        for (const group of document.querySelectorAll<HTMLElement>('.viewer-rehearsal [role=group]'))
          if (group.dataset.painted === 'true') seen.push(`${group.dataset.slice} of ${group.dataset.slices}`);
      });
      watch.observe(document.body, { subtree: true, attributes: true, childList: true });
      await window.probe.rehearse();
      watch.disconnect();
      return seen[0];
    });
    expect(await drawn).toMatch(/^\d+ of 64$/);
    expect(server.asked).toEqual([]);
    expect(await page.locator('.viewer-rehearsal').count()).toBe(0);
    expect(await page.evaluate(() => window.probe.figures())).toMatchObject({ cases: 0, bytes: 0, viewports: 0 });
    expect(await page.evaluate(() => window.probe.errors)).toEqual([]);
  });

  test('a study is asked for before its screen stands, once; left before that, nothing of it stays', async () => {
    const { page, served: server } = await opened('draw=cpu');
    const lists = () => server.asked.filter((asked) => asked.path.endsWith('/series'));
    const ahead = phantomStudyUid(2);
    await page.evaluate((uid) => void window.probe.expect(uid), ahead);
    await expect.poll(() => lists().length).toBe(1);
    await page.evaluate((uid) => window.probe.open(uid), ahead);
    await painted(page);
    expect(await page.getByRole('group', { name: 'Viewport 1' }).getAttribute('data-study-uid')).toBe(ahead);
    expect(new Set(lists().map((asked) => asked.headers['overread-epoch'])).size).toBe(1);
    await page.evaluate(() => window.probe.open(null));
    await page.evaluate((uid) => window.probe.expect(uid)(), phantomStudyUid(1));
    expect(await page.evaluate(() => window.probe.figures())).toMatchObject({ cases: 0, bytes: 0, volumeBytes: 0 });
  });

  test('the series is one request, with the wanted slice beside it', async () => {
    const { page, served: server } = await opened(`study=${phantomStudyUid(2)}`);
    await painted(page);
    await page.waitForFunction(() => window.probe.imaging.figures().bytes === 2 * 9 * 256 * 256 * 2);
    const whole = server.asked.filter((asked) => /\/series\/[^/]+$/.test(asked.path));
    const frames = server.asked.filter((asked) => asked.path.includes('/frames/'));
    expect(whole).toHaveLength(series);
    // The slice on screen and the two thumbnails' at most.
    expect(frames.length).toBeLessThanOrEqual(3);
  });

  test.each([
    ['cpu', 1],
    ['cpu', 2],
    ['gpu', 1],
    ['gpu', 2],
  ])(
    'drawn by %s at %s device pixels: a 100 mm bar measures 100 mm, and letters follow every turn',
    async (draw, scale) => {
      const { page } = await opened(`draw=${draw}&study=${phantomStudyUid(3)}`, { scale });
      await painted(page);
      const box = await page.locator('[aria-label="Viewport 1"] .viewport-surface').boundingBox();
      if (box === null) throw new Error('no viewport');
      const zoom = Math.min(box.width, box.height) / phantomSize;
      const screen = (column: number, row: number): [number, number] => [
        box.x + box.width / 2 + (column - phantomSize / 2) * zoom,
        box.y + box.height / 2 + (row - phantomSize / 2) * zoom,
      ];
      await page.keyboard.press('d');
      await page.mouse.move(...screen(28, 180));
      await page.mouse.down();
      await page.mouse.move(...screen(128, 180));
      await page.mouse.move(...screen(228, 180));
      await page.mouse.up();
      await page.keyboard.press('m');
      const [measurement] = await page.evaluate(() => window.probe.measurements);
      expect(measurement?.unit).toBe('mm');
      expect(Math.abs((measurement?.value ?? 0) - 100)).toBeLessThan(0.6);
      expect(measurement).toMatchObject({ tool: 'length', frame: 1, studyUid: phantomStudyUid(3) });

      // Inside the white corner every pixel is 1000 HU.
      await page.keyboard.press('b');
      await page.mouse.move(...screen(3, 3));
      await page.mouse.down();
      await page.mouse.move(...screen(9, 9));
      await page.mouse.move(...screen(13, 13));
      await page.mouse.up();
      await page.keyboard.press('m');
      const region = await page.evaluate(() => window.probe.measurements.at(-1));
      expect(region).toMatchObject({ tool: 'rectangle', value: 1000, unit: "[hnsf'U]" });
      expect(region?.text).toMatch(/^mean 1000 HU \(SD 0, 1000 to 1000\), 2\d\.\d mm²$/);
      await page.keyboard.press('Delete');
      await page.keyboard.press('Delete');

      const letters = (): Promise<string> =>
        page.evaluate(() =>
          ['top', 'right', 'bottom', 'left']
            .map((edge) => document.querySelector(`.edge-${edge}`)?.textContent ?? '')
            .join(' '),
        );
      /** Which corner of the picture holds the mark: it tells what the canvas really shows. */
      const mark = (): Promise<string> =>
        page.evaluate(() => {
          const canvas = document.querySelector<HTMLCanvasElement>('[aria-label="Viewport 1"] canvas');
          const context = canvas?.getContext('2d');
          if (!canvas || !context) return 'none';
          const side = Math.min(canvas.width, canvas.height);
          const near = (side / 256) * 8;
          for (const [name, x, y] of [
            ['upper left', 0, 0],
            ['upper right', 1, 0],
            ['lower left', 0, 1],
            ['lower right', 1, 1],
          ] as const) {
            const px = (canvas.width - side) / 2 + (x === 0 ? near : side - near);
            const py = (canvas.height - side) / 2 + (y === 0 ? near : side - near);
            if ((context.getImageData(Math.round(px), Math.round(py), 1, 1).data[0] ?? 0) > 200) return name;
          }
          return 'none';
        });
      const after = async (keys: string, letterRow: string, corner: string): Promise<void> => {
        for (const key of keys) await page.keyboard.press(key);
        await expect
          .poll(async () => [await letters(), await mark()], { timeout: 10_000 })
          .toEqual([letterRow, corner]);
      };
      await after('', 'A L P R', 'upper left');
      await after('h', 'A R P L', 'upper right');
      await after('k', 'P R A L', 'lower right');
      await after('f', 'A L P R', 'upper left');
      await after('r', 'R A L P', 'upper right');
      // Left and right as they are seen now, not as they were acquired.
      await after('h', 'R P L A', 'upper left');
      await after('f', 'A L P R', 'upper left');
      expect(await page.evaluate(() => window.probe.errors)).toEqual([]);
    },
  );

  test('a slice and its words come in one frame: no frame is painted in which they differ', async () => {
    const { page } = await opened(`study=${phantomStudyUid(1)}`);
    await page.keyboard.press('Alt+1');
    await painted(page);
    await page.waitForFunction(() => window.probe.imaging.figures().bytes >= 9 * 256 * 256 * 2);
    await page.evaluate(watchCanvas);
    await page.evaluate(() => {
      window.watched.stop = true;
    });
    await page.keyboard.press('Home');
    await page.waitForSelector('[data-slice="1"][data-painted="true"]');
    const seen = await page.evaluate(async () => {
      const group = document.querySelector<HTMLElement>('[role=group][aria-label="Viewport 1"]');
      if (group === null) throw new Error('no viewport');
      // A task after the frame's callbacks: what stands then is what is painted.
      const afterFrame = (): Promise<void> =>
        new Promise((resolve) =>
          requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => resolve();
            channel.port2.postMessage(null);
          }),
        );
      const frames: (readonly [onCanvas: number | undefined, words: string | undefined])[] = [];
      for (let notch = 0; notch < 40; notch += 1) {
        const key = notch % 12 < 6 ? 'ArrowDown' : 'ArrowUp';
        group.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        for (let frame = 0; frame < 3; frame += 1) {
          await afterFrame();
          const words = group.querySelector('.corner.lower-left b')?.textContent;
          frames.push([window.readCode(group)?.slice, words]);
        }
      }
      return frames;
    });
    expect(new Set(seen.map(([slice]) => slice)).size).toBeGreaterThan(4);
    expect(seen.filter(([slice, words]) => String(slice) !== words)).toEqual([]);
  });

  test('cine plays, pauses and comes round; a series whose images cannot be had says so and is asked again', async () => {
    const { page } = await opened(`study=${phantomStudyUid(3)}`);
    await painted(page);
    const slice = (): Promise<number> =>
      page.evaluate(() => Number(document.querySelector<HTMLElement>('.viewport')?.dataset.slice));
    await page.keyboard.press('End');
    await page.keyboard.press('c');
    await page.waitForFunction(() => document.querySelector<HTMLElement>('.viewport')?.dataset.slice === '2');
    await page.keyboard.press('c');
    // The slice that was on its way when the key was pressed may still come; after it none does.
    await expect
      .poll(
        async () => {
          const paused = await slice();
          await page.waitForTimeout(400);
          return (await slice()) === paused;
        },
        { timeout: 10_000 },
      )
      .toBe(true);

    const answer = archive.answer;
    let refuse = true;
    Object.assign(archive, {
      answer: (path: string) =>
        refuse && !/metadata$|series$/.test(path) ? Promise.resolve(new Response('', { status: 404 })) : answer(path),
    });
    try {
      await page.evaluate((uid) => window.probe.open(uid), phantomStudyUid(4));
      await page.waitForSelector('.viewport-words.problem');
      expect(await page.textContent('.viewport-words.problem')).toContain(
        'The archive did not give an image: it answered 404',
      );
      refuse = false;
      await page.waitForTimeout(500);
      await page.click('.viewport-words.problem button');
      await painted(page);
    } finally {
      Object.assign(archive, { answer });
    }
    expect(await page.evaluate(() => window.probe.errors)).toEqual([]);
  });

  test('without isolation (no COOP, no COEP) the images are the same', async () => {
    const { page } = await opened(`study=${phantomStudyUid(4)}`, { isolated: false });
    await painted(page);
    expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(false);
    await page.evaluate(watchCanvas);
    await page.keyboard.press('End');
    // The slice before stays, named as what it is, until the wanted one is there.
    await expect
      .poll(() => page.evaluate(() => window.readCode(document.querySelector('.viewport') ?? document.body)), {
        timeout: 20_000,
      })
      .toEqual({ study: 4, series: 1, slice: slices, corner: true });
    expect(await page.evaluate(() => window.probe.errors)).toEqual([]);
  });

  test('an archive that refuses is told in words within the page, and asking again brings the images', async () => {
    const { page, served: server } = await opened('');
    const answer = archive.answer;
    let refuse = true;
    Object.assign(archive, {
      answer: (path: string) => (refuse ? Promise.resolve(new Response('no room', { status: 503 })) : answer(path)),
    });
    try {
      await page.evaluate((uid) => window.probe.open(uid), phantomStudyUid(1));
      await page.waitForSelector('.viewer-problems');
      expect(await page.textContent('.viewer-problems')).toContain(
        'does not answer now for the list of series (no room)',
      );
      refuse = false;
      await page.click('.viewer-problems button');
      await painted(page);
    } finally {
      Object.assign(archive, { answer });
    }
    expect(server.asked.length).toBeGreaterThan(2);
  });

  test('a series cut short is made whole: what did not come is asked for again', async () => {
    const { page } = await opened('');
    const answer = archive.answer;
    Object.assign(archive, {
      answer: async (path: string) => {
        const response = await answer(path);
        if (response === null || !/\/series\/[^/]+$/.test(path)) return response;
        const body = await response.arrayBuffer();
        return new Response(body.slice(0, body.byteLength * 0.6), { headers: response.headers });
      },
    });
    try {
      await page.evaluate((uid) => window.probe.open(uid), phantomStudyUid(2));
      await painted(page);
      await page.waitForFunction(() => window.probe.imaging.figures().bytes === 2 * 9 * 256 * 256 * 2, undefined, {
        timeout: 15_000,
      });
    } finally {
      Object.assign(archive, { answer });
    }
    expect(await page.evaluate(() => window.probe.errors)).toEqual([]);
  });
});

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { CaseImages, SeriesImages } from '../../renderer/imaging/index.ts';
import { buildImagingPage, type ImagingPage, serveImagingPage } from '../imaging-page/serve.ts';
import type { StaticDicomweb } from '../servers/static-dicomweb/index.ts';

const executablePath = '/usr/bin/chromium';
export const hasChromium = existsSync(executablePath);
const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-swiftshader',
];

/** A frame as the page decoded it: the digest of its values as 32-bit integers, or why there is none. */
export type DecodedByPage = {
  readonly instanceUid: string;
  /** 1-based. */
  readonly frame: number;
  readonly colour: boolean;
  /** SHA-256 in hex; empty where the frame failed. */
  readonly digest: string;
  readonly words: string;
};

/** How a drawn frame differs from what it should show. `most` is the largest difference in greys of 255. */
export type DrawnByPage = {
  readonly instanceUid: string;
  readonly frame: number;
  readonly most: number;
  readonly wrong: number;
  readonly pixels: number;
  readonly words: string;
};

export type GoldenPage = {
  readonly page: Page;
  /** Opens a study: all frames of all its series, decoded by the page's own workers. What follows is asked of this study. */
  open(archive: string, studyUid: string): Promise<readonly DecodedByPage[]>;
  /** Values of one frame. */
  values(wanted: Wanted): Promise<Int32Array>;
  /**
   * Draws one frame at one screen pixel per image pixel and compares each with the grey that `greys` gives its stored value (the first
   * for `lowest`). `window` is the reader's own, null the image's.
   */
  draw(
    wanted: Wanted,
    greys: { readonly lowest: number; readonly levels: readonly number[] },
    window?: { readonly center: number; readonly width: number } | null,
  ): Promise<DrawnByPage>;
  errors(): Promise<readonly string[]>;
  close(): Promise<void>;
};

/** The product's engine in Chromium under its own policy, with the archives beside it. */
export async function openGoldenPage(
  archives: Readonly<Record<string, StaticDicomweb>>,
  drawBy: 'cpu' | 'gpu',
): Promise<GoldenPage> {
  const folder = await mkdtemp(join(tmpdir(), 'overread-golden-'));
  await buildImagingPage(join(folder, 'page'));
  const served: ImagingPage = await serveImagingPage(join(folder, 'page'), archives);
  const browser: Browser = await chromium.launch({ executablePath, args: flags });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${served.origin}/?draw=${drawBy}`);
  return {
    page,
    async open(archive, studyUid) {
      await page.evaluate(openInPage, { archive, studyUid });
      return page.evaluate(decodeInPage);
    },
    async values(wanted) {
      const base64 = await page.evaluate(valuesInPage, wanted);
      const bytes = Buffer.from(base64, 'base64');
      return new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    },
    draw: (wanted, greys, window = null) => page.evaluate(drawInPage, { ...wanted, ...greys, window }),
    errors: () => page.evaluate(() => window.probe.errors),
    async close() {
      await browser.close();
      await served.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Study = { readonly archive: string; readonly studyUid: string };
type Wanted = { readonly instanceUid: string; readonly frame: number };
declare global {
  interface Window {
    /** The study that the golden checks hold open. */
    golden?: Study & { readonly images: CaseImages; readonly series: readonly SeriesImages[] };
  }
}

/** Opens a study once; `close` only when another is wanted, so that a study of hundreds of images is described once. */
async function openInPage({ archive, studyUid }: Study): Promise<void> {
  if (window.golden?.archive === archive && window.golden.studyUid === studyUid) return;
  const { imaging } = window.probe;
  window.probe.open(null);
  window.probe.open(studyUid, null, archive);
  const context = window.probe.lastContext;
  if (context === null) throw new Error('no case');
  const study = await imaging.loadStudy(context, archive, studyUid, { signal: new AbortController().signal });
  if (!study.ok) throw new Error(study.error.words);
  const images = imaging.images(context.epoch);
  if (images === null) throw new Error('closed');
  window.golden = { archive, studyUid, images, series: study.value.series };
}

async function decodeInPage(): Promise<DecodedByPage[]> {
  const { images, series: all } = window.golden ?? { series: [] };
  const found: DecodedByPage[] = [];
  for (const series of all) {
    images?.stream(series, 'front');
    for (const reference of series.frames) {
      const state = await images?.want(series, reference);
      const { instanceUid, frame } = reference;
      if (state?.kind !== 'loaded') {
        const words = state === undefined ? 'closed' : state.failure.words;
        found.push({ instanceUid, frame, colour: false, digest: '', words });
        continue;
      }
      const hash = await crypto.subtle.digest('SHA-256', Int32Array.from(state.frame.pixels));
      const digest = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      found.push({ instanceUid, frame, colour: state.frame.colour, digest, words: '' });
    }
  }
  return found;
}

async function valuesInPage({ instanceUid, frame }: Wanted): Promise<string> {
  for (const series of window.golden?.series ?? []) {
    const reference = series.frames.find((one) => one.instanceUid === instanceUid && one.frame === frame);
    if (reference === undefined) continue;
    const state = await window.golden?.images.want(series, reference);
    if (state?.kind !== 'loaded') throw new Error(state?.failure.words ?? 'closed');
    const bytes = new Uint8Array(Int32Array.from(state.frame.pixels).buffer);
    let text = '';
    for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
    return btoa(text);
  }
  throw new Error('no such frame');
}

async function drawInPage(
  wanted: Wanted & {
    readonly lowest: number;
    readonly levels: readonly number[];
    readonly window: { readonly center: number; readonly width: number } | null;
  },
): Promise<DrawnByPage> {
  const { instanceUid, frame, lowest, levels } = wanted;
  const { imaging } = window.probe;
  const none = { instanceUid, frame, most: 255, wrong: 0, pixels: 0 };
  const opened = window.golden;
  if (opened === undefined) return { ...none, words: 'no study' };
  const { images } = opened;
  const series = opened.series.find((one) => one.frames.some((each) => each.instanceUid === instanceUid));
  const index = series?.frames.findIndex((one) => one.instanceUid === instanceUid && one.frame === frame) ?? -1;
  const reference = series?.frames[index];
  if (series === undefined || reference === undefined) return { ...none, words: 'no such frame' };
  const element = document.createElement('div');
  const { rows, columns } = reference.description;
  element.style.cssText = `position:fixed;left:0;top:0;z-index:9;width:${columns}px;height:${rows}px`;
  document.body.append(element);
  let handle: ReturnType<typeof imaging.openViewport> | undefined;
  try {
    const painted = await new Promise<string>((resolve) => {
      setTimeout(() => resolve('it was not painted within 20 seconds'), 20_000);
      handle = imaging.openViewport(element, (state) => {
        if (state.problem !== null) resolve(state.problem);
        else if (state.painted) resolve('');
      });
      handle.show(images, series, index);
    });
    if (painted !== '') return { ...none, words: painted };
    if (wanted.window !== null) handle?.setWindow(wanted.window);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const stored = handle?.current()?.frame.pixels;
    const canvas = element.querySelector('canvas');
    const drawn = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
    if (stored === undefined || drawn === undefined) return { ...none, words: 'nothing is drawn' };
    if (drawn.width !== columns || drawn.height !== rows)
      return { ...none, words: `the canvas is ${drawn.width} by ${drawn.height}` };
    let most = 0;
    let wrong = 0;
    for (let at = 0; at < stored.length; at += 1) {
      const apart = Math.abs((drawn.data[at * 4] ?? 0) - (levels[(stored[at] ?? 0) - lowest] ?? 0));
      if (apart > most) most = apart;
      if (apart > 1) wrong += 1;
    }
    return { instanceUid, frame, most, wrong, pixels: stored.length, words: '' };
  } finally {
    handle?.close();
    element.remove();
  }
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import dicomParser from 'dicom-parser';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toRgba } from '../../renderer/imaging/colour.ts';
import { type InstancePixels, readInstance } from '../../renderer/imaging/part10.ts';
import { type StaticDicomweb, staticDicomweb } from '../servers/static-dicomweb/index.ts';
import { element } from './phantom.ts';
import { buildImagingPage, type ImagingPage, serveImagingPage } from './serve.ts';

const run = promisify(execFile);
const shared = process.env.OVERREAD_TEST_DATA ?? '../shared/data';
const executablePath = '/usr/bin/chromium';
const flags =
  '--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --enable-unsafe-swiftshader'.split(
    ' ',
  );

/** Studies that hold nothing to look at; the series panel names them instead. */
const notImages = /ecg-waveform|gsps-with-cr|kos-manifest|pdf-encapsulated|seg-liver|sr-(ihe|offis|tid1500-dwv)/;

type Shown = { readonly painted: string; readonly words: string; readonly series: readonly string[] };

/** The study as the viewer shows it once it has settled. */
async function shown(page: Page, archive: string, studyUid: string): Promise<Shown> {
  await page.evaluate(([uid = '', name = '']) => window.probe.open(uid, null, name), [studyUid, archive]);
  await page
    .waitForFunction(
      () => {
        const viewport = document.querySelector<HTMLElement>('[aria-label="Viewport 1"]');
        const words = viewport?.querySelector('.viewport-words')?.textContent ?? '';
        return viewport?.dataset.painted === 'true' || (words !== '' && !/^Asking|of \d+ images$/.test(words));
      },
      undefined,
      { timeout: 20_000 },
    )
    .catch(() => undefined);
  return page.evaluate(() => {
    const viewport = document.querySelector<HTMLElement>('[aria-label="Viewport 1"]');
    return {
      painted: viewport?.dataset.painted ?? 'none',
      words: viewport?.querySelector('.viewport-words')?.textContent ?? '',
      series: [...document.querySelectorAll('.series-panel li')].map((item) => item.textContent ?? ''),
    };
  });
}

/** The first frame as the page decoded it. */
async function decoded(
  page: Page,
  archive: string,
  studyUid: string,
): Promise<{ colour: boolean; pixels: Int32Array } | string> {
  const answer = await page.evaluate(
    async ([uid = '', name = '']) => {
      const { imaging } = window.probe;
      window.probe.open(uid, null, name);
      const context = window.probe.lastContext;
      if (context === null) return 'no case';
      const study = await imaging.loadStudy(context, name, uid, { signal: new AbortController().signal });
      if (!study.ok) return study.error.words;
      const series = study.value.series.find((one) => one.frames.length > 0);
      const reference = series?.frames[0];
      if (series === undefined || reference === undefined) return 'no image';
      const state = await imaging.images(context.epoch)?.want(series, reference);
      if (state === undefined) return 'closed';
      if (state.kind === 'failed') return state.failure.words;
      const values = Int32Array.from(state.frame.pixels);
      let text = '';
      const bytes = new Uint8Array(values.buffer);
      for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
      return { colour: state.frame.colour, base64: btoa(text) };
    },
    [studyUid, archive],
  );
  if (typeof answer === 'string') return answer;
  const bytes = Buffer.from(answer.base64, 'base64');
  return {
    colour: answer.colour,
    pixels: new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
  };
}

/** The same frame by dcmtk, which shares no code with us: uncompressed by its tools, read as plain numbers. */
async function byDcmtk(file: string, folder: string): Promise<{ colour: boolean; pixels: Int32Array }> {
  const out = join(folder, 'reference.dcm');
  const syntax = syntaxOf(new Uint8Array(await readFile(file)));
  const tool =
    syntax === '1.2.840.10008.1.2.5'
      ? 'dcmdrle'
      : /4\.8[01]$/.test(syntax)
        ? 'dcmdjpls'
        : /4\.(5|7)\d$/.test(syntax)
          ? 'dcmdjpeg'
          : 'dcmconv';
  await run(tool, ['+te', file, out]);
  const read = readInstance(new Uint8Array(await readFile(out)));
  if (!read.ok) throw new Error(read.failure.words);
  return plain(read.value);
}

function syntaxOf(bytes: Uint8Array): string {
  const read = readInstance(bytes);
  return read.ok ? read.value.transferSyntax : '';
}

function plain(value: InstancePixels): { colour: boolean; pixels: Int32Array } {
  const [bytes] = value.frames;
  if (bytes === undefined) throw new Error('no frame');
  const { rows, columns, samplesPerPixel, planar, photometric, bitsAllocated, bitsStored, signed } = value.description;
  if (samplesPerPixel === 3) {
    const rgba = toRgba(bytes, rows * columns, planar === 1 ? 'plane' : 'pixel', photometric.startsWith('YBR_FULL'));
    return { colour: true, pixels: Int32Array.from(rgba) };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pixels = Int32Array.from({ length: rows * columns }, (_, at) => {
    const raw = bitsAllocated === 8 ? view.getUint8(at) : view.getUint16(at * 2, true);
    const kept = raw & (2 ** bitsStored - 1);
    return signed && kept >= 2 ** (bitsStored - 1) ? kept - 2 ** bitsStored : kept;
  });
  return { colour: false, pixels };
}

function difference(
  one: Int32Array,
  other: Int32Array,
): { readonly most: number; readonly mean: number; readonly bias: number } {
  let most = 0;
  let sum = 0;
  let signed = 0;
  for (let at = 0; at < one.length; at += 1) {
    const apart = Math.abs((one[at] ?? 0) - (other[at] ?? 0));
    most = Math.max(most, apart);
    sum += apart;
    signed += (one[at] ?? 0) - (other[at] ?? 0);
  }
  return { most, mean: sum / Math.max(1, one.length), bias: signed / Math.max(1, one.length) };
}

/** Some test images name no study, which no archive would hold: a copy of them is given one. */
async function withStudy(file: string, folder: string): Promise<string> {
  if (!file.includes('htj2k')) return file;
  const copy = join(folder, basename(file));
  const bytes = await readFile(file);
  const first = dicomParser.parseDicom(bytes).elements.x00280002;
  if (first === undefined) throw new Error(`${file} is not as expected`);
  const at = first.dataOffset - 8;
  const uids = [element(0x20, 0x0d, 'UI', '1.2.3.99'), element(0x20, 0x0e, 'UI', '1.2.3.99.1')];
  await writeFile(copy, Buffer.concat([bytes.subarray(0, at), ...uids, bytes.subarray(at)]));
  return copy;
}

const here = existsSync(join(shared, 'dicom')) && existsSync(executablePath);
if (!here) console.warn(`Skipped: no shared sample data under ${shared}, or no Chromium`);

describe.skipIf(!here)('the shared sample data in Chromium', () => {
  let folder = '';
  let browser: Browser;
  let served: ImagingPage;
  let page: Page;
  let studies: StaticDicomweb;
  /** Every file of the transfer syntaxes as an archive of its own: many are one image in different clothes. */
  const alone: Record<string, StaticDicomweb> = {};
  const fileOf: Record<string, string> = {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-shared-'));
    studies = await staticDicomweb([join(shared, 'dicom/studies')]);
    for (const area of ['dicom/transfer-syntaxes', 'malformed']) {
      const entries = await readdir(join(shared, area), { recursive: true, withFileTypes: true });
      for (const entry of entries.filter((one) => one.isFile())) {
        const file = await withStudy(join(entry.parentPath, entry.name), folder);
        const name = `${basename(entry.parentPath)}-${entry.name}`;
        alone[name] = await staticDicomweb([file]).catch(() => ({
          studies: [],
          files: () => [],
          answer: async () => null,
        }));
        fileOf[name] = join(entry.parentPath, entry.name);
      }
    }
    await buildImagingPage(join(folder, 'page'));
    served = await serveImagingPage(join(folder, 'page'), { ...alone, studies });
    browser = await chromium.launch({ executablePath, args: flags });
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${served.origin}/?draw=cpu`);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('every study with images is painted; every other says what it holds', async () => {
    const bad: string[] = [];
    for (const studyUid of studies.studies) {
      const files = studies.files(studyUid);
      const name = files[0]?.file ?? '';
      const result = await shown(page, 'studies', studyUid);
      const images = files.some((one) => one.metadata['00280010'] !== undefined && !notImages.test(one.file));
      if (images && result.painted !== 'true') bad.push(`${name}: ${JSON.stringify(result)}`);
      if (!images && (result.painted === 'true' || !result.series.some((words) => words.includes('Not an image')))) {
        bad.push(`${name}: ${JSON.stringify(result)}`);
      }
    }
    expect(studies.studies.length).toBeGreaterThan(25);
    expect(bad).toEqual([]);
    expect(await page.evaluate(() => window.probe.errors)).toEqual([]);
  }, 300_000);

  test('pixels of every transfer syntax are those that dcmtk decodes', async () => {
    const table: Record<string, string> = {};
    for (const [name, archive] of Object.entries(alone)) {
      const file = fileOf[name] ?? '';
      const [studyUid] = archive.studies;
      if (!file.includes('transfer-syntaxes') || studyUid === undefined) continue;
      const syntax = syntaxOf(new Uint8Array(await readFile(file)));
      if (/4\.(9\d|20\d)$/.test(syntax) || name.includes('Palette')) continue;
      const own = await decoded(page, name, studyUid);
      if (typeof own === 'string') {
        table[name] = own;
        continue;
      }
      const reference = await byDcmtk(file, folder);
      const { most, mean } = difference(own.pixels, reference.pixels);
      // JPEG's inverse transform may round either way; between colours also the way chroma is enlarged.
      const lossy = /4\.5[01]$/.test(syntax);
      const fits = own.pixels.length === reference.pixels.length && (lossy ? mean < (own.colour ? 3 : 1) : most === 0);
      table[name] = fits
        ? 'same'
        : `differs: most ${most}, mean ${mean}, ${own.pixels.length} of ${reference.pixels.length}`;
    }
    expect(Object.keys(table).length).toBeGreaterThan(18);
    expect(Object.entries(table).filter(([, verdict]) => verdict !== 'same')).toEqual([]);
  }, 300_000);

  test('JPEG 2000 and HTJ2K, which dcmtk does not decode, agree with their uncompressed twins', async () => {
    const pixels = async (name: string): Promise<Int32Array> => {
      const own = await decoded(page, name, alone[name]?.studies[0] ?? '');
      if (typeof own === 'string') throw new Error(`${name}: ${own}`);
      return own.pixels;
    };
    expect(difference(await pixels('wg04-CT1_J2KR.dcm'), await pixels('wg04-CT1_UNC.dcm')).most).toBe(0);
    expect(difference(await pixels('wg04-US1_J2KR.dcm'), await pixels('wg04-US1_UNC.dcm')).most).toBe(0);
    // Strongly compressed: noise is smoothed, but nothing is brighter or darker on the whole.
    expect(Math.abs(difference(await pixels('wg04-CT1_J2KI.dcm'), await pixels('wg04-CT1_UNC.dcm')).bias)).toBeLessThan(
      0.5,
    );
    expect(
      difference(await pixels('htj2k-HTJ2KLossless_08_RGB.dcm'), await pixels('htj2k-HTJ2K_08_RGB.dcm')).mean,
    ).toBeLessThan(4);
  }, 60_000);

  test('malformed objects are told in words, and the next study opens as if nothing had been', async () => {
    const bad: string[] = [];
    const [good = ''] = studies.studies;
    for (const [name, archive] of Object.entries(alone)) {
      if (!(fileOf[name] ?? '').includes('malformed')) continue;
      const result = await shown(page, name, archive.studies[0] ?? '1.2.3');
      if (result.painted !== 'true' && result.words === '') bad.push(`${name}: ${JSON.stringify(result)}`);
    }
    expect(bad).toEqual([]);
    expect((await shown(page, 'studies', good)).painted).toBe('true');
    expect(await page.evaluate(() => window.probe.errors)).toEqual([]);
  }, 300_000);
});

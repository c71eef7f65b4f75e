import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoStudy, demoInstances, generateDemoDay } from '../../electron/host/demo/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { buildImagingPage, type ImagingPage, serveImagingPage } from './serve.ts';

const executablePath = '/usr/bin/chromium';
/** 1,000 in the ordinary run; `SCALE=50` makes 50,000 (npm run test:long). */
const mutants = 1_000 * Number(process.env.SCALE ?? '1');
const inOneGo = 50;
const seed = Number(process.env.SEED ?? '20261129');

/** mulberry32: the same seed makes the same mutants. */
function dice(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One to eight changes: bytes, lengths that lie, pieces that are cut, repeated or written over. Header and pixels alike. */
function mutated(source: Uint8Array, random: () => number): Buffer {
  let bytes: Buffer = Buffer.from(source);
  const at = (): number => Math.floor(random() ** 2 * bytes.length);
  for (let change = 1 + Math.floor(random() * 8); change > 0; change -= 1) {
    const place = Math.max(132, at());
    switch (Math.floor(random() * 6)) {
      case 0:
        bytes[Math.min(place, bytes.length - 1)] = Math.floor(random() * 256);
        break;
      case 1:
        if (place + 4 < bytes.length) bytes.writeUInt32LE(Math.floor(random() * 2 ** 32), place);
        break;
      case 2:
        if (place + 2 < bytes.length) bytes.writeUInt16LE(random() < 0.5 ? 0xffff : 0, place);
        break;
      case 3:
        bytes = Buffer.from(bytes.subarray(0, Math.max(140, place)));
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place, place + 64), bytes.subarray(place)]);
        break;
      default:
        bytes.fill(Math.floor(random() * 256), place, Math.min(bytes.length, place + 32));
    }
  }
  return bytes;
}

describe.skipIf(!existsSync(executablePath))('objects that were damaged, at the page’s own decoders', () => {
  let folder: string;
  let served: ImagingPage;
  let browser: Browser;
  let page: Page;
  const sources: { readonly studyUid: string; readonly bytes: Uint8Array }[] = [];
  beforeAll(async () => {
    const day = generateDemoDay({ now: instant(Date.UTC(2026, 10, 29)), seed: 7 });
    // One object of each way in which the demo packs its pixels, the smallest: a thousand of each go to the page and back.
    const sizeOf = ({ series: [first] }: DemoStudy): number =>
      (first?.width ?? 0) * (first?.height ?? 0) * (first?.instances[0]?.frames ?? 1);
    const smallest = new Map<string, DemoStudy>();
    for (const study of day.studies) {
      const known = smallest.get(study.transferSyntax);
      if (known === undefined || sizeOf(study) < sizeOf(known)) smallest.set(study.transferSyntax, study);
    }
    for (const study of smallest.values())
      for await (const bytes of demoInstances(study, { to: 1 })) sources.push({ studyUid: study.studyUid, bytes });
    folder = await mkdtemp(join(tmpdir(), 'overread-mutants-'));
    await buildImagingPage(join(folder, 'page'));
    served = await serveImagingPage(join(folder, 'page'), {});
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--enable-unsafe-swiftshader'],
    });
    page = await browser.newPage();
    await page.goto(`${served.origin}/?draw=cpu`);
  }, 900_000);
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test(`none of ${mutants} hangs the page or ends it, and the next whole one is decoded (SEED=${seed})`, async () => {
    const random = dice(seed);
    const tally = new Map<string, number>();
    expect(sources.length).toBeGreaterThan(3);
    for (let done = 0; done < mutants; done += inOneGo) {
      const batch = Array.from({ length: inOneGo }, (_, place) => {
        const { studyUid, bytes } = sources[(done + place) % sources.length] as (typeof sources)[number];
        return { studyUid, base64: mutated(bytes, random).toString('base64') };
      });
      const found = await page.evaluate((objects) => window.probe.decodeAlone(objects), batch);
      expect(found.length).toBe(inOneGo);
      for (const one of found) tally.set(one, (tally.get(one) ?? 0) + 1);
      // A long run is watched.
      if ((done + inOneGo) % 5_000 === 0)
        console.log(`${done + inOneGo} mutants: ${JSON.stringify(Object.fromEntries(tally))}`);
    }
    console.log(`mutants: ${JSON.stringify(Object.fromEntries(tally))}`);
    const whole = await page.evaluate(
      (objects) => window.probe.decodeAlone(objects),
      sources.map(({ studyUid, bytes }) => ({ studyUid, base64: Buffer.from(bytes).toString('base64') })),
    );
    expect(new Set(whole)).toEqual(new Set(['image']));
    expect(await page.evaluate(() => window.probe.errors)).toEqual([]);
  }, 3_600_000);
});

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { type MadeStudy, sliceFrame } from './made-studies.ts';
import type { BenchStudy } from './studies.ts';

/** Milliseconds that this Chromium needs to read a whole series of the archive and throw it away: no proxy, no page, no viewer. */
export async function streamTime(page: Page, archive: string, study: BenchStudy): Promise<number> {
  const [seriesUid] = [...study.series.keys()];
  const { origin, pathname } = new URL(archive);
  if (new URL(page.url()).origin !== origin) await page.goto(`${origin}/system`);
  const { time, bytes } = await page.evaluate(async (path) => {
    const begun = performance.now();
    const answer = await fetch(path, {
      headers: { Accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' },
      cache: 'no-store',
    });
    const reader = answer.body?.getReader();
    let came = 0;
    for (;;) {
      const next = await reader?.read();
      if (next === undefined || next.done) break;
      came += next.value.length;
    }
    return { time: performance.now() - begun, bytes: came };
  }, `${pathname}/studies/${study.studyUid}/series/${seriesUid}`);
  if (bytes < 100_000) throw new Error(`the archive streamed ${bytes} bytes of ${study.name}`);
  return time;
}

/** Milliseconds that one worker of this Chromium takes for a JPEG-LS frame, its copies into and out of the decoder included. */
export async function decodeTime(page: Page, one: MadeStudy, frames: number): Promise<number> {
  const require = createRequire(import.meta.url);
  const script = await readFile(require.resolve('@cornerstonejs/codec-charls/decodewasmjs'), 'utf8');
  const wasm = await readFile(require.resolve('@cornerstonejs/codec-charls/decodewasm'));
  const encoded: string[] = [];
  for (let slice = 1; slice <= frames; slice += 1) {
    const pixels = await sliceFrame(one, slice * Math.max(1, Math.floor(one.slices / frames)));
    if (pixels.kind !== 'encapsulated') throw new Error('not a compressed study');
    encoded.push(...pixels.frames.map((frame) => Buffer.from(frame).toString('base64')));
  }
  return page.evaluate(
    ({ source, binary, list }) => {
      const work = `${source}
onmessage = async ({ data }) => {
  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const codec = await CharLSWASM({ wasmBinary: bytesOf(data.binary) });
  const frames = data.list.map(bytesOf);
  const once = () => {
    const begun = performance.now();
    let sum = 0;
    for (const frame of frames) {
      const decoder = new codec.JpegLSDecoder();
      decoder.getEncodedBuffer(frame.length).set(frame);
      decoder.decode();
      sum += decoder.getDecodedBuffer().slice().length;
      decoder.delete();
    }
    return { each: (performance.now() - begun) / frames.length, sum };
  };
  once();
  postMessage(once());
};`;
      return new Promise<number>((resolve, reject) => {
        const worker = new Worker(URL.createObjectURL(new Blob([work], { type: 'text/javascript' })));
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = ({ data }: MessageEvent<{ each: number; sum: number }>) => {
          worker.terminate();
          if (data.sum < 512 * 512 * 2 * list.length) reject(new Error('frames did not decode'));
          else resolve(data.each);
        };
        worker.postMessage({ binary, list });
      });
    },
    { source: script, binary: wasm.toString('base64'), list: encoded },
  );
}

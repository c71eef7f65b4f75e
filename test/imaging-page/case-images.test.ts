import { describe, expect, test } from 'vitest';
import { archiveRequests } from '../../renderer/imaging/archive-requests.ts';
import { type CaseImages, caseImages } from '../../renderer/imaging/case-images.ts';
import { frameStore } from '../../renderer/imaging/frame-store.ts';
import { type FetchSeries, type PixelWork, pixelJobs } from '../../renderer/imaging/pixel-job.ts';
import type { FromPixelWorker } from '../../renderer/imaging/pixel-messages.ts';
import { pixelPool } from '../../renderer/imaging/pixel-pool.ts';
import type { StudyImages } from '../../renderer/imaging/types.ts';
import type { CaseContext, TaskId } from '../../shared/domain/reading/index.ts';
import type { StudyUid } from '../../shared/domain/study/index.ts';
import {
  type PhantomSlice,
  phantomFile,
  phantomInstanceUid,
  phantomPixels,
  phantomSeriesUid,
  phantomStudyUid,
} from './phantom.ts';

/** A worker's very work in this thread: messages are copied and come later, as from a thread. */
function threadlessWorker(ask: FetchSeries): Worker {
  const worker = {
    onmessage: null as ((event: { data: FromPixelWorker }) => void) | null,
    onerror: null,
    postMessage: (message: PixelWork) => void take(structuredClone(message)),
    terminate: () => undefined,
  };
  const take = pixelJobs((message) => setTimeout(() => worker.onmessage?.({ data: message }), 1), ask);
  return worker as unknown as Worker;
}

const value = (vr: string, ...Value: unknown[]) => ({ vr, Value });

function metadata(one: PhantomSlice): object {
  return {
    '0020000D': value('UI', phantomStudyUid(one.study)),
    '0020000E': value('UI', phantomSeriesUid(one.study, one.series)),
    '00080018': value('UI', phantomInstanceUid(one)),
    '00080060': value('CS', 'CT'),
    '00200013': value('IS', one.slice),
    '00280010': value('US', 256),
    '00280011': value('US', 256),
    '00280100': value('US', 16),
  };
}

function parts(...files: Buffer[]): Uint8Array<ArrayBuffer> {
  const chunks = files.flatMap((file) => [
    Buffer.from('--b\r\nContent-Type: application/dicom\r\n\r\n'),
    file,
    Buffer.from('\r\n'),
  ]);
  return new Uint8Array(Buffer.concat([...chunks, Buffer.from('--b--\r\n')]));
}

type Answers = {
  readonly series?: () => Promise<Response>;
  readonly frame?: () => Promise<Response>;
  readonly instance?: () => Promise<Response>;
  /** What the list says of the series beside its name. */
  readonly listed?: object;
  readonly metadata?: () => Promise<Response>;
  readonly first?: PhantomSlice;
};
const multipart = (body: Uint8Array<ArrayBuffer>) =>
  new Response(body, { headers: { 'Content-Type': 'multipart/related; boundary=b' } });
const refused = () => Promise.resolve(new Response('', { status: 404 }));
const slices = [1, 2, 3].map((slice) => ({ study: 1, series: 1, slice }));

async function opened(
  answers: Answers,
  epoch = 5,
  likely: readonly string[] = [],
  onFirst?: (study: StudyImages, images: CaseImages) => void,
) {
  const paths: string[] = [];
  const headers: Record<string, string>[] = [];
  const signals: AbortSignal[] = [];
  const fetchArchive = (
    path: string,
    sent: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response> => {
    headers.push({ ...sent });
    paths.push(path);
    signals.push(signal);
    if (path.endsWith('/series'))
      return Promise.resolve(
        Response.json([{ '0020000E': value('UI', phantomSeriesUid(1, 1)), ...(answers.listed ?? {}) }]),
      );
    if (answers.first !== undefined && path.includes('/instances') && /limit=2$|\/metadata$/.test(path))
      return Promise.resolve(Response.json([metadata(answers.first)]));
    if (path.endsWith('/metadata') && answers.metadata !== undefined) return answers.metadata();
    if (path.endsWith('/metadata')) return Promise.resolve(Response.json(slices.map(metadata)));
    if (path.includes('/frames/')) return (answers.frame ?? refused)();
    if (path.includes('/instances/')) return (answers.instance ?? refused)();
    return (answers.series ?? refused)();
  };
  const context: CaseContext = {
    archive: 'pacs',
    studyUid: phantomStudyUid(1) as StudyUid,
    patientId: null,
    issuer: null,
    accession: null,
    orderId: null,
    taskId: 'task-1' as TaskId,
    epoch,
  };
  const store = frameStore(100_000_000, () => undefined);
  const worker = () => threadlessWorker(({ path, headers }, signal) => fetchArchive(path, headers, signal));
  const images = caseImages(context, store, pixelPool(2, worker));
  const study = await images.loadStudy(
    archiveRequests(fetchArchive, context, 'pacs', 'window-9'),
    'pacs',
    phantomStudyUid(1),
    new AbortController().signal,
    { likely, ...(onFirst === undefined ? {} : { onFirst: (first) => onFirst(first, images) }) },
  );
  const [series] = study.ok ? study.value.series : [];
  if (series === undefined) throw new Error('no series');
  return { images, store, series, headers, signals, paths, study: study.ok ? study.value : null };
}

/** An answer whose pieces a reader takes in memory of its own, so many bytes at once. */
function inPieces(body: Uint8Array<ArrayBuffer>, contentType: string, most: number): Response {
  let at = 0;
  const stream = new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const piece = body.slice(at, at + most);
      at += piece.length;
      if (piece.length > 0) controller.enqueue(piece);
      if (at === body.length) controller.close();
    },
  });
  return new Response(stream, { headers: { 'Content-Type': contentType } });
}

describe('the images of one opening of a case', () => {
  test('a series comes by one request, each slice with its own pixels, every request with the case', async () => {
    const { images, series, headers } = await opened({
      series: async () => multipart(parts(...slices.map(phantomFile))),
    });
    images.stream(series, 'front');
    for (const [index, reference] of series.frames.entries()) {
      const state = await images.want(series, reference);
      expect(state.kind === 'loaded' && [...state.frame.pixels]).toEqual([
        ...phantomPixels({ study: 1, series: 1, slice: index + 1 }),
      ]);
    }
    expect(
      headers.every(
        (one) =>
          one['Overread-Task'] === 'task-1' && one['Overread-Epoch'] === '5' && one['Overread-Window'] === 'window-9',
      ),
    ).toBe(true);
  });

  test.each([
    ['many parts', 'multipart/related; boundary=b', slices, parts(...slices.map(phantomFile))],
    [
      'one object alone',
      'application/dicom',
      slices.slice(0, 1),
      new Uint8Array(phantomFile(slices[0] as PhantomSlice)),
    ],
  ])(
    'pieces of a series that come in the same memory, one after the other, change no image that came before: %s',
    async (...told) => {
      const [, contentType, sent, body] = told;
      const { images, series } = await opened({ series: async () => inPieces(body, contentType, 7_001) });
      images.stream(series, 'front');
      const came = await Promise.all(
        series.frames.slice(0, sent.length).map((reference) => images.want(series, reference)),
      );
      for (const [index, state] of came.entries())
        expect(state.kind === 'loaded' && [...state.frame.pixels]).toEqual([
          ...phantomPixels({ study: 1, series: 1, slice: index + 1 }),
        ]);
    },
  );

  test('a series that is known to be there is described beside the list, once; one that the list has no more is none', async () => {
    const gone = phantomSeriesUid(1, 7);
    const { paths, study } = await opened({}, 5, [phantomSeriesUid(1, 1), gone]);
    const metadataOf = (seriesUid: string) => paths.findIndex((path) => path.endsWith(`/${seriesUid}/metadata`));
    expect(metadataOf(phantomSeriesUid(1, 1))).toBeLessThan(paths.findIndex((path) => path.endsWith('/series')));
    expect(paths.filter((path) => path.endsWith(`/${phantomSeriesUid(1, 1)}/metadata`))).toHaveLength(1);
    expect(metadataOf(gone)).toBeGreaterThanOrEqual(0);
    expect(study?.series.map((one) => [one.seriesUid, one.frames.length])).toEqual([[phantomSeriesUid(1, 1), 3]]);
    expect(study?.problems).toEqual([]);
  });

  test('one image is looked at while a large series is described; nothing else of it is asked for, and it counts once the others are there', async () => {
    const middle: PhantomSlice = { study: 1, series: 1, slice: 2 };
    let tellAll: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => {
      tellAll = resolve;
    });
    const looked: (readonly [number | undefined, number, string, readonly number[]])[] = [];
    const { images, series, paths } = await opened(
      {
        first: middle,
        listed: { '00080060': value('CS', 'CT'), '00201209': value('IS', 60) },
        metadata: () => waits.then(() => Response.json(slices.map(metadata))),
        series: async () => multipart(parts(...slices.map(phantomFile))),
        instance: async () => multipart(parts(phantomFile(middle))),
      },
      5,
      [],
      async (first, images) => {
        const [part] = first.series;
        const [reference] = part?.frames ?? [];
        if (part === undefined || reference === undefined) throw new Error('nothing to look at');
        images.stream(part, 'front');
        const state = await images.want(part, reference);
        await new Promise((resolve) => setTimeout(resolve, 50));
        looked.push([
          part.partOf,
          part.frames.length,
          reference.instanceUid,
          state.kind === 'loaded' ? [...state.frame.pixels] : [],
        ]);
        expect(images.progress(part)).toMatchObject({ loaded: 1, total: 60, state: 'waiting' });
        tellAll();
      },
    );
    expect(looked).toEqual([[60, 1, phantomInstanceUid(middle), [...phantomPixels(middle)]]]);
    expect(paths.filter((path) => path.endsWith(phantomSeriesUid(1, 1)))).toEqual([]);
    expect([series.partOf, series.frames.length]).toEqual([undefined, 3]);
    expect(images.progress(series)).toMatchObject({ loaded: 1, total: 3 });
    images.stream(series, 'front');
    await expect
      .poll(() => images.progress(series), { timeout: 5_000 })
      .toMatchObject({
        loaded: 3,
        failed: 0,
        state: 'complete',
      });
    for (const [index, reference] of series.frames.entries()) {
      const state = await images.want(series, reference);
      expect(state.kind === 'loaded' && [...state.frame.pixels]).toEqual([
        ...phantomPixels({ study: 1, series: 1, slice: index + 1 }),
      ]);
    }
  });

  test('one image that cannot be had by itself comes with its series', async () => {
    let tellAll: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => {
      tellAll = resolve;
    });
    const { images, series } = await opened(
      {
        first: { study: 1, series: 1, slice: 2 },
        listed: { '00080060': value('CS', 'CT'), '00201209': value('IS', 60) },
        metadata: () => waits.then(() => Response.json(slices.map(metadata))),
        series: async () => multipart(parts(...slices.map(phantomFile))),
      },
      5,
      [],
      async (first, images) => {
        const [part] = first.series;
        const [reference] = part?.frames ?? [];
        if (part === undefined || reference === undefined) throw new Error('nothing to look at');
        expect(await images.want(part, reference)).toMatchObject({ kind: 'failed', failure: { code: 'refused' } });
        tellAll();
      },
    );
    const [, reference] = series.frames;
    if (reference === undefined) throw new Error('no frame');
    images.stream(series, 'front');
    expect(await images.want(series, reference)).toMatchObject({ kind: 'loaded' });
    await expect
      .poll(() => images.progress(series), { timeout: 5_000 })
      .toMatchObject({ loaded: 3, failed: 0, state: 'complete' });
  });

  test('a description that comes before the one image is not overtaken by it', async () => {
    const firsts: StudyImages[] = [];
    const { study } = await opened(
      {
        first: { study: 1, series: 1, slice: 2 },
        listed: { '00080060': value('CS', 'CT'), '00201209': value('IS', 60) },
      },
      5,
      [],
      (first) => firsts.push(first),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(study?.series[0]?.frames).toHaveLength(3);
    expect(firsts).toEqual([]);
  });

  test('an answer that comes after the case was closed is dropped, and its requests are ended', async () => {
    let release: (response: Response) => void = () => undefined;
    const late = new Promise<Response>((resolve) => {
      release = resolve;
    });
    const { images, series, store, signals } = await opened({ series: () => late, frame: () => late });
    images.stream(series, 'front');
    const [reference] = series.frames;
    if (reference === undefined) throw new Error('no frame');
    const wanted = images.want(series, reference);
    images.close();
    release(multipart(parts(...slices.map(phantomFile))));
    expect(await wanted).toMatchObject({ kind: 'failed', failure: { code: 'cancelled' } });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(store.bytes()).toBe(0);
    expect(signals.slice(2).every((signal) => signal.aborted)).toBe(true);
    expect(await images.want(series, reference)).toMatchObject({ kind: 'failed' });
  });

  test('images of another study in the archive’s answer never become images of this one', async () => {
    const foreign = slices.map((one) => phantomFile({ ...one, study: 2 }));
    const { images, series } = await opened({
      series: async () => multipart(parts(...foreign)),
      instance: async () => multipart(parts(phantomFile({ study: 2, series: 1, slice: 1 }))),
    });
    images.stream(series, 'front');
    for (const reference of series.frames) {
      const state = await images.want(series, reference);
      expect(state.kind).toBe('failed');
    }
  });

  test('another instance than the one asked for is thrown away, and that is said', async () => {
    const { images, series } = await opened({
      instance: async () => multipart(parts(phantomFile({ study: 1, series: 1, slice: 3 }))),
    });
    const [reference] = series.frames;
    if (reference === undefined) throw new Error('no frame');
    const state = await images.want(series, reference);
    expect(state.kind === 'failed' && state.failure.code).toBe('not-the-image-asked-for');
  });

  test('a series of another epoch is not served, even where its study is the same', async () => {
    const before = await opened({ series: async () => multipart(parts(...slices.map(phantomFile))) }, 5);
    const after = await opened({ series: async () => multipart(parts(...slices.map(phantomFile))) }, 6);
    const [reference] = before.series.frames;
    if (reference === undefined) throw new Error('no frame');
    expect(await after.images.want(before.series, reference)).toMatchObject({
      kind: 'failed',
      failure: { code: 'cancelled' },
    });
    expect(reference.imageId).not.toBe(after.series.frames[0]?.imageId);
  });

  test('frames that a cut series did not bring come one by one', async () => {
    const whole = parts(...slices.map(phantomFile));
    const one = (slice: number) => multipart(parts(phantomFile({ study: 1, series: 1, slice })));
    let asked = 0;
    const { images, series } = await opened({
      series: async () => multipart(whole.slice(0, whole.length * 0.5)),
      instance: async () => {
        asked += 1;
        return one(asked + 1);
      },
    });
    images.stream(series, 'front');
    const end = Date.now() + 5_000;
    while (
      images.progress(series).state !== 'complete' &&
      images.progress(series).state !== 'incomplete' &&
      Date.now() < end
    ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(images.progress(series)).toMatchObject({ loaded: 3, total: 3, failed: 0, state: 'complete' });
  });
});

import { describe, expect, test } from 'vitest';
import { archiveRequests } from '../../renderer/imaging/archive-requests.ts';
import { caseImages } from '../../renderer/imaging/case-images.ts';
import { frameStore } from '../../renderer/imaging/frame-store.ts';
import { type PixelWork, pixelJobs } from '../../renderer/imaging/pixel-job.ts';
import type { FromPixelWorker } from '../../renderer/imaging/pixel-messages.ts';
import { pixelPool } from '../../renderer/imaging/pixel-pool.ts';
import type { CaseContext, TaskId } from '../../shared/domain/reading/index.ts';
import type { StudyUid } from '../../shared/domain/study/index.ts';
import { type PhantomSlice, phantomFile, phantomInstanceUid, phantomSeriesUid, phantomStudyUid } from './phantom.ts';

type Ask = (path: string) => Promise<Response>;

function threadlessWorker(ask: Ask): Worker {
  const worker = {
    onmessage: null as ((event: { data: FromPixelWorker }) => void) | null,
    onerror: null,
    postMessage: (message: PixelWork) => void take(structuredClone(message)),
    terminate: () => undefined,
  };
  const take = pixelJobs(
    (message) => setTimeout(() => worker.onmessage?.({ data: message }), 1),
    ({ path }) => ask(path),
  );
  return worker as unknown as Worker;
}

const value = (vr: string, ...Value: unknown[]) => ({ vr, Value });
const study = phantomStudyUid(1);
const slices: readonly PhantomSlice[] = [1, 2, 3].map((slice) => ({ study: 1, series: 1, slice }));
const noteSeries = `${study}.900`;

const image = (one: PhantomSlice) => ({
  '0020000D': value('UI', study),
  '0020000E': value('UI', phantomSeriesUid(1, 1)),
  '00080018': value('UI', phantomInstanceUid(one)),
  '00080060': value('CS', 'CT'),
  '00200013': value('IS', one.slice),
  '00280010': value('US', 256),
  '00280011': value('US', 256),
  '00280100': value('US', 16),
});
const note = (code: string, instanceUid: string) => ({
  '00080016': value('UI', '1.2.840.10008.5.1.4.1.1.88.59'),
  '00080018': value('UI', `${noteSeries}.1`),
  '00080060': value('CS', 'KO'),
  '0020000D': value('UI', study),
  '0020000E': value('UI', noteSeries),
  '0040A043': value('SQ', { '00080100': value('SH', code), '00080102': value('SH', 'DCM') }),
  '0040A375': value('SQ', {
    '00081115': value('SQ', { '00081199': value('SQ', { '00081155': value('UI', instanceUid) }) }),
  }),
});

const part = (one: PhantomSlice): Response =>
  new Response(
    new Uint8Array(
      Buffer.concat([
        Buffer.from('--b\r\nContent-Type: application/dicom\r\n\r\n'),
        phantomFile(one),
        Buffer.from('\r\n--b--\r\n'),
      ]),
    ),
    { headers: { 'Content-Type': 'multipart/related; boundary=b' } },
  );

/** An archive of three slices that may hold a rejection note, or get one later. */
function site() {
  const asked: string[] = [];
  const notes: object[] = [];
  const context: CaseContext = {
    archive: 'pacs',
    studyUid: study as StudyUid,
    patientId: null,
    issuer: null,
    accession: null,
    orderId: null,
    taskId: 'task-1' as TaskId,
    epoch: 3,
  };
  const ask: Ask = async (path) => {
    asked.push(path);
    const row = (uid: string, modality: string) => ({
      '0020000E': value('UI', uid),
      '00080060': value('CS', modality),
    });
    if (path.endsWith('/series'))
      return Response.json([row(phantomSeriesUid(1, 1), 'CT'), ...(notes.length === 0 ? [] : [row(noteSeries, 'KO')])]);
    if (path.includes(`${noteSeries}/metadata`)) return Response.json(notes);
    if (path.endsWith('/metadata')) return Response.json(slices.map(image));
    const wanted = slices.find((one) => path.endsWith(`/instances/${phantomInstanceUid(one)}`));
    return wanted === undefined ? new Response('', { status: 404 }) : part(wanted);
  };
  const requests = archiveRequests(ask, context, 'pacs', 'window-1');
  const store = frameStore(100_000_000, () => undefined);
  const images = caseImages(
    context,
    store,
    pixelPool(2, () => threadlessWorker(ask)),
  );
  const load = async (withQuality = false) => {
    const answer = await images.loadStudy(requests, 'pacs', study, new AbortController().signal, {
      withQualityRejected: withQuality,
    });
    if (!answer.ok) throw new Error(answer.error.words);
    const series = answer.value.series.find((one) => one.modality === 'CT');
    if (series === undefined) throw new Error('no series');
    return { study: answer.value, series };
  };
  return { asked, notes, images, store, requests, load };
}
const [, second] = slices;
if (second === undefined) throw new Error('no slice');
const rejectedUid = phantomInstanceUid(second);
const signal = new AbortController().signal;

describe('images that a site has rejected', () => {
  test.each(['113037', '113038', '113039'])('under %s are neither listed nor asked for', async (code) => {
    const { asked, notes, images, load } = site();
    notes.push(note(code, rejectedUid));
    const { study: opened, series } = await load(true);
    expect(series.frames).toHaveLength(2);
    expect(opened.rejections).toEqual([expect.stringContaining('not shown')]);
    images.stream(series, 'front');
    for (const reference of series.frames) expect((await images.want(series, reference)).kind).toBe('loaded');
    const end = Date.now() + 5_000;
    while (images.progress(series).state !== 'complete' && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(images.progress(series)).toMatchObject({ loaded: 2, total: 2, failed: 0 });
    expect(asked.filter((path) => path.includes(rejectedUid))).toEqual([]);
    // The whole series in one request would have brought it.
    expect(asked.filter((path) => /\/series\/[^/]+$/.test(path))).toEqual([]);
    images.close();
  });

  test('under 113001 come on request only, with their mark', async () => {
    const { notes, images, load } = site();
    notes.push(note('113001', rejectedUid));
    expect((await load()).series.frames).toHaveLength(2);
    const { study: opened, series } = await load(true);
    const shown = series.frames.find((one) => one.instanceUid === rejectedUid);
    expect(shown?.marks).toContain('REJECTED FOR QUALITY');
    expect(opened.rejections).toEqual(['1 object rejected for quality: shown with that mark.']);
    if (shown !== undefined) expect((await images.want(series, shown)).kind).toBe('loaded');
    images.close();
  });

  test('while they are read are noticed, forgotten and never given again', async () => {
    const { notes, images, store, requests, load } = site();
    const before = await load();
    const seen = before.series.frames[1];
    if (seen === undefined) throw new Error('no frame');
    expect((await images.want(before.series, seen)).kind).toBe('loaded');
    expect(await images.notesChanged(requests, study, signal)).toBe(false);
    notes.push(note('113037', rejectedUid));
    expect(await images.notesChanged(requests, study, signal)).toBe(true);
    const after = await load();
    expect(after.series).not.toBe(before.series);
    expect(after.series.frames).toHaveLength(2);
    expect(store.state(seen.imageId).kind).toBe('absent');
    expect(await images.want(before.series, seen)).toMatchObject({
      kind: 'failed',
      failure: { words: expect.stringContaining('rejected') },
    });
    expect(store.state(seen.imageId).kind).toBe('absent');
    images.close();
  });
});

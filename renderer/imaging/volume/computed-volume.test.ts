import { afterEach, describe, expect, test } from 'vitest';
import { directionsOf, thinSlab } from '../../../shared/domain/volume/index.ts';
import type { CaseImages } from '../case-images.ts';
import { frameStore } from '../frame-store.ts';
import { rescaleOf } from '../frame-values.ts';
import { describeSeries } from '../study-metadata.ts';
import type { DecodedFrame, FrameReference, SeriesImages } from '../types.ts';
import { caseVolumes } from './case-volumes.ts';
import { type ComputedVolume, openComputedVolume } from './computed-volume.ts';
import { volumeJob } from './volume-job.ts';
import type { FromVolumeWorker, ToVolumeWorker } from './volume-messages.ts';
import { gridOfSeries } from './volume-source.ts';

/** The worker's own work, answered a moment later as a thread would. */
function inThread(): Worker {
  const worker = { onmessage: null as ((event: { data: FromVolumeWorker }) => void) | null, gone: false };
  const take = volumeJob((message) => setTimeout(() => worker.gone || worker.onmessage?.({ data: message }), 0));
  return Object.assign(worker, {
    postMessage: (message: ToVolumeWorker) => take(structuredClone(message)),
    terminate: () => {
      worker.gone = true;
    },
  }) as unknown as Worker;
}

const ds = (vr: string, ...Value: unknown[]) => ({ vr, Value });

/** Slices of 8 x 8 whose value is known: slope and place are the slice's own. */
function series(slices: number, slopeOf: (at: number) => number, modality = 'PT'): SeriesImages {
  const instances = Array.from({ length: slices }, (_, at) => ({
    '0020000D': ds('UI', '1.2.3'),
    '0020000E': ds('UI', '1.2.3.4'),
    '00080018': ds('UI', `1.2.3.4.${at + 1}`),
    '00080060': ds('CS', modality),
    '00200013': ds('IS', at + 1),
    '00280010': ds('US', 8),
    '00280011': ds('US', 8),
    '00280030': ds('DS', 4, 4),
    '00281053': ds('DS', slopeOf(at)),
    '00281052': ds('DS', 0),
    '00200032': ds('DS', 0, 0, at * 4),
    '00200037': ds('DS', 1, 0, 0, 0, 1, 0),
    '00200052': ds('UI', '1.2.9'),
  }));
  return describeSeries({ archive: 'pacs', epoch: 7, studyUid: '1.2.3' }, '1.2.3.4', instances, {});
}

function frame(stored: number): DecodedFrame {
  return {
    rows: 8,
    columns: 8,
    colour: false,
    pixels: new Uint16Array(64).fill(stored),
    min: stored,
    max: stored,
    slope: 1,
    intercept: 0,
    modalityApplied: false,
    lossy: false,
    voiTables: [],
  };
}

/** Images of a case whose frames are all here, but for those that `storedOf` gives none. */
function imagesOf(of: SeriesImages, storedOf: (at: number) => number | null): CaseImages {
  const at = (reference: FrameReference): number => of.frames.indexOf(reference);
  return {
    stream: () => undefined,
    retry: () => undefined,
    onProgress: () => () => undefined,
    progress: () => ({
      seriesUid: of.seriesUid,
      loaded: 0,
      total: 0,
      failed: 0,
      bytes: 0,
      state: 'complete',
      words: '',
    }),
    want: (_: SeriesImages, reference: FrameReference) => {
      const stored = storedOf(at(reference));
      return Promise.resolve(
        stored === null
          ? { kind: 'failed', failure: { code: 'undecodable', words: 'It is broken.' } }
          : { kind: 'loaded', frame: frame(stored) },
      );
    },
  } as unknown as CaseImages;
}

const opened: ComputedVolume[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

function open(of: SeriesImages, storedOf: (at: number) => number | null) {
  const grid = gridOfSeries(of);
  if (!grid.ok) throw new Error(grid.error.words);
  const store = frameStore(1e9, () => undefined);
  const volume = openComputedVolume({
    images: imagesOf(of, storedOf),
    source: of,
    grid: grid.value,
    store,
    makeWorker: inThread,
  });
  opened.push(volume);
  return { volume, store };
}

const coronal = { kind: 'coronal', directions: directionsOf('coronal'), slab: thinSlab } as const;

describe('the planes of a series', () => {
  test('hold the modality values of slices that each have a slope of their own, as PET has', async () => {
    const of = series(6, (at) => 0.5 + at);
    const { volume } = open(of, (at) => 100 + at);
    const { images, series: planes } = volume.planes(coronal);
    const [reference] = planes.frames;
    if (reference === undefined) throw new Error('no plane');
    const answer = await images.want(planes, reference);
    if (answer.kind !== 'loaded') throw new Error(answer.failure.words);
    const { slope, intercept } = rescaleOf(reference, answer.frame);
    const column = Array.from({ length: 6 }, (_, row) => (answer.frame.pixels[row * 8 + 3] ?? 0) * slope + intercept);
    // The head is on top, and half a step of the coarsest slope is what whole stored values may be off.
    for (const [row, value] of column.entries()) {
      const at = 5 - row;
      expect(Math.abs(value - (100 + at) * (0.5 + at))).toBeLessThanOrEqual(5.5 / 2);
    }
  });

  test('are never named like an image that someone acquired, and say what they are', () => {
    const of = series(6, () => 1, 'CT');
    const { volume } = open(of, () => 1);
    const { series: planes } = volume.planes(coronal);
    const acquired = new Set(of.frames.flatMap((one) => [one.instanceUid, one.imageId]));
    const named = planes.frames.flatMap((one) => [one.instanceUid, one.imageId]);
    expect(named.filter((one) => acquired.has(one))).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
    expect(planes.seriesUid).not.toBe(of.seriesUid);
    expect(planes.frames[0]?.imageId).toContain('/7/1.2.3/');
    expect(planes.frames.every((one) => one.marks[0] === 'MPR coronal, computed, 4.00 mm pixels')).toBe(true);
    const mip = volume.planes({ ...coronal, slab: { mode: 'max', thickness: 10 } }).series;
    expect(mip.frames[0]?.instanceUid).not.toBe(planes.frames[0]?.instanceUid);
    expect(mip.frames[0]?.marks[0]).toContain('MIP 10 mm');
    expect(volume.planes(coronal).series.frames[3]?.instanceUid).toBe(planes.frames[3]?.instanceUid);
  });

  test('are not made where a slice cannot be had: the reason names it', async () => {
    const of = series(6, () => 1);
    const { volume } = open(of, (at) => (at === 2 ? null : 5));
    const { images, series: planes } = volume.planes(coronal);
    const [reference] = planes.frames;
    if (reference === undefined) throw new Error('no plane');
    expect(await images.want(planes, reference)).toMatchObject({
      kind: 'failed',
      failure: { words: 'No planes: slice 3 could not be had. It is broken.' },
    });
  });

  test('a closed volume answers nothing but that it is closed, also to who waits, and leaves nothing in the store', async () => {
    const of = series(6, () => 1);
    const { volume, store } = open(of, () => 5);
    const { images, series: planes } = volume.planes(coronal);
    const [first, second] = planes.frames;
    if (first === undefined || second === undefined) throw new Error('no plane');
    expect((await images.want(planes, first)).kind).toBe('loaded');
    expect(store.bytes()).toBeGreaterThan(0);
    const waiting = images.want(planes, second);
    volume.close();
    expect(await waiting).toMatchObject({ kind: 'failed', failure: { code: 'cancelled' } });
    expect(await images.want(planes, first)).toMatchObject({ kind: 'failed', failure: { code: 'cancelled' } });
    expect(store.bytes()).toBe(0);
  });
});

test('the frames of one enhanced multi-frame instance make a volume like slices of their own', () => {
  const frames = Array.from({ length: 5 }, (_, at) => ({
    '00209113': ds('SQ', { '00200032': ds('DS', 0, 0, 20 - at * 2.5) }),
  }));
  const shared = {
    '00209116': ds('SQ', { '00200037': ds('DS', 1, 0, 0, 0, 1, 0) }),
    '00289110': ds('SQ', { '00280030': ds('DS', 0.5, 0.5) }),
  };
  const enhanced = {
    '0020000D': ds('UI', '1.2.3'),
    '0020000E': ds('UI', '1.2.3.4'),
    '00080018': ds('UI', '1.2.3.4.1'),
    '00080060': ds('CS', 'MR'),
    '00280008': ds('IS', 5),
    '00280010': ds('US', 8),
    '00280011': ds('US', 8),
    '52009229': ds('SQ', shared),
    '52009230': ds('SQ', ...frames),
  };
  const of = describeSeries({ archive: 'pacs', epoch: 7, studyUid: '1.2.3' }, '1.2.3.4', [enhanced], {});
  const grid = gridOfSeries(of);
  expect(grid.ok && [grid.value.slices, grid.value.sliceStep, grid.value.order]).toEqual([
    5,
    [0, 0, 2.5],
    [4, 3, 2, 1, 0],
  ]);
});

describe('the volumes of a case', () => {
  test('are refused in words where a series makes none or memory does not suffice', () => {
    const store = frameStore(1e9, () => undefined);
    const volumes = caseVolumes(store, 100);
    const of = series(6, () => 1);
    expect(
      volumes.open(
        imagesOf(of, () => 1),
        of,
        [],
      ),
    ).toMatchObject({ ok: false, error: { code: 'over-budget' } });
    expect(volumes.refusal(series(2, () => 1))?.words).toBe(
      'No planes can be computed from this series: the series has 2 images, and a volume needs three.',
    );
    volumes.close();
    expect(
      volumes.open(
        imagesOf(of, () => 1),
        of,
        [],
      ),
    ).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });
});

import { describe, expect, it } from 'vitest';
import type { CaseContext } from '../../shared/domain/reading/index.ts';
import { ok } from '../../shared/lib/result.ts';
import type { ArchiveRequests } from './archive-requests.ts';
import { caseImages } from './case-images.ts';
import type { DataSet } from './dicom-json.ts';
import { frameStore } from './frame-store.ts';
import type { PixelPool } from './pixel-pool.ts';
import { rememberedStudies } from './remembered-studies.ts';
import type { DecodedFrame } from './types.ts';

const archive = 'pacs';
const studyUid = '2.25.7';
const seriesUid = '2.25.7.1';
const is = (vr: string, ...Value: readonly unknown[]) => ({ vr, Value });
const instance = (number: number): DataSet => ({
  '00080016': is('UI', '1.2.840.10008.5.1.4.1.1.2'),
  '00080018': is('UI', `${seriesUid}.${number}`),
  '00080060': is('CS', 'CT'),
  '0020000D': is('UI', studyUid),
  '0020000E': is('UI', seriesUid),
  '00200013': is('IS', number),
  '00200032': is('DS', 0, 0, number),
  '00200037': is('DS', 1, 0, 0, 0, 1, 0),
  '00280002': is('US', 1),
  '00280010': is('US', 2),
  '00280011': is('US', 2),
  '00280100': is('US', 16),
  '00280101': is('US', 16),
});
const cancelled = { ok: false, error: { code: 'cancelled', words: 'not asked for here' } } as const;
const requests = (series: readonly DataSet[] = [{ '0020000E': is('UI', seriesUid) }]): ArchiveRequests => ({
  series: async () => ok(series),
  metadata: async () => ok([instance(1), instance(2), instance(3)]),
  numbered: async () => cancelled,
  instanceMetadata: async () => cancelled,
  wholeSeries: () => null,
  instance: async () => cancelled,
  frame: async () => cancelled,
});
const pool: PixelPool = {
  open: () => {
    throw new Error('nothing is decoded here');
  },
  warm: () => undefined,
  hasNoGraphics: async () => null,
  close: () => undefined,
};
const picture: DecodedFrame = {
  ...{ rows: 2, columns: 2, colour: false, pixels: Int16Array.of(1, 2, 3, 4), min: 1, max: 4, slope: 1, intercept: 0 },
  ...{ modalityApplied: false, lossy: false, voiTables: [] },
};
const opened = (change: Partial<CaseContext> = {}): CaseContext => ({
  ...{ archive, studyUid: studyUid as never, taskId: 't1' as never, epoch: 41 },
  ...{ patientId: '4471', issuer: 'LKG', accession: null, orderId: null },
  ...change,
});
const asked = { taskId: 't1', archive, studyUid, print: 'as it was' };
const never = new AbortController().signal;

async function remember() {
  const store = frameStore(1_000_000, () => undefined);
  const remembered = rememberedStudies(store, pool);
  const taken = await remembered.remember(asked, requests(), never);
  const first = taken?.study.series[0]?.frames[1];
  if (taken === null || first === undefined) throw new Error('nothing was remembered');
  store.put(first.imageId, picture);
  return { store, remembered, first };
}

describe('a study in the memory of a window', () => {
  it('is given to an opening of its own case as that opening’s, with the picture that was decoded', async () => {
    const { store, remembered, first } = await remember();
    const context = opened();
    const taken = remembered.take(context, archive, studyUid, 'as it was');
    if (taken === null) throw new Error('nothing was given');
    const images = caseImages(context, store, pool);
    const study = images.adopt(requests(), taken.read, taken.frames);
    const [series] = study.series;
    const frames = series?.frames ?? [];
    expect([study.epoch, series?.epoch, frames.length]).toEqual([41, 41, 3]);
    expect(new Set(frames.map((one) => one.imageId.split('/')[1]))).toEqual(new Set(['41']));
    const second = frames[1];
    if (series === undefined || second === undefined) throw new Error('no series');
    expect(second.instanceUid).toBe(first.instanceUid);
    expect(await images.want(series, second)).toEqual({ kind: 'loaded', frame: picture });
    expect(images.progress(series).loaded).toBe(1);
    // What the case forgets when it is closed is the case's own.
    images.close();
    expect([store.state(second.imageId).kind, store.state(first.imageId).kind]).toEqual(['absent', 'loaded']);
  });

  it('is given to no other case, study, archive or print', async () => {
    const { remembered } = await remember();
    expect(remembered.printOf('t1')).toBe('as it was');
    expect(remembered.printOf('t2')).toBeNull();
    const give = (context: CaseContext, ...rest: readonly [string, string, string]) =>
      remembered.take(context, ...rest);
    expect(give(opened({ taskId: 't2' as never }), archive, studyUid, 'as it was')).toBeNull();
    expect(give(opened({ studyUid: '2.25.8' as never }), archive, studyUid, 'as it was')).toBeNull();
    expect(give(opened(), archive, '2.25.8', 'as it was')).toBeNull();
    expect(give(opened(), 'another', studyUid, 'as it was')).toBeNull();
    expect(give(opened(), archive, studyUid, 'as it is')).toBeNull();
    expect(give(opened(), archive, studyUid, 'as it was')).not.toBeNull();
  });

  it('goes with its pictures when it is let go, and when it is taken anew', async () => {
    const { store, remembered, first } = await remember();
    await remembered.remember({ ...asked, print: 'as it is' }, requests(), never);
    expect([store.bytes(), store.state(first.imageId).kind]).toEqual([0, 'absent']);
    expect(remembered.printOf('t1')).toBe('as it is');
    remembered.keep((taskId) => taskId !== 't1');
    expect(remembered.printOf('t1')).toBeNull();
  });

  it('is none where its archive does not tell all of it, or a case was opened meanwhile', async () => {
    const remembered = rememberedStudies(
      frameStore(1_000, () => undefined),
      pool,
    );
    const silent = { ...requests(), metadata: async () => cancelled };
    expect(await remembered.remember(asked, silent, never)).toBeNull();
    expect(await remembered.remember(asked, requests(), AbortSignal.abort())).toBeNull();
    expect(remembered.printOf('t1')).toBeNull();
  });
});

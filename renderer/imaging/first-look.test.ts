import { describe, expect, it } from 'vitest';
import { err, ok } from '../../shared/lib/result.ts';
import type { DataSet } from './dicom-json.ts';
import { firstLook } from './first-look.ts';

const is = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });
const studyUid = '1.2.3';
const listed = (seriesUid: string, modality: string, count: number): DataSet => ({
  '00080060': is('CS', modality),
  '0020000E': is('UI', seriesUid),
  '00201209': is('IS', count),
});
const row = (data: DataSet, seriesUid: string) => ({ data, seriesUid });
const image = (seriesUid: string, number: number, more: DataSet = {}): DataSet => ({
  '00080018': is('UI', `${seriesUid}.${number}`),
  '0020000D': is('UI', studyUid),
  '0020000E': is('UI', seriesUid),
  '00200013': is('IS', number),
  '00280010': is('US', 512),
  '00280011': is('US', 512),
  ...more,
});
const refused = err({ code: 'refused', words: 'no' } as const);

/** An archive that numbers its instances from 1 on. */
function archive(
  more: {
    readonly numbered?: (seriesUid: string, number: number) => readonly DataSet[];
    readonly described?: (instanceUid: string) => readonly DataSet[] | null;
  } = {},
) {
  const asked: string[] = [];
  return {
    asked,
    numbered: async (_study: string, seriesUid: string, number: number) => {
      asked.push(`${seriesUid} number ${number}`);
      return ok(more.numbered?.(seriesUid, number) ?? [image(seriesUid, number)]);
    },
    instanceMetadata: async (_study: string, seriesUid: string, instanceUid: string) => {
      asked.push(instanceUid);
      const told = more.described === undefined ? undefined : more.described(instanceUid);
      return told === null ? refused : ok(told ?? [image(seriesUid, Number(instanceUid.split('.').at(-1)))]);
    },
  };
}
const signal = new AbortController().signal;

describe('a study is looked at by the middle image of each stack before it is described', () => {
  it('where it is a CT or MR of many images, whatever documents lie beside them', async () => {
    const requests = archive();
    const rows = [
      row(listed('1.1', 'CT', 1), '1.1'),
      row(listed('1.2', 'CT', 300), '1.2'),
      row(listed('1.3', 'SR', 2), '1.3'),
    ];
    const found = await firstLook(requests, studyUid, rows, signal);
    expect(found?.map(({ seriesUid, instances, partOf }) => [seriesUid, instances.length, partOf])).toEqual([
      ['1.1', 1, undefined],
      ['1.2', 1, 300],
      ['1.3', 0, undefined],
    ]);
    expect(requests.asked.toSorted()).toEqual(['1.1 number 1', '1.1.1', '1.2 number 151', '1.2.151']);
  });

  it.each([
    ['a key object lies there, which may be a rejection note', [listed('1.2', 'CT', 300), listed('1.9', 'KO', 1)]],
    ['views decide what hangs where', [listed('1.2', 'MG', 60)]],
    ['something lies there whose images hang too', [listed('1.2', 'CT', 300), listed('1.3', 'PT', 300)]],
    ['the archive does not count its images', [{ ...listed('1.2', 'CT', 300), '00201209': undefined }]],
    ['it is small', [listed('1.2', 'CT', 39)]],
    ['it has many series', Array.from({ length: 7 }, (_, at) => listed(`1.${at}`, 'MR', 40))],
    ['it has none', []],
  ] as const)('not where %s: nothing is asked', async (_why, series) => {
    const requests = archive();
    const rows = series.map((data, at) => row(data as DataSet, `1.${at}`));
    expect(await firstLook(requests, studyUid, rows, signal)).toBeNull();
    expect(requests.asked).toEqual([]);
  });

  const rows = [row(listed('1.2', 'CT', 300), '1.2')];
  const found = (number: number): DataSet => image('1.2', number);
  it.each([
    ['no instance has that number', { numbered: () => [] }],
    ['several have it', { numbered: () => [found(1), found(2)] }],
    ['it is not described', { described: () => null }],
    ['another is described', { described: () => [found(7)] }],
    ['two are described', { described: () => [found(151), found(151)] }],
    ['it is of another study', { described: () => [image('1.2', 151, { '0020000D': is('UI', '1.2.9') })] }],
    ['it is of another series', { described: () => [image('1.2', 151, { '0020000E': is('UI', '1.9') })] }],
    ['it has no pixels', { described: () => [image('1.2', 151, { '00280010': is('US') })] }],
    ['it has many frames', { described: () => [image('1.2', 151, { '00280008': is('IS', 40) })] }],
  ])('not where %s', async (_why, more) => {
    expect(await firstLook(archive(more), studyUid, rows, signal)).toBeNull();
  });

  it('not once nobody waits for it', async () => {
    expect(await firstLook(archive(), studyUid, rows, AbortSignal.abort())).toBeNull();
  });
});

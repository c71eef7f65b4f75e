import { describe, expect, test } from 'vitest';
import type { HangingSlot } from '../../../shared/domain/hanging/index.ts';
import type { CaseImages, SeriesImages, StudyImages } from '../../imaging/index.ts';
import { hangingCase, hangsAlready, hungOfSlot, type ShownBefore } from './hang-slots.ts';
import type { CaseStudy } from './hung.ts';

const nothing: ShownBefore = { window: () => null, slice: () => null };
const images = {} as CaseImages;
const study = (studyUid: string, prior: string | null, modality = 'CT'): CaseStudy => {
  const frames = ['a', 'b', 'c', 'd'].map((name) => ({ instanceUid: `${studyUid}.${name}`, frame: 1 }));
  const hanging = { studyUid, seriesUid: `${studyUid}.1`, instances: [] };
  const series = {
    studyUid,
    seriesUid: `${studyUid}.1`,
    modality,
    frames,
    frameTime: null,
    hanging,
  } as unknown as SeriesImages;
  const traits = { bodyPart: 'CHEST', description: '', procedure: [] };
  return { images: { studyUid, traits, series: [series] } as unknown as StudyImages, prior };
};
const slot = (change: Partial<HangingSlot>): HangingSlot => ({
  ...{ of: 'current' as const, studyUid: '1', seriesUid: '1.1', instanceUid: null, plane: 'stack' as const },
  ...{ window: null, invert: false, size: 'fit' as const, justification: 'center' as const, flip: false, because: '' },
  ...change,
});

describe('a box of a rule', () => {
  const all = [study('1', null), study('2', '3 months')];

  test('hangs only in its own study, and never a prior as the study that is read', () => {
    expect(hungOfSlot(slot({}), images, all, nothing)?.study).toBe(all[0]);
    expect(hungOfSlot(slot({ of: 'prior' }), images, all, nothing)).toBeNull();
    expect(hungOfSlot(slot({ studyUid: '2', seriesUid: '2.1' }), images, all, nothing)).toBeNull();
    expect(hungOfSlot(slot({ of: 'prior', studyUid: '2', seriesUid: '2.1' }), images, all, nothing)?.study).toBe(
      all[1],
    );
    expect(hungOfSlot(slot({ seriesUid: '2.1' }), images, all, nothing)).toBeNull();
  });

  test('hangs nothing in place of an image that is not there any more', () => {
    expect(hungOfSlot(slot({ instanceUid: '1.c' }), images, all, nothing)?.index).toBe(2);
    expect(hungOfSlot(slot({ instanceUid: '1.rejected' }), images, all, nothing)).toBeNull();
  });

  test('has the window and the slice that the reader left, by the box’s own name', () => {
    const before: ShownBefore = {
      window: (_seriesUid, name) => (name.includes('lung') ? { center: 1, width: 2 } : null),
      slice: () => 3,
    };
    const lung = hungOfSlot(slot({ window: { preset: 'lung' } }), images, all, before);
    expect(lung).toMatchObject({ index: 3, display: { window: { center: 1, width: 2 } } });
    const bone = hungOfSlot(slot({ window: { preset: 'bone' } }), images, all, before);
    expect(bone?.display?.window).toEqual({ center: 400, width: 1800 });
    const mr = hungOfSlot(slot({ window: { preset: 'bone' } }), images, [study('1', null, 'MR')], nothing);
    expect(mr?.display?.window).toBeNull();
  });

  test('is left alone where it hangs already, whatever slice and window it stands at', () => {
    const one = hungOfSlot(slot({ window: { preset: 'lung' } }), images, all, nothing);
    const again = hungOfSlot(slot({ window: { preset: 'lung' } }), images, all, { ...nothing, slice: () => 0 });
    expect(hangsAlready(one, again)).toBe(true);
    expect(hangsAlready(one, hungOfSlot(slot({ invert: true }), images, all, nothing))).toBe(false);
    expect(hangsAlready(null, one)).toBe(false);
  });

  test('a study that is read together is no prior to any rule', () => {
    const source = (studyUid: string, linked: boolean) => ({ archive: 'a', studyUid, label: '3 months', linked });
    const current = all[0] as CaseStudy;
    const asked = hangingCase(current, all.slice(1), [source('2', true)], 1);
    expect(asked.priors).toEqual([]);
    expect(hangingCase(current, all.slice(1), [source('2', false)], 1).priors).toMatchObject([{ studyUid: '2' }]);
  });
});

import { describe, expect, test } from 'vitest';
import type { CaseDetail } from '../../../shared/api/index.ts';
import { type CaseCoverage, noCoverage, noteArea, notePainted } from '../../../shared/domain/coverage/index.ts';
import { areaName, type BreastImageFacts, cellsWithin } from '../../../shared/domain/mammography/index.ts';
import type { CoverageState, StudyToRead } from '../../case/index.ts';
import { imagesSeen } from './images-seen.ts';

const detailOf = (modalities: readonly string[], linked: readonly string[] = []): CaseDetail =>
  ({
    context: { epoch: 7, taskId: 'task-1' },
    study: { studyUid: '1', modalities },
    priors: linked.map((studyUid) => ({ study: { studyUid, modalities: ['MG'] }, linked: 'LKG-2' })),
  }) as unknown as CaseDetail;
const cc: BreastImageFacts = {
  instanceUid: '1.1.1',
  seriesUid: '1.1',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.1.2',
  modality: 'MG',
  bodyPart: 'BREAST',
  lossy: false,
  conversionType: '',
  intent: 'presentation',
  laterality: 'R',
  view: 'CC',
  viewModifiers: 0,
  description: '',
  number: 1,
  frames: 1,
  rows: 512,
  columns: 512,
};
const series = (studyUid: string, ...names: string[]): StudyToRead['series'] =>
  names.map((name, at) => ({ studyUid, seriesUid: `${studyUid}.${at + 1}`, name }));
const ct: StudyToRead = { studyUid: '1', series: series('1', 'Axial', 'Scout', 'Delayed'), breasts: [], whole: true };
const mammogram: StudyToRead = { studyUid: '1', series: series('1', 'R CC'), breasts: [cc], whole: true };
const stateOf = (studies: readonly StudyToRead[] | null, coverage: CaseCoverage = {}, epoch = 7): CoverageState => ({
  epoch,
  studies,
  coverage,
  from: 'images',
});
const opened = notePainted(noCoverage('1', '1.1', [areaName(cc)]), { place: 0, scale: 0.3, window: null });
const whole = noteArea(opened, areaName(cc), cellsWithin(cc, { left: 0, top: 0, right: 512, bottom: 512 }));
const alone = { together: undefined };

describe('what the images have to do with a signature', () => {
  test('a series of another kind of exam that was never opened is advice and stops nothing', () => {
    const seen = imagesSeen('final', stateOf([ct], { '1.1': opened }), alone, detailOf(['CT']));
    expect(seen).toEqual({
      stop: null,
      left: null,
      canShow: false,
      advice: 'One series was never opened: Delayed.',
      opened: ['1.1'],
    });
  });

  test('a view of a mammogram is left until all of it was shown pixel for pixel', () => {
    const asked = (coverage: CaseCoverage) =>
      imagesSeen('preliminary', stateOf([mammogram], coverage), alone, detailOf(['MG']));
    expect(asked({ '1.1': opened })).toMatchObject({ left: expect.stringContaining('Left: R CC.'), canShow: true });
    expect(asked({ '1.1': whole })).toMatchObject({ left: null, canShow: false, stop: null });
  });

  test('a mammogram whose images are not known here, or not all of them, is not signed from here', () => {
    for (const state of [
      stateOf(null),
      stateOf([mammogram], { '1.1': whole }, 6),
      stateOf([{ ...mammogram, whole: false }], { '1.1': whole }),
    ])
      expect(imagesSeen('final', state, alone, detailOf(['MG'])).left).toContain('not all of its images are known');
    expect(imagesSeen('final', stateOf(null), alone, detailOf(['CT'])).left).toBeNull();
  });

  test('an exam that is read together with it is asked for too, and only when the report speaks of it', () => {
    const state = stateOf([ct], { '1.1': opened });
    const draft = { together: [{ studyUid: '2' }] } as never;
    expect(imagesSeen('final', state, alone, detailOf(['CT'], ['2'])).left).toBeNull();
    expect(imagesSeen('final', state, draft, detailOf(['CT'], ['2'])).left).toContain('not all of its images');
  });

  test('a lossy mammogram stops a preliminary and a final by name; a later word waits for no image', () => {
    const state = stateOf([{ ...mammogram, breasts: [{ ...cc, lossy: true }] }]);
    const stop = 'Not for interpretation: R CC is lossy compressed.';
    for (const kind of ['preliminary', 'final'] as const)
      expect(imagesSeen(kind, state, alone, detailOf(['MG'])).stop).toBe(stop);
    for (const kind of ['addendum', 'correction'] as const)
      expect(imagesSeen(kind, state, alone, detailOf(['MG']))).toMatchObject({ stop: null, left: null, advice: null });
  });

  test('only series of what is signed are told as opened: no prior, and no planes that nobody acquired', () => {
    const other = { ...opened, studyUid: '9', seriesUid: '9.1' };
    const planes = { ...opened, seriesUid: '2.25.1' };
    const coverage = { '1.1': opened, '9.1': other, '2.25.1': planes };
    expect(imagesSeen('final', stateOf([ct], coverage), alone, detailOf(['CT'])).opened).toEqual(['1.1']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHangingFile, writeHangingFile } from '../../api/index.ts';
import {
  hang,
  type PriorDescription,
  ruleFromScreen,
  type ScreenBox,
  type SeriesDescription,
  type StudyDescription,
} from './index.ts';

const aSeries = (studyUid: string, at: number, change: Partial<SeriesDescription> = {}): SeriesDescription => ({
  ...{ studyUid, seriesUid: `${studyUid}.${at}`, number: at, modality: 'CT', description: '', bodyPart: 'CHEST' },
  ...{ laterality: null, images: 30, plane: 'axial', thickness: 5, kernel: '', contrast: false, cine: false },
  ...{ imageType: [], corrected: [], instances: [] },
  ...change,
});
const aStudy = (studyUid: string, series: readonly SeriesDescription[]): StudyDescription => ({
  ...{ studyUid, modalities: ['CT'], bodyPart: 'CHEST', description: 'CT chest', procedure: [], series },
});
const box = (series: SeriesDescription, prior: number, change: Partial<ScreenBox> = {}): ScreenBox => ({
  ...{ prior, series, instance: null, plane: 'stack', window: null, invert: false },
  ...{ size: 'fit', justification: 'CENTER' },
  ...change,
});

describe('a rule that is made from the screen', () => {
  it('hangs the same study the same again, also after it went through a file', () => {
    const kinds = [
      'Axial soft tissue',
      'Axial lung',
      'Coronal soft',
      'Sagittal bone',
      'Thin 1 mm',
      'Arterial',
    ] as const;
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...kinds], { minLength: 2 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.option(fc.tuple(fc.nat(), fc.boolean(), fc.boolean())), { minLength: 9, maxLength: 9 }),
        (names, rows, columns, picks) => {
          const made = (studyUid: string): StudyDescription =>
            aStudy(
              studyUid,
              names.map((description, at) =>
                aSeries(studyUid, at + 1, {
                  description,
                  plane: description.startsWith('Coronal')
                    ? 'coronal'
                    : description.startsWith('Sag')
                      ? 'sagittal'
                      : 'axial',
                }),
              ),
            );
          const current = made('1');
          const prior: PriorDescription = { ...made('2'), label: '3 months' };
          const boxes = picks.slice(0, rows * columns).map((pick) => {
            if (pick === null) return null;
            const from = pick[1] ? prior : current;
            const series = from.series?.[pick[0] % names.length];
            return series === undefined
              ? null
              : box(series, pick[1] ? 1 : 0, { invert: pick[2], window: { preset: 'lung' } });
          });
          if (!boxes.some((one) => one?.prior === 0)) return;
          const rule = ruleFromScreen({
            id: 'mine',
            name: 'Mine',
            study: current,
            screen: { rows, columns, boxes },
            procedureCode: null,
          });
          const file = readHangingFile(writeHangingFile([rule]));
          expect(file).toEqual({ ok: true, value: [rule] });
          const hanging = hang([{ level: 'user', protocol: rule }], { current, priors: [prior], screens: 1 });
          const shown = hanging.stages[0]?.slots.flatMap((slot) =>
            slot.of === 'nobody' ? [] : [`${slot.seriesUid} ${slot.invert}`],
          );
          expect(shown).toEqual(
            boxes.flatMap((one) => (one === null ? [] : [`${one.series.seriesUid} ${one.invert}`])),
          );
        },
      ),
    );
  });

  it('is for the place and the modality, or for its procedure code alone', () => {
    const series = aSeries('1', 1);
    const study = { ...aStudy('1', [series]), procedure: [{ code: 'CTCHESTW', scheme: '99', meaning: '' }] };
    const screen = { rows: 1, columns: 1, boxes: [box(series, 0)] };
    const made = (procedureCode: string | null) => ruleFromScreen({ id: 'a', name: 'A', study, screen, procedureCode });
    expect(made(null).hangingProtocolDefinition).toMatchObject([
      { modality: ['CT'], bodyPart: ['chest'], procedureCode: [] },
    ]);
    expect(made('CTCHESTW').hangingProtocolDefinition).toMatchObject([{ modality: [], procedureCode: ['CTCHESTW'] }]);
    const head = { ...study, bodyPart: 'HEAD', description: 'CT head' };
    const chosen = (rule: ReturnType<typeof made>) =>
      hang([{ level: 'user', protocol: rule }], { current: head, priors: [], screens: 1 }).rule?.protocol.id ?? null;
    expect(chosen(made(null))).toBeNull();
    expect(chosen(made('CTCHESTW'))).toBe('a');
  });
});

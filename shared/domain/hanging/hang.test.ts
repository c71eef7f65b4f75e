import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHangingFile } from '../../api/index.ts';
import {
  type HangingProtocol,
  type HangingRule,
  hang,
  type InstanceDescription,
  type PriorDescription,
  type SeriesDescription,
  type StudyDescription,
  views,
} from './index.ts';

const folder = new URL('../../../resources/hanging-protocols/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const shipped: readonly HangingRule[] = files.flatMap((name) => {
  const read = readHangingFile(readFileSync(new URL(name, folder), 'utf8'));
  if (!read.ok) throw new Error(`${name}: ${read.error.faults.join(' ')}`);
  return read.value.map((protocol): HangingRule => ({ level: 'shipped', protocol }));
});

const aSeries = (change: Partial<SeriesDescription>): SeriesDescription => ({
  ...{ studyUid: '1', seriesUid: '1.1', number: 1, modality: 'CT', description: '', bodyPart: '', laterality: null },
  ...{ images: 30, plane: 'axial' as const, thickness: 5, kernel: '', contrast: false, cine: false },
  ...{ imageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'], corrected: [], instances: [] },
  ...change,
});
const anImage = (change: Partial<InstanceDescription>): InstanceDescription => ({
  ...{ instanceUid: '1.1.1', number: 1, frames: 1, view: null, viewModifiers: 0, laterality: null },
  ...{ chestWall: null, intent: null },
  ...change,
});
const aStudy = (change: Partial<StudyDescription>): StudyDescription => ({
  ...{ studyUid: '1', modalities: [], bodyPart: '', description: '', procedure: [], series: [] },
  ...change,
});
const chest = (studyUid: string, instances: readonly string[]): StudyDescription =>
  aStudy({
    ...{ studyUid, bodyPart: 'CHEST', description: 'XR chest 2 views', modalities: ['CR'] },
    series: [
      aSeries({
        ...{ studyUid, seriesUid: `${studyUid}.1`, modality: 'CR', images: 2, plane: null },
        instances: instances.map((view, at) =>
          anImage({
            instanceUid: `${studyUid}.1.${at + 1}`,
            number: at + 1,
            view: view as InstanceDescription['view'],
          }),
        ),
      }),
    ],
  });
const breasts = (studyUid: string, walls: Readonly<Record<'L' | 'R', 'left' | 'right'>>): StudyDescription =>
  aStudy({
    ...{ studyUid, bodyPart: 'BREAST', modalities: ['MG'] },
    series: (['R', 'L'] as const).flatMap((side) =>
      (['MLO', 'CC'] as const).map((view, at) =>
        aSeries({
          ...{ studyUid, seriesUid: `${studyUid}.${side}${at}`, modality: 'MG', plane: null, images: 1 },
          instances: [
            anImage({ instanceUid: `${studyUid}.${side}.${view}`, view, laterality: side, chestWall: walls[side] }),
          ],
        }),
      ),
    ),
  });
const as = (study: StudyDescription, label = '3 months'): PriorDescription => ({ ...study, label });

const slots = (rules: readonly HangingRule[], current: StudyDescription, priors: readonly PriorDescription[] = []) =>
  hang(rules, { current, priors, screens: 1 }).stages.map((stage) => ({
    name: stage.name,
    grid: `${stage.rows}x${stage.columns}`,
    hung: stage.slots.map((slot) => (slot.of === 'nobody' ? slot.awaited : (slot.instanceUid ?? slot.seriesUid))),
  }));

describe('the rules that come with the program', () => {
  it('are all readable, with ids of their own', () => {
    expect(files.length).toBeGreaterThan(12);
    expect(new Set(shipped.map((rule) => rule.protocol.id)).size).toBe(shipped.length);
  });

  it('hang a chest radiograph’s frontal view beside that of the prior, and then all four', () => {
    const [first, second, third] = slots(shipped, chest('1', ['LATERAL', 'PA']), [as(chest('2', ['PA', 'LATERAL']))]);
    expect(first).toEqual({ name: 'Frontal with prior', grid: '1x2', hung: ['1.1.2', '2.1.1'] });
    expect(second).toMatchObject({ grid: '1x2', hung: ['1.1.2', '1.1.1'] });
    expect(third).toMatchObject({ grid: '2x2', hung: ['1.1.2', '2.1.1', '1.1.1', '2.1.2'] });
  });

  it('give the frontal view all the room without a prior, and keep its place while the prior is on its way', () => {
    const alone = slots(shipped, chest('1', ['PA', 'LATERAL']))[0];
    expect(alone).toMatchObject({ grid: '1x1', hung: ['1.1.1'] });
    const awaited = as({ ...chest('2', []), series: null });
    expect(slots(shipped, chest('1', ['PA', 'LATERAL']), [awaited])[0]).toMatchObject({
      grid: '1x2',
      hung: ['1.1.1', true],
    });
  });

  it('hang no prior of another place, or of the other side alone, beside it', () => {
    const knee = (studyUid: string, side: 'L' | 'R') => {
      const made = chest(studyUid, ['AP', 'LATERAL']);
      return { ...made, bodyPart: 'KNEE', description: `XR ${side === 'L' ? 'left' : 'right'} knee` };
    };
    const other = slots(shipped, knee('1', 'L'), [as(knee('2', 'R')), as(chest('3', ['PA']))]);
    expect(other.flatMap((stage) => stage.hung).filter((one) => !String(one).startsWith('1.'))).toEqual([]);
    const same = slots(shipped, knee('1', 'L'), [as(knee('2', 'R')), as(knee('4', 'L'))]);
    expect(same.flatMap((stage) => stage.hung)).toContain('4.1.1');
  });

  it('turn the chest walls of a mammogram to each other, whichever way they are stored', () => {
    const current = breasts('1', { R: 'right', L: 'left' });
    const prior = breasts('2', { R: 'left', L: 'left' });
    const hanging = hang(shipped, { current, priors: [as(prior)], screens: 1 });
    expect(hanging.rule?.protocol.id).toBe('mg-four-views');
    expect(hanging.stages[0]?.slots.map((slot) => slot.of !== 'nobody' && slot.instanceUid)).toEqual([
      ...['1.R.CC', '1.L.CC', '1.R.MLO', '1.L.MLO'],
    ]);
    for (const stage of hanging.stages)
      for (const slot of stage.slots) {
        if (slot.of === 'nobody') continue;
        const side = slot.instanceUid?.split('.')[1];
        expect(slot.justification).toBe(side === 'R' ? 'right' : 'left');
        expect(slot.flip).toBe(slot.of === 'prior' && side === 'R');
      }
    expect(hanging.stages[1]?.slots.map((slot) => slot.of)).toEqual(['current', 'current', 'prior', 'prior']);
  });

  it('put a magnified view behind the plain one, and never one for processing', () => {
    const study = breasts('1', { R: 'right', L: 'left' });
    const extra = (seriesUid: string, change: Partial<InstanceDescription>) =>
      aSeries({
        ...{ studyUid: '1', seriesUid, modality: 'MG', number: 0, images: 1 },
        instances: [anImage({ instanceUid: seriesUid, view: 'CC', laterality: 'R', ...change })],
      });
    const series = [extra('m', { viewModifiers: 1 }), extra('p', { intent: 'processing' }), ...(study.series ?? [])];
    expect(slots(shipped, { ...study, series })[0]?.hung[0]).toBe('1.R.CC');
  });

  it('show one CT series in two windows where it is the only one', () => {
    const head = aStudy({ bodyPart: 'HEAD', series: [aSeries({ description: 'Axial 5 mm' })] });
    const two = hang(shipped, { current: head, priors: [], screens: 1 }).stages[1];
    expect(two?.slots.map((slot) => slot.of !== 'nobody' && [slot.seriesUid, slot.window])).toEqual([
      ['1.1', { preset: 'brain' }],
      ['1.1', { preset: 'bone' }],
    ]);
  });

  it('give every clip of an ultrasound a tile, nine to a page', () => {
    const instances = Array.from({ length: 11 }, (_, at) =>
      anImage({ instanceUid: `c${at}`, number: at + 1, frames: 9 }),
    );
    const study = aStudy({ series: [aSeries({ modality: 'US', images: 99, plane: null, instances })] });
    const pages = slots(shipped, study);
    expect(pages.map((page) => [page.name, page.grid])).toEqual([
      ['Stills and clips, 1 of 2', '3x3'],
      ['Stills and clips, 2 of 2', '1x2'],
    ]);
    expect(pages.flatMap((page) => page.hung)).toEqual(instances.map((one) => one.instanceUid));
  });

  it('say so where none fits, and hang the first series that is no scout', () => {
    const study = aStudy({
      bodyPart: 'HEART',
      series: [
        aSeries({ modality: 'XA', images: 2, imageType: ['LOCALIZER'] }),
        aSeries({ modality: 'XA', seriesUid: '1.2', number: 2 }),
      ],
    });
    const hanging = hang(shipped, { current: study, priors: [], screens: 1 });
    expect(hanging.rule).toBeNull();
    expect(hanging.because).toBe('Nothing fits XA of chest; series in order.');
    expect(hanging.stages[0]?.slots).toMatchObject([{ seriesUid: '1.2' }]);
  });

  it('prefer the reader’s own rule to the site’s and the group’s, and codes to places', () => {
    const ownRule = (id: string, definition: object): HangingProtocol => ({
      ...(shipped.find((rule) => rule.protocol.id === 'xr-chest') as HangingRule).protocol,
      id,
      hangingProtocolDefinition: [
        {
          ...{ modality: [], everyModality: [], bodyPart: [], laterality: null },
          ...{ procedureCode: [], procedureWords: [], notProcedureWords: [] },
          ...definition,
        },
      ],
    });
    const study = { ...chest('1', ['PA']), procedure: [{ code: 'XRCHEST2', scheme: '99', meaning: '' }] };
    const chosen = (rules: readonly HangingRule[]) =>
      hang(rules, { current: study, priors: [], screens: 1 }).rule?.protocol.id;
    const site: HangingRule = { level: 'site', protocol: ownRule('s', { procedureCode: ['XRCHEST2'] }) };
    const mine: HangingRule = { level: 'user', protocol: ownRule('u', {}) };
    const mineByCode: HangingRule = { level: 'user', protocol: ownRule('c', { procedureCode: ['XRCHEST2'] }) };
    expect(chosen(shipped)).toBe('xr-chest');
    expect(chosen([...shipped, site])).toBe('s');
    expect(chosen([...shipped, site, mine])).toBe('u');
    expect(chosen([mine, mineByCode, site, ...shipped])).toBe('c');
  });
});

describe('whatever studies and rules there are', () => {
  const word = fc.constantFrom(
    '',
    'CHEST',
    'BREAST',
    'KNEE',
    'HEAD',
    'T2 sag',
    'localizer',
    '⁂',
    '__proto__',
    'x'.repeat(500),
  );
  const modality = fc.constantFrom('CT', 'MR', 'CR', 'DX', 'MG', 'US', 'PT', 'NM', 'SR', '', 'constructor');
  const side = fc.constantFrom('L' as const, 'R' as const, 'B' as const, null);
  const image = fc.record({
    instanceUid: fc.integer({ min: 1, max: 99 }).map(String),
    number: fc.option(fc.integer()),
    frames: fc.integer({ min: 1, max: 30 }),
    view: fc.constantFrom(...views, null),
    viewModifiers: fc.integer({ min: 0, max: 2 }),
    laterality: side,
    chestWall: fc.constantFrom('left' as const, 'right' as const, null),
    intent: fc.constantFrom('presentation' as const, 'processing' as const, null),
  });
  // Some archives answer a study's question with series of another: those must never hang as its own.
  const series = (own: string) =>
    fc.record({
      studyUid: fc.constantFrom(own, own, own, 'stranger'),
      seriesUid: fc.integer({ min: 1, max: 50 }).map((at) => `${own}.${at}`),
      number: fc.option(fc.integer({ min: 0, max: 9 })),
      ...{ modality, description: word, bodyPart: word, laterality: side, kernel: word },
      images: fc.integer({ min: 0, max: 60 }),
      plane: fc.constantFrom('axial' as const, 'coronal' as const, 'sagittal' as const, 'oblique' as const, null),
      thickness: fc.option(fc.double()),
      ...{ contrast: fc.boolean(), cine: fc.boolean() },
      ...{ imageType: fc.array(word, { maxLength: 3 }), corrected: fc.array(word, { maxLength: 2 }) },
      instances: fc.array(image, { maxLength: 6 }),
    });
  const study = (own: string) =>
    fc.record({
      studyUid: fc.constant(own),
      ...{ modalities: fc.array(modality, { maxLength: 3 }), bodyPart: word, description: word },
      procedure: fc.array(fc.record({ code: word, scheme: word, meaning: word }), { maxLength: 2 }),
      series: fc.option(fc.array(series(own), { maxLength: 8 })),
    });
  const aCase = fc.record({
    current: study('current'),
    priors: fc.tuple(study('one'), study('two')).map((both) => both.map((prior, at) => as(prior, `${at} months`))),
    screens: fc.integer({ min: 1, max: 3 }),
  });

  it('what claims to be current is of the study that is read, what is a prior is of that prior, and every box is in its grid', () => {
    fc.assert(
      fc.property(aCase, (one) => {
        const hanging = hang(shipped, one);
        const known = new Map(
          [one.current, ...one.priors].map((study) => [
            study.studyUid,
            new Set(
              (study.series ?? [])
                .filter((each) => each.studyUid === study.studyUid && each.images > 0 && each.modality !== 'SR')
                .map((each) => each.seriesUid),
            ),
          ]),
        );
        for (const stage of hanging.stages) {
          expect(stage.slots.length).toBe(stage.rows * stage.columns);
          expect(stage.rows).toBeGreaterThan(0);
          expect(Math.max(stage.rows, stage.columns)).toBeLessThanOrEqual(4);
          for (const slot of stage.slots) {
            if (slot.of === 'nobody') continue;
            expect(slot.studyUid === 'current').toBe(slot.of === 'current');
            expect(known.get(slot.studyUid)?.has(slot.seriesUid)).toBe(true);
          }
        }
        // Something of the study hangs whenever it has something.
        expect(hanging.stages.some((stage) => stage.slots.some((slot) => slot.of === 'current'))).toBe(
          (known.get('current')?.size ?? 0) > 0,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('the same rules and studies hang the same, in whatever order they are given', () => {
    fc.assert(
      fc.property(aCase, fc.shuffledSubarray([...shipped], { minLength: shipped.length }), (one, rules) => {
        const turned = { ...one, current: { ...one.current, series: one.current.series?.toReversed() ?? null } };
        const [left, right] = [hang(shipped, one), hang(rules, one)];
        expect(right).toEqual(left);
        expect(hang(shipped, turned).rule?.protocol.id).toBe(left.rule?.protocol.id);
      }),
      { numRuns: 200 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessionNumber, Study, StudyUid } from '../study/index.ts';
import {
  type FitToReadRules,
  type FitVerdict,
  factsOfListing,
  fitToRead,
  type ImagesOfOrder,
  type OrderCheck,
  type SeriesFacts,
} from './index.ts';
import type { Order, OrderId } from './order.ts';
import { countFindings } from './order-check.ts';

const patient = {
  id: '884213',
  issuer: 'LARKSPUR',
  name: 'QUILLFEATHER^OTTOLINE',
  birthDate: '19520309',
  sex: 'F',
} as const;

const knee: Order = {
  id: 'order-1' as OrderId,
  status: 'active',
  patient,
  patientReference: null,
  accession: 'LK-1001' as AccessionNumber,
  placerNumber: null,
  procedure: { system: '', code: 'XRKNEE2L', display: 'DX left knee, 2 views' },
  modality: 'DX',
  bodyPart: 'KNEE',
  laterality: 'L',
  reason: 'Fell on the left knee',
  reasonCodes: [],
  priority: 'routine',
  site: { id: 'larkspur', name: 'Larkspur', state: 'CA', zone: 'America/Los_Angeles', phone: null },
  orderedBy: { name: 'Dr B. Fenwright', npi: null },
  authoredOn: null,
  expectedInstances: 2,
  requestedReport: 'final',
};
const chest: Order = {
  ...knee,
  procedure: { system: '', code: 'CTCHESTW', display: 'CT chest with contrast' },
  modality: 'CT',
  bodyPart: 'CHEST',
  laterality: null,
  reason: 'Cough for six weeks',
  expectedInstances: 40,
};

const kneeSeries: SeriesFacts = {
  modality: 'DX',
  description: 'Left knee',
  bodyPart: 'KNEE',
  sides: ['L'],
  contrast: null,
  agent: null,
  instances: 2,
  age: '074Y',
};
const chestSeries: SeriesFacts = {
  ...kneeSeries,
  modality: 'CT',
  description: 'Axial soft tissue',
  bodyPart: 'CHEST',
  sides: [],
  contrast: 'given',
  agent: 'Iodinated contrast',
  instances: 40,
};

type Change = { series?: readonly Partial<SeriesFacts>[]; whole?: boolean; study?: Partial<Study> };

function imagesOf(base: SeriesFacts, change: Change = {}): ImagesOfOrder {
  const series = (change.series ?? [{}]).map((one) => ({ ...base, ...one }));
  const study: Study = {
    archive: 'main',
    studyUid: '1.2.3' as StudyUid,
    patient,
    accession: 'LK-1001' as AccessionNumber,
    modalities: [...new Set(series.map((one) => one.modality))],
    description: '',
    bodyPart: base.bodyPart,
    laterality: null,
    studyDate: '20261122',
    studyTime: '101400',
    institution: null,
    seriesCount: series.length,
    instanceCount: series.reduce((sum, one) => sum + one.instances, 0),
    ...change.study,
  };
  return { study, owners: [study], facts: { series, whole: change.whole ?? true } };
}

const findings = (checks: readonly OrderCheck[]): string[] =>
  checks.filter((one) => one.state === 'defect' || one.state === 'note').map((one) => `${one.state} ${one.code}`);

/** A finding as `state code`; none means that the order is fit to read. */
type Case = readonly [sentence: string, order: Partial<Order>, images: Change | null, expected: readonly string[]];

const kneeCases: readonly Case[] = [
  ['all agrees', {}, {}, []],
  ['images have not come', {}, null, []],
  ['the images are of the other side', {}, { series: [{ sides: ['R'], description: 'Right knee' }] }, ['defect side']],
  ['the images are not marked with a side', {}, { series: [{ sides: [] }] }, []],
  ['the other side is shown beside it', {}, { series: [{ sides: ['L'] }, { sides: ['R'] }] }, ['note side']],
  [
    'both sides ordered, one shown',
    { laterality: 'B', procedure: { system: '', code: 'K', display: 'DX knees' } },
    {},
    ['note side'],
  ],
  [
    'both sides ordered and shown as B',
    { laterality: 'B', procedure: { system: '', code: 'K', display: 'DX knees' } },
    { series: [{ sides: ['B'] }] },
    [],
  ],
  ['no side in the field, but in the words', { laterality: null }, {}, []],
  [
    'no side anywhere',
    { laterality: null, procedure: { system: '', code: 'K', display: 'DX knee 2 views' }, reason: 'Fell' },
    {},
    ['defect side'],
  ],
  [
    'field and words say different sides',
    { procedure: { system: '', code: 'K', display: 'DX right knee, 2 views' } },
    {},
    ['defect code-side'],
  ],
  ['the reason speaks of the other side', { reason: 'Pain in right knee' }, {}, ['note side-reason']],
  ['the reason speaks of both', { reason: 'Left worse than right' }, {}, []],
  ['no reason', { reason: '  ' }, {}, ['defect reason']],
  [
    'a coded reason alone',
    { reason: '', reasonCodes: [{ system: 'icd10', code: 'M25.562', display: 'Pain in left knee' }] },
    {},
    [],
  ],
  ['modality missing, named by the words', { modality: null }, {}, ['note modality']],
  [
    'modality missing everywhere',
    { modality: null, procedure: { system: '', code: 'K', display: 'left knee' } },
    {},
    ['defect modality'],
  ],
  ['body part missing, named by the words', { bodyPart: null }, {}, ['note body-part']],
  [
    'body part missing everywhere',
    { bodyPart: '', procedure: { system: '', code: 'K', display: 'DX left 2 views' } },
    {},
    ['defect body-part'],
  ],
  ['no procedure at all', { procedure: { system: '', code: '', display: '' } }, {}, ['defect procedure']],
  ['CR images for a DX order', {}, { series: [{ modality: 'CR' }] }, []],
  ['ultrasound images for a DX order', {}, { series: [{ modality: 'US' }] }, ['defect modality']],
  ['a modality nobody knows', {}, { series: [{ modality: 'ZZ' }] }, []],
  [
    'the exam is called an MR',
    { procedure: { system: '', code: 'K', display: 'MRI left knee' } },
    {},
    ['defect code-modality'],
  ],
  [
    'the exam is called a hand',
    { procedure: { system: '', code: 'K', display: 'DX left hand 2 views' } },
    {},
    ['defect code-body-part'],
  ],
  [
    'the exam is called a lower leg',
    { procedure: { system: '', code: 'K', display: 'DX left tibia 2 views' } },
    {},
    ['note code-body-part'],
  ],
  ['the images are of the hand', {}, { series: [{ bodyPart: 'HAND', description: '' }] }, ['defect body-part']],
  ['the images are of the thigh', {}, { series: [{ bodyPart: 'FEMUR', description: '' }] }, ['note body-part']],
  ['the images name no part', {}, { series: [{ bodyPart: null, description: '' }], study: { bodyPart: null } }, []],
  ['the machine writes LEG for a knee', {}, { series: [{ bodyPart: 'LEG', description: '' }] }, []],
  ['one of two views is missing', { expectedInstances: 1 }, { series: [{ instances: 1 }] }, ['defect views']],
  ['one of two views is on its way', {}, { series: [{ instances: 1 }] }, ['note images', 'note views']],
  ['a view more than ordered', { expectedInstances: 3 }, { series: [{ instances: 3 }] }, []],
  ['the order was revoked', { status: 'revoked' }, {}, ['defect order-status']],
  ['nobody is named as orderer', { orderedBy: null }, {}, ['note orderer']],
  ['sex differs', { patient: { ...patient, sex: 'M' } }, {}, ['defect patient-sex']],
  ['sex unknown in the order', { patient: { ...patient, sex: null } }, {}, []],
  ['birth date differs', { patient: { ...patient, birthDate: '19530309' } }, {}, ['defect patient-birth-date']],
  ['the name is spelt otherwise', { patient: { ...patient, name: 'QUILFEATHER^OTTOLINE' } }, {}, ['note patient-name']],
  ['the machine was told another age', {}, { series: [{ age: '009Y' }] }, ['defect patient-age']],
  ['the machine was told an age a year off', {}, { series: [{ age: '073Y' }] }, []],
  ['the machine was told no age', {}, { series: [{ age: '000Y' }] }, []],
  ['an age that is none', {}, { series: [{ age: 'old' }] }, []],
];

const chestCases: readonly Case[] = [
  ['all agrees', {}, {}, []],
  ['with contrast ordered, without given', {}, { series: [{ contrast: 'none', agent: null }] }, ['defect contrast']],
  ['with contrast ordered, the images do not say', {}, { series: [{ contrast: null, agent: null }] }, []],
  [
    'without contrast ordered, given all the same',
    { procedure: { system: '', code: 'C', display: 'CT chest w/o contrast' } },
    {},
    ['defect contrast'],
  ],
  [
    'without contrast ordered, not known to be given',
    { procedure: { system: '', code: 'C', display: 'CT chest w/o contrast' } },
    { series: [{ contrast: null, agent: null }] },
    [],
  ],
  ['both ordered, given', { procedure: { system: '', code: 'C', display: 'CT chest w/wo contrast' } }, {}, []],
  [
    'none given in one series, not all looked into',
    {},
    { whole: false, series: [{ contrast: 'none', agent: null }] },
    [],
  ],
  ['contrast not spoken of', { procedure: { system: '', code: 'C', display: 'CT chest' } }, {}, []],
  [
    'prostate for a female patient',
    { bodyPart: 'PELVIS', modality: 'MR', procedure: { system: '', code: 'C', display: 'MR prostate' } },
    null,
    ['defect patient-exam'],
  ],
  [
    'head ordered too, and no series of it',
    { bodyPart: 'CHEST', procedure: { system: '', code: 'C', display: 'CT head and chest with contrast' } },
    {},
    ['note series'],
  ],
  [
    'abdomen and pelvis in one series named CHEST',
    { procedure: { system: '', code: 'C', display: 'CT chest abdomen pelvis with contrast' } },
    {},
    [],
  ],
];

describe('an order against itself and its images', () => {
  it.each(kneeCases)('knee: %s', (_, order, images, expected) => {
    const fit = fitToRead({ ...knee, ...order }, images === null ? null : imagesOf(kneeSeries, images));
    expect(findings(fit.checks)).toEqual(expected);
    const verdict: FitVerdict = expected.some((one) => one.startsWith('defect'))
      ? 'not-fit'
      : expected.length > 0
        ? 'fit-with-notes'
        : 'fit';
    expect(fit.verdict).toBe(verdict);
  });

  it.each(chestCases)('chest CT: %s', (_, order, images, expected) => {
    expect(
      findings(fitToRead({ ...chest, ...order }, images === null ? null : imagesOf(chestSeries, images)).checks),
    ).toEqual(expected);
  });

  it('says what both sides say, and the clause', () => {
    const [first] = fitToRead(knee, imagesOf(kneeSeries, { series: [{ sides: ['R'] }] })).checks;
    expect(first).toMatchObject({ code: 'side', order: 'left', images: 'right' });
    expect(first?.clause).toContain('(0020,0060)');
    expect(first?.clause).toContain('(0020,0062)');
  });

  it('reads the group’s own table of codes, by code and not by words', () => {
    const table = (code: string) =>
      code === 'XRKNEE2L'
        ? { modality: 'CT', bodyPart: 'HEAD', laterality: 'R' as const, contrast: 'with' as const }
        : null;
    const codes = findings(fitToRead(knee, imagesOf(kneeSeries), { table }).checks);
    expect(codes).toEqual(['defect code-modality', 'defect code-body-part', 'defect code-side']);
    expect(findings(fitToRead(chest, imagesOf(chestSeries), { table }).checks)).toEqual([]);
  });

  it('remarks on a series of the site’s protocol that is missing, and on nothing where only the list of studies is known', () => {
    const lung = { name: 'Lung', modality: 'CT', words: ['lung'], images: null };
    const soft = { name: 'Soft tissue', modality: 'CT', words: ['soft tissue'], images: null };
    const protocol = { name: 'CT chest', codes: ['CTCHESTW'], modality: 'CT', series: [soft, lung] };
    const one = imagesOf(chestSeries);
    const { checks } = fitToRead(chest, one, { protocol });
    expect(findings(checks)).toEqual(['note protocol']);
    expect(checks[0]).toMatchObject({
      words: 'Of the site’s protocol a series is missing: Lung.',
      order: 'CT chest',
      images: '1 of 2 series',
    });
    const rules: FitToReadRules = { protocol: 'defect' };
    expect(fitToRead(chest, one, { protocol, rules }).verdict).toBe('not-fit');
    const both = imagesOf(chestSeries, { series: [{}, { description: 'Axial lung' }], study: { instanceCount: 40 } });
    expect(findings(fitToRead(chest, both, { protocol }).checks)).toEqual([]);
    const listed = { ...one, facts: factsOfListing(one.study) };
    expect(findings(fitToRead(chest, listed, { protocol }).checks)).toEqual([]);
  });

  it('weighs by the site’s rules, but never the patient', () => {
    const wrong = { ...knee, reason: '', patient: { ...patient, sex: 'M' as const } };
    const rules: FitToReadRules = { reason: 'off', 'patient-sex': 'off' };
    expect(findings(fitToRead(wrong, imagesOf(kneeSeries), { rules }).checks)).toEqual(['defect patient-sex']);
    expect(findings(fitToRead({ ...knee, reason: '' }, null, { rules: { reason: 'note' } }).checks)).toEqual([
      'note reason',
    ]);
  });

  const anyText = fc.oneof(
    fc.constantFrom('', 'CT chest with contrast', 'XR left knee 2 views', 'MR brain w/o'),
    fc.string({ maxLength: 40 }),
  );
  const anyOrder = fc.record({
    procedure: fc.record({ system: fc.constant(''), code: anyText, display: anyText }),
    modality: fc.option(fc.constantFrom('CT', 'DX', 'ZZ', '')),
    bodyPart: fc.option(fc.constantFrom('KNEE', 'CHEST', 'nowhere', '')),
    laterality: fc.constantFrom('L', 'R', 'B', null),
    reason: anyText,
    expectedInstances: fc.option(fc.nat(5)),
  });
  const anySeries = fc.record({
    modality: fc.constantFrom('CT', 'DX', 'ZZ', ''),
    description: anyText,
    bodyPart: fc.option(fc.constantFrom('KNEE', 'CHEST', '')),
    sides: fc.subarray(['L', 'R', 'B'] as const),
    contrast: fc.constantFrom('given', 'none', null),
    age: fc.option(fc.constantFrom('074Y', '010M', 'x')),
  });

  it('never finds a mismatch in what the images leave unsaid', () => {
    fc.assert(
      fc.property(anyOrder, (change) => {
        const order = { ...knee, ...change } as Order;
        const silent = {
          modality: '',
          description: '',
          bodyPart: null,
          sides: [],
          contrast: null,
          agent: null,
          instances: 0,
          age: null,
        };
        const bare = imagesOf(kneeSeries, {
          series: [silent],
          study: { instanceCount: 9, bodyPart: null, modalities: [] },
        });
        expect(findings(fitToRead(order, bare).checks)).toEqual(findings(fitToRead(order, null).checks));
      }),
    );
  });

  it('is the same whatever order the series come in, its verdict is its worst finding, and every check says why', () => {
    fc.assert(
      fc.property(anyOrder, fc.array(anySeries, { minLength: 1, maxLength: 4 }), (change, series) => {
        const order = { ...knee, ...change } as Order;
        const fit = fitToRead(order, imagesOf(kneeSeries, { series }));
        const turned = fitToRead(order, imagesOf(kneeSeries, { series: series.toReversed() }));
        expect(findings(turned.checks).sort()).toEqual(findings(fit.checks).sort());
        const { defects, notes } = countFindings(fit);
        expect(fit.verdict).toBe(defects > 0 ? 'not-fit' : notes > 0 ? 'fit-with-notes' : 'fit');
        for (const check of fit.checks) expect([check.words, check.clause]).not.toContain('');
      }),
    );
  });
});

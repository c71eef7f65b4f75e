import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { madeFacts } from '../../../test/builders/check-facts.ts';
import type { CheckFacts, CheckId } from './check.ts';
import { checkReport, checkRules } from './check-report.ts';

const found = (facts: CheckFacts): readonly CheckId[] => [...new Set(checkReport(facts).map((one) => one.rule))];
const exam = (name: string, side: 'L' | 'R' | 'B' | null = null): Partial<CheckFacts> => ({
  exams: [{ studyUid: '1.2.3', names: [name], orderSide: side, imagesSide: null, studyDate: '20261122' }],
});
const man: Partial<CheckFacts> = {
  patient: { id: 'P2', issuer: 'LKG', name: 'BRAMBLE^AMBROSE', birthDate: '19700101', sex: 'M' },
  imagesSex: 'M',
};

test('nothing stands against a plain report', () => {
  expect(checkReport(madeFacts())).toEqual([]);
});

describe('what stops', () => {
  test.each<[string, Partial<CheckFacts>, CheckId]>([
    ['another patient on the images', { identity: 'Order and images differ.' }, 'identity'],
    ['a claim that was lost', { claim: 'You have no claim on this study.' }, 'claim'],
    [
      'a required field that is open',
      { openFields: [{ name: 'Lesion size', section: '59776-5', exam: null, from: 0 }] },
      'field-open',
    ],
  ])('%s', (_what, over, rule) => {
    expect(
      checkReport(madeFacts({}, over))
        .filter((one) => one.severity === 'stop')
        .map((one) => one.rule),
    ).toEqual([rule]);
  });

  test('an empty impression, and not that of an addendum', () => {
    const empty = madeFacts({ impression: ' \n ' });
    expect(checkReport(empty).map(({ rule, severity }) => [rule, severity])).toEqual([['impression-empty', 'stop']]);
    expect(checkReport({ ...empty, kind: 'addendum' })).toEqual([]);
  });

  test('cannot be turned down by anybody', () => {
    const facts = madeFacts({ impression: '' }, { identity: 'Order and images differ.' });
    expect(checkReport(facts, { identity: 'off', 'impression-empty': 'tell' })).toEqual(checkReport(facts));
  });
});

describe('side', () => {
  const knee = exam('XR knee 3 views', 'L');
  test.each<[string, string, Partial<CheckFacts>, boolean]>([
    ['a left knee exam whose words say right knee', 'Right knee joint effusion.', knee, true],
    ['a left knee exam whose words say left knee', 'Left knee joint effusion.', knee, false],
    [
      'a left knee exam that is compared with the right',
      'Compared with the right knee, the joint is narrower.',
      knee,
      false,
    ],
    ['a left knee exam that mentions the right hip', 'The right hip was replaced.', knee, false],
    ['both knees', 'Right knee effusion.', exam('XR knees', 'B'), false],
    ['a chest, which has both sides on it', 'Right effusion.', exam('XR chest and left ribs', 'L'), false],
    ['an exam whose name alone has the side', 'Right wrist is normal.', exam('XR WRIST LT 3V'), true],
    ['a handed patient', 'A right handed patient.', exam('XR hand', 'L'), false],
  ])('%s', (_what, findings, over, asked) => {
    expect(found(madeFacts({ findings, impression: 'As above.' }, over)).includes('side-of-exam')).toBe(asked);
  });

  test.each([
    ['Small left pleural effusion.', 'Right pleural effusion.', true],
    ['Small left pleural effusion.', 'Left pleural effusion.', false],
    ['Bilateral pleural effusions.', 'Right pleural effusion.', false],
    ['Opacity in the left lower lobe. Right lung is clear.', 'Right lower lobe pneumonia.', true],
    ['Opacity in the left base.', 'Right basilar pneumonia.', true],
    ['Right upper lobe nodule. Left lower lobe nodule.', 'Left lower lobe nodule.', false],
    ['Left greater than right effusions.', 'Right effusion.', false],
    ['Left kidney stone.', 'Stone of the right kidney.', true],
    ['Left renal cyst.', 'Right hip fracture.', false],
    ['No left effusion.', 'Right effusion.', false],
    ['RUL nodule.', 'Left upper lobe nodule.', true],
  ])('%s %s', (findings, impression, asked) => {
    expect(found(madeFacts({ findings, impression })).includes('side-between-sections')).toBe(asked);
  });
});

describe('sex and age', () => {
  test.each<[string, Partial<CheckFacts>, boolean]>([
    ['The uterus is enlarged.', man, true],
    ['Prostate is enlarged.', {}, true],
    ['The uterus is enlarged.', {}, false],
    ['45 year old male with cough.', {}, true],
    ['45 year old female with cough.', {}, false],
    ['Her mother had ovarian cancer.', man, false],
    ['Male connector of the line.', man, false],
    ['Breast tissue is symmetric.', man, false],
  ])('%s', (findings, over, asked) => {
    expect(found(madeFacts({ findings }, over)).includes('sex')).toBe(asked);
  });

  test('a patient of neither sex, or of one by the order and another by the images, is asked nothing', () => {
    const words = { findings: 'Prostate and uterus.' };
    expect(found(madeFacts(words, { patient: null, imagesSex: null }))).not.toContain('sex');
    expect(found(madeFacts(words, { imagesSex: 'M' }))).not.toContain('sex');
  });

  test.each([
    ['74 year old woman.', false],
    ['75-year-old woman.', false],
    ['57 y/o woman.', true],
    ['A fracture 2 weeks old.', false],
  ])('%s', (clinical, told) => {
    expect(found(madeFacts({ clinical })).includes('age')).toBe(told);
  });
});

describe('another patient', () => {
  const others = [{ name: 'BRAMBLE^AMBROSE', birthDate: '19700102', accession: 'LKG-2000002' }];
  test.each([
    ['Ambrose Bramble was examined.', true],
    ['BRAMBLE, AMBROSE.', true],
    ['Mr. Bramble has an effusion.', true],
    ['Discussed with Dr. Bramble.', false],
    ['A bramble thorn in the hand.', false],
    ['Accession LKG-2000002.', true],
    ['Accession LKG-1000001.', false],
    ['Accession: 99881.', true],
    ['Born 2 January 1970.', true],
    ['DOB 1952-03-09.', false],
    ['DOB 03/10/1952.', true],
    ['Patient: Smith, John', true],
    ['Patient: Quillfeather', false],
  ])('%s', (findings, asked) => {
    expect(found(madeFacts({ findings }, { others })).includes('other-patient')).toBe(asked);
  });

  test('who shares the name is not another', () => {
    const twin = [{ name: 'QUILLFEATHER^OTTOLINE', birthDate: null, accession: null }];
    expect(found(madeFacts({ findings: 'Mrs. Quillfeather, Ottoline.' }, { others: twin }))).not.toContain(
      'other-patient',
    );
  });

  test.each([
    ['XR chest 2 views', 'The anterior cruciate ligament is torn.', true],
    ['XR chest 2 views', 'No intracranial hemorrhage.', true],
    ['XR chest 2 views', 'Cholecystectomy clips; the gallbladder wall is not seen.', false],
    ['XR chest 2 views', 'Recommend MRI of the meniscus.', false],
    ['CT head without contrast', 'Cardiac silhouette is normal.', true],
    ['CT abdomen pelvis', 'The prostate is enlarged.', false],
    ['MR knee left', 'The medial meniscus is torn.', false],
    ['', 'The medial meniscus is torn.', false],
  ])('on %s: %s', (name, findings, asked) => {
    expect(found(madeFacts({ findings }, { ...man, ...exam(name) })).includes('body-part')).toBe(asked);
  });
});

describe('critical words', () => {
  test.each([
    ['Large right pneumothorax.', true],
    ['No pneumothorax.', false],
    ['Stable small pneumothorax.', false],
    ['History of pulmonary embolism.', false],
    ['Acute appendicitis.', true],
    ['Disc herniation at L4-L5.', false],
    ['Large right pneumothorax. Discussed with Dr. Okonkwo by telephone at 14:10.', false],
  ])('%s', (impression, asked) => {
    expect(found(madeFacts({ impression })).includes('critical-words')).toBe(asked);
  });

  test('are quiet once a critical result was begun', () => {
    expect(found(madeFacts({ impression: 'Free air.' }, { criticalBegun: true }))).not.toContain('critical-words');
  });
});

describe('priors', () => {
  const opened = {
    found: [
      { studyUid: '1.9', studyDate: '20250304' },
      { studyUid: '1.8', studyDate: '20240101' },
    ],
    opened: ['1.9'],
  };
  test.each<[string, CheckId | null]>([
    ['None.', 'no-prior'],
    ['No prior studies available.', 'no-prior'],
    ['CT of March 4, 2025.', null],
    ['CT of 3/4/2025.', null],
    ['CT of 04.03.2025.', null],
    ['Chest of 2024-01-01.', 'comparison-not-opened'],
    ['Chest of 17 Feb 2024.', 'comparison-not-opened'],
    ['Chest of March 2025.', null],
    ['', 'section-empty'],
  ])('%s, with one of 2025-03-04 opened', (comparison, rule) => {
    expect(found(madeFacts({ comparison }, { priors: opened }))).toEqual(rule === null ? [] : [rule]);
  });

  test('are not known of: nothing is said', () => {
    expect(found(madeFacts({ comparison: 'CT of 2020-01-01.' }, { priors: null }))).toEqual([]);
  });
});

describe('contradictions', () => {
  test.each([
    ['No pneumothorax.', 'Pneumothorax.', true],
    ['Pneumothorax on the left.', 'No pneumothorax.', true],
    ['No large effusion.', 'Small effusion.', false],
    ['Small effusion.', 'No large effusion.', false],
    ['No pneumothorax. Small pneumothorax on the right.', 'Pneumothorax.', false],
    ['No joint effusion.', 'Pleural effusion.', false],
    ['No fracture.', 'Possible fracture.', false],
  ])('%s %s', (findings, impression, told) => {
    expect(found(madeFacts({ findings, impression })).includes('contradiction')).toBe(told);
  });
});

describe('measurements', () => {
  test.each([
    ['A nodule measures 12 mm.', false],
    ['A nodule measures 12.', true],
    ['A mass measuring 3.5 x 2.1.', true],
    ['A mass measuring 3.5 x 2.1 cm.', false],
    ['A 12 cm nodule.', true],
    ['The tube is 12 cm above the nodule.', false],
    ['Midline shift of 8 cm.', true],
    ['Measures 40 HU.', false],
    ['L4-L5 and 3 of 4 views.', false],
    ['A 30 m cyst.', true],
  ])('%s', (findings, told) => {
    expect(found(madeFacts({ findings })).includes('measurement-unit')).toBe(told);
  });

  test.each([
    ['A 12 mm cyst.', 'A 12 cm cyst.', true],
    ['A 12 mm cyst.', 'A 1.2 cm cyst.', false],
    ['A 12 x 8 mm cyst.', 'A 1.2 x 8 cm cyst.', false],
    ['A 12 mm cyst.', '120 mm aneurysm of the aorta.', false],
  ])('%s %s', (findings, impression, told) => {
    expect(found(madeFacts({ findings, impression })).includes('measurement-jump')).toBe(told);
  });

  test('are held against what was measured on the images', () => {
    const facts = madeFacts({ findings: 'Cyst of 48 cm.' }, { measurements: ['48.0 mm'] });
    expect(found(facts)).toContain('measurement-jump');
  });
});

test('a blank of a template is told, and an empty section of findings', () => {
  expect(found(madeFacts({ findings: 'Lesion of [size] in the liver ***.' }))).toEqual(['placeholder']);
  expect(found(madeFacts({ findings: '' }))).toEqual(['section-empty']);
});

test('a section of which no word was touched is told', () => {
  const facts = madeFacts();
  const sections = facts.sections.map((one) => (one.code === '59776-5' ? { ...one, untouched: 'the template' } : one));
  expect(checkReport({ ...facts, sections }).map(({ words }) => words)).toEqual([
    'Findings: every word is still from the template.',
  ]);
});

test('series that were not shown are told, and nothing where it is not known', () => {
  expect(
    checkReport(madeFacts({}, { seriesNotShown: ['T2 axial'], seriesNotFull: ['PA', 'Lateral'] })).map(
      (one) => one.words,
    ),
  ).toEqual(['One series was never opened: T2 axial.', '2 series were never shown pixel for pixel: PA, Lateral.']);
  expect(checkReport(madeFacts({}, { seriesNotShown: null, seriesNotFull: null }))).toEqual([]);
});

test('a group turns a rule down or off', () => {
  const facts = madeFacts({ impression: 'Free air.' });
  expect(checkReport(facts).map(({ severity }) => severity)).toEqual(['ask']);
  expect(checkReport(facts, { 'critical-words': 'tell' }).map(({ severity }) => severity)).toEqual(['tell']);
  expect(checkReport(facts, { 'critical-words': 'off' })).toEqual([]);
});

test('only identity, claim, an empty impression and an open field stop; side, sex, other patients and critical words ask', () => {
  const of = (severity: string): readonly string[] =>
    checkRules.filter((one) => one.severity === severity).map(({ id }) => id);
  expect(of('stop')).toEqual(['identity', 'claim', 'impression-empty', 'field-open']);
  expect(of('ask')).toEqual([
    'side-of-exam',
    'side-between-sections',
    'sex',
    'other-patient',
    'body-part',
    'critical-words',
  ]);
});

describe('how it is written changes nothing', () => {
  const sentence = fc.constantFrom(
    'No pneumothorax.',
    'Small left pleural effusion.',
    'Right pleural effusion.',
    'Large pneumothorax on the right.',
    'The uterus is normal.',
    'The prostate is enlarged.',
    'A nodule measures 12.',
    'A 12 cm nodule.',
    'No focal consolidation, effusion, or pneumothorax.',
    'Ambrose Bramble was examined.',
    'The meniscus is torn.',
    'No prior studies available.',
    'Unchanged since 2024-01-01.',
    'A 57 year old woman.',
    'Lesion of [size].',
  );
  const text = fc.array(sentence, { maxLength: 5 });
  const facts = fc
    .record({ findings: text, impression: text, comparison: text })
    .map(({ findings, impression, comparison }) =>
      madeFacts(
        {
          findings: findings.join('\n'),
          impression: ['Normal.', ...impression].join('\n'),
          comparison: comparison.join('\n'),
        },
        {
          others: [{ name: 'BRAMBLE^AMBROSE', birthDate: '19700102', accession: 'LKG-2000002' }],
          priors: { found: [{ studyUid: '1.9', studyDate: '20250304' }], opened: ['1.9'] },
        },
      ),
    );
  const changed = (of: CheckFacts, change: (words: string) => string): CheckFacts => ({
    ...of,
    sections: of.sections.map((one) => ({ ...one, text: change(one.text) })),
  });
  const rules = (of: CheckFacts): readonly string[] => checkReport(of).map((one) => one.rule);

  test('blank lines', () => {
    fc.assert(
      fc.property(facts, (of) => {
        const spaced = changed(of, (words) => `\n${words.replaceAll('\n', '\n\n')}\n`);
        expect(rules(spaced)).toEqual(rules(of));
      }),
    );
  });
  test('capitals', () => {
    fc.assert(
      fc.property(facts, (of) => {
        expect(rules(changed(of, (words) => words.toUpperCase()))).toEqual(rules(of));
        expect(rules(changed(of, (words) => words.toLowerCase()))).toEqual(rules(of));
      }),
    );
  });
  test('every place that is named lies in its section', () => {
    fc.assert(
      fc.property(facts, (of) => {
        for (const { at } of checkReport(of)) {
          const length = of.sections.find(({ code }) => code === at?.section)?.text.length ?? 0;
          if (at !== null) expect(0 <= at.from && at.from <= at.to && at.to <= length).toBe(true);
        }
      }),
    );
  });
  test('any text at all is read without harm, and soon', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (findings) => {
        checkReport(madeFacts({ findings, impression: findings }));
      }),
    );
  });
});

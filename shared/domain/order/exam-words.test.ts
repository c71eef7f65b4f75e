import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExamWords, readSide } from './exam-words.ts';

describe('the name of an exam', () => {
  it.each<[string, 'with' | 'without' | 'both' | null]>([
    ['CT chest with contrast', 'with'],
    ['CT chest without contrast', 'without'],
    ['CT CHEST W/O CONTRAST', 'without'],
    ['CT CHEST WO CONTRAST', 'without'],
    ['CT CHEST W CONTRAST', 'with'],
    ['CT CHEST W/ IV CONTRAST', 'with'],
    ['MRI BRAIN W/WO CONTRAST', 'both'],
    ['MRI BRAIN WWO', 'both'],
    ['MRI BRAIN W WO CONTRAST', 'both'],
    ['MRI brain with and without contrast', 'both'],
    ['MRI brain without and with IV gadolinium', 'both'],
    ['CT abdomen without, then with contrast', 'both'],
    ['CT HEAD NON-CONTRAST', 'without'],
    ['CT head noncontrast', 'without'],
    ['CT head non con', 'without'],
    ['NCCT head', 'without'],
    ['Unenhanced CT abdomen', 'without'],
    ['Contrast-enhanced CT abdomen', 'with'],
    ['CT neck C+', 'with'],
    ['CT neck C-', 'without'],
    ['CTA chest', 'with'],
    ['CT angiogram of the head', 'with'],
    ['MR angiography of the head', null],
    ['CT head, no contrast', 'without'],
    ['MR knee without', 'without'],
    ['CT abdomen with oral contrast', null],
    ['CT abdomen without IV contrast with oral contrast', 'without'],
    ['CT chest with 3D reconstruction', null],
    ['MR brain without sedation', null],
    ['Axial portal venous', 'with'],
    ['CT chest, contrast allergy', null],
    ['XR chest', null],
  ])('says of contrast: %s', (text, contrast) => expect(readExamWords(text).contrast).toBe(contrast));

  it.each<[string, 'L' | 'R' | 'B' | null]>([
    ['XR left knee', 'L'],
    ['XR KNEE RT 2V', 'R'],
    ['XR KNEE, L', 'L'],
    ['XR L SPINE', null],
    ['MR L-spine', null],
    ['XR R hip', 'R'],
    ['XR bilateral knees', 'B'],
    ['XR left and right hands', 'B'],
    ['XR both feet', 'B'],
    ['US abdomen, right upper quadrant', null],
    ['US left ventricle', null],
    ['XR left-over wrist', null],
    ['Mammogram bilat', 'B'],
  ])('says of the side: %s', (text, side) => expect(readSide(text)).toBe(side));

  it.each<[string, number | null]>([
    ['XR knee 2 views', 2],
    ['XR KNEE 3V', 3],
    ['XR ankle, three views', 3],
    ['XR chest single view', 1],
    ['XR chest PA and lateral', 2],
    ['XR C-spine 4-5 views', 4],
    ['XR hand, minimum 3 views', 3],
    ['XR foot 3 or more views', 3],
    ['XR foot', null],
    ['CT chest 5 mm', null],
  ])('says how many views: %s', (text, views) => expect(readExamWords(text).views).toBe(views));

  it.each<[string, readonly string[], readonly string[]]>([
    ['CT abd/pelvis', ['CT'], ['abdomen', 'pelvis']],
    ['MRI lumbar spine', ['MR'], ['lumbar spine']],
    ['XR T-spine', ['XR'], ['thoracic spine']],
    ['CT thoracic aorta', ['CT'], ['chest', 'abdomen']],
    ['CTA head and neck', ['CT'], ['head', 'neck']],
    ['PET/CT whole body', ['PT', 'CT'], ['whole body']],
    ['X-ray wrist', ['XR'], ['wrist']],
    ['Radiograph of the calcaneus', ['XR'], ['foot']],
    ['Duplex carotids', ['US'], ['neck']],
    ['Röntgen', [], []],
  ])('says modality and place: %s', (text, modalities, regions) => {
    const words = readExamWords(text);
    expect([...words.modalities]).toEqual(modalities);
    expect([...words.regions]).toEqual(expect.arrayContaining([...regions]));
    expect(words.regions.size).toBe(regions.length);
  });

  it.each<[string, 'M' | 'F' | null]>([
    ['MR prostate', 'M'],
    ['US scrotum', 'M'],
    ['US pelvis, transvaginal', 'F'],
    ['US OB first trimester', 'F'],
    ['CT pelvis', null],
  ])('says whose organ it is: %s', (text, sex) => expect(readExamWords(text).sex).toBe(sex));

  it('names a part that comes in pairs, or one that does not', () => {
    expect(['knee', 'XR HAND', 'breast'].map((text) => readExamWords(text).paired)).toEqual([true, true, true]);
    expect(['heart', 'L spine', 'chest', 'kidneys'].map((text) => readExamWords(text).paired)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('is read the same in capitals, with more gaps and with accents, whatever it is', () => {
    const word = fc.constantFrom(
      'CT',
      'left',
      'knee',
      'with',
      'without',
      'contrast',
      '2',
      'views',
      'w/o',
      'and',
      'Hüfte',
      'pelvis',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const plain = readExamWords(words.join(' '));
        expect(readExamWords(words.join('  ').toUpperCase())).toEqual(plain);
        expect(readExamWords(words.join(', ')).laterality).toEqual(plain.laterality);
      }),
    );
  });

  it('takes any text in little time', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => void readExamWords(text)));
    expect(readExamWords('with '.repeat(100_000)).contrast).toBe('with');
  });
});

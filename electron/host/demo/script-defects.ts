import { ctAbdomen, radiographs, ultrasound } from './exam-kinds.ts';
import type { CurrentScript } from './script-types.ts';

/** Orders of the day that are not fit to read, each by one fault of the kind that sites make; the images are as they should be. */
export const defectScript: readonly CurrentScript[] = [
  {
    person: 'sablewright',
    site: 'quillback',
    exam: radiographs({
      modality: 'DX',
      part: 'knee',
      bodyPart: 'KNEE',
      code: 'XRKNEE2',
      views: ['knee-ap', 'knee-lateral'],
      side: 'R',
      finding: 'arthrosis',
    }),
    syntax: 'run-length',
    priority: 'routine',
    orderedMinutesAgo: 260,
    performedMinutesAgo: 205,
    reason: 'Swollen left knee since Monday.',
    diagnoses: [['M25.562', 'Pain in left knee']],
    // The clerk ordered the left knee; the technologist made, and marked, the right.
    orderSays: { laterality: 'L', description: 'DX left knee, 2 views' },
  },
  {
    person: 'thornapple',
    site: 'saltflat',
    exam: radiographs({
      modality: 'CR',
      part: 'chest',
      bodyPart: 'CHEST',
      code: 'XRCHEST2',
      views: ['chest-pa', 'chest-lateral'],
      side: null,
      finding: 'none',
    }),
    syntax: 'explicit',
    priority: 'routine',
    orderedMinutesAgo: 150,
    performedMinutesAgo: 115,
    reason: 'Before hip surgery.',
    diagnoses: [],
    orderSays: { reason: '' },
  },
  {
    person: 'wrenfield',
    site: 'cedar',
    exam: ctAbdomen('none', true, 0.95, { size: 256, slices: 16 }),
    syntax: 'jpeg-ls',
    priority: 'routine',
    orderedMinutesAgo: 190,
    performedMinutesAgo: 132,
    reason: 'Weight loss, reduced kidney function.',
    diagnoses: [['R63.4', 'Abnormal weight loss']],
    orderSays: { description: 'CT abdomen pelvis without contrast', code: 'CTABDPELWO' },
  },
  {
    person: 'ashgrove',
    site: 'pinemark',
    exam: ultrasound('pelvis, transvaginal', 'USPELVTV', 'PELVIS', [
      { subject: 'uterus', frames: 1, words: 'Still uterus' },
    ]),
    syntax: 'run-length',
    priority: 'routine',
    orderedMinutesAgo: 210,
    performedMinutesAgo: 168,
    reason: 'Irregular bleeding.',
    diagnoses: [['N92.6', 'Irregular menstruation, unspecified']],
    // Registered with the wrong sex, in the order and so in the machine's worklist.
    orderSays: { sex: 'M' },
    imagesSay: { sex: 'M' },
  },
];

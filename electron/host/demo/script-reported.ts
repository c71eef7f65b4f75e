import type { PersonKey } from './cast.ts';
import { radiographs } from './exam-kinds.ts';
import type { CurrentScript } from './script-types.ts';

const day = 24 * 60;

/** A chest radiograph that was read and signed so many days ago. */
function chest(
  person: PersonKey,
  daysAgo: number,
  reason: string,
  diagnoses: CurrentScript['diagnoses'],
  words: Pick<NonNullable<CurrentScript['reported']>, 'findings' | 'impression' | 'followUps'>,
): CurrentScript {
  return {
    person,
    site: 'larkspur',
    exam: radiographs({
      modality: 'DX',
      part: 'chest',
      bodyPart: 'CHEST',
      code: 'XRCHEST1',
      views: ['chest-pa'],
      side: null,
      finding: 'none',
    }),
    syntax: 'jpeg-ls',
    priority: 'routine',
    orderedMinutesAgo: daysAgo * day + 95,
    performedMinutesAgo: daysAgo * day,
    reason,
    diagnoses,
    reported: { minutesAgo: daysAgo * day - 55, covered: 1, technique: 'Chest, PA view.', ...words },
  };
}

/**
 * What was read before the launch. Of the first the last view was sent after the report was signed; the others recommend an exam, of which
 * one is overdue, one due soon, one open and one done.
 */
export const reportedScript: readonly CurrentScript[] = [
  {
    person: 'sedgewater',
    site: 'larkspur',
    exam: radiographs({
      modality: 'DX',
      part: 'shoulder',
      bodyPart: 'SHOULDER',
      code: 'XRSHLD2',
      views: ['shoulder-ap', 'shoulder-y'],
      side: 'L',
      finding: 'fracture',
    }),
    syntax: 'explicit',
    priority: 'urgent',
    orderedMinutesAgo: 205,
    performedMinutesAgo: 180,
    reason: 'Fell on the stairs, cannot lift left arm.',
    diagnoses: [
      ['M25.512', 'Pain in left shoulder'],
      ['W10.9XXA', 'Fall on and from unspecified stairs and steps, initial encounter'],
    ],
    reported: {
      minutesAgo: 96,
      covered: 1,
      technique: 'Left shoulder, AP view.',
      findings: 'Fracture of the surgical neck of the left humerus. The joint is not seen in a second plane.',
      impression: 'Fracture of the surgical neck of the left humerus.',
    },
  },
  chest('ambleford', 58, 'Cough and fever.', [['R05.9', 'Cough, unspecified']], {
    findings: 'Consolidation in the right lower lobe. No effusion. Heart of normal size.',
    impression:
      'Consolidation in the right lower lobe, most likely pneumonia.\nRepeat chest radiographs are recommended in 6 weeks.',
    followUps: [{ says: 'Repeat chest radiographs are recommended in 6 weeks' }],
  }),
  chest(
    'ambleford',
    9,
    'After pneumonia.',
    [['Z09', 'Encounter for follow-up examination after completed treatment']],
    {
      findings: 'The consolidation of the right lower lobe has cleared. Nodule of 7 mm in the left upper lobe.',
      impression:
        'Consolidation cleared. Nodule of 7 mm in the left upper lobe.\nCT of the chest without contrast is recommended in 3 to 6 months.',
      followUps: [{ says: 'CT of the chest without contrast is recommended in 3 to 6 months' }],
    },
  ),
  chest('corvindale', 170, 'Weight loss.', [['R63.4', 'Abnormal weight loss']], {
    findings: 'Patchy opacity in the left lower lobe. Rounded opacity of 8 mm in the right upper lobe.',
    impression:
      'Patchy opacity in the left lower lobe. Rounded opacity of 8 mm in the right upper lobe.\nRepeat chest radiographs are recommended in 5 months.\nCT of the chest is recommended in 6 months.',
    followUps: [
      { says: 'Repeat chest radiographs are recommended in 5 months', doneBy: 6 },
      { says: 'CT of the chest is recommended in 6 months' },
    ],
  }),
  chest('corvindale', 6, 'Opacity, control.', [['R91.8', 'Other nonspecific abnormal finding of lung field']], {
    findings: 'The opacity in the left lower lobe has cleared. Rounded opacity of the right upper lobe unchanged.',
    impression: 'Left lower lobe clear. Rounded opacity of the right upper lobe unchanged at 8 mm.',
  }),
];

import { radiographs } from './exam-kinds.ts';
import type { CurrentScript } from './script-types.ts';

/** What was read before the launch: its last view was sent after the report was signed. */
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
];

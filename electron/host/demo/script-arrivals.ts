import { ctChest, ctHead, mrKnee } from './exam-kinds.ts';
import type { CurrentScript } from './script-types.ts';

const small = { size: 256, slices: 16 } as const;

/** Studies that come bit by bit: a routine one that Next study leaves alone meanwhile, a STAT with its first image, one without a number. */
export const arrivalScript: readonly CurrentScript[] = [
  {
    person: 'pondermere',
    site: 'cedar',
    exam: ctChest('none', false, 1, small),
    syntax: 'explicit',
    priority: 'routine',
    orderedMinutesAgo: 75,
    performedMinutesAgo: 6,
    reason: 'Cough for six weeks, smoker. Mass?',
    diagnoses: [['R05.3', 'Chronic cough']],
    // Ten images short for longer than the quiet period: it is offered then, marked, and is whole when the rest comes.
    imagesAt: [
      { seconds: 0, upTo: 6 },
      { seconds: 150, upTo: 14 },
      { seconds: 600, upTo: 'all' },
    ],
  },
  {
    person: 'gallowglen',
    site: 'larkspur',
    exam: ctHead('none', small),
    syntax: 'explicit',
    priority: 'stat',
    orderedMinutesAgo: 9,
    performedMinutesAgo: 1,
    reason: 'Thunderclap headache, vomiting. Subarachnoid bleed?',
    diagnoses: [['G44.53', 'Primary thunderclap headache']],
    imagesAt: [
      { seconds: 0, upTo: 1 },
      { seconds: 120, upTo: 12 },
      { seconds: 240, upTo: 'all' },
    ],
  },
  {
    person: 'inkersole',
    site: 'saltflat',
    exam: mrKnee('L', 'none'),
    syntax: 'explicit',
    priority: 'routine',
    orderedMinutesAgo: 130,
    performedMinutesAgo: 32,
    reason: 'Left knee locks since a twist at work.',
    diagnoses: [['M23.92', 'Unspecified internal derangement of left knee']],
    announced: false,
  },
];

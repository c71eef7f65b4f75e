import { ctChest, ctHead } from './exam-kinds.ts';
import type { CurrentScript } from './script-types.ts';

/** One patient, one visit, two exams: what goes together, in one report or in two. */
export const linkedScript: readonly CurrentScript[] = [
  {
    person: 'hazelbourne',
    site: 'cedar',
    exam: ctHead('none', { size: 256, slices: 20 }),
    syntax: 'explicit',
    priority: 'routine',
    orderedMinutesAgo: 64,
    performedMinutesAgo: 38,
    reason: 'Fell from a ladder two days ago, headache since. Bleed?',
    diagnoses: [
      ['R51.9', 'Headache, unspecified'],
      ['W11.XXXA', 'Fall on and from ladder, initial encounter'],
    ],
  },
  {
    person: 'hazelbourne',
    site: 'cedar',
    exam: ctChest('none', false, 0.96, { size: 256, slices: 20 }),
    syntax: 'explicit',
    priority: 'routine',
    orderedMinutesAgo: 63,
    performedMinutesAgo: 34,
    reason: 'Fell from a ladder two days ago, pain on breathing. Fracture, pneumothorax?',
    diagnoses: [
      ['R07.1', 'Chest pain on breathing'],
      ['W11.XXXA', 'Fall on and from ladder, initial encounter'],
    ],
  },
];

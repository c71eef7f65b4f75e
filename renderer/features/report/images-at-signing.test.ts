import { describe, expect, test } from 'vitest';
import { imagesLines } from './images-at-signing.ts';

const images = (present: number, arriving: boolean, expected: number | null = 430) => ({
  present,
  expected,
  arriving,
  words: expected === null ? `${present} images` : `${present} of ${expected} images`,
});

describe('what the sign dialog says of the images', () => {
  test.each([
    ['nothing while nobody has told', { imagesAtStart: 4 }, null, 'final', []],
    ['nothing where all are here as they were', { imagesAtStart: 430 }, images(430, false), 'final', []],
    [
      'that they are still arriving, and how many are here',
      { imagesAtStart: 212 },
      images(212, true),
      'preliminary',
      ['Images are still arriving: 212 of 430 images are here.'],
    ],
    [
      'which came after the words were begun',
      { imagesAtStart: 429 },
      images(430, false),
      'final',
      ['1 image came after this draft was begun (429 then, 430 now): look at it first.'],
    ],
    [
      'both',
      { imagesAtStart: 200 },
      images(212, true, null),
      'final',
      [
        'Images are still arriving: 212 images are here.',
        '12 images came after this draft was begun (200 then, 212 now): look at them first.',
      ],
    ],
    ['nothing of what came, for words that nobody counted for', {}, images(430, false), 'final', []],
    [
      'that something came, where nobody can say yet whether it is an image',
      { imagesAtStart: 24 },
      { ...images(26, false), atMost: true as const },
      'final',
      [
        'Images, or documents about them, came after this draft was begun (24 then, at most 26 now): look at them first.',
      ],
    ],
    ['nothing where some were withdrawn', { imagesAtStart: 9 }, images(4, false), 'final', []],
    ['nothing for an addendum, which has its own board', { imagesAtStart: 4 }, images(9, true), 'addendum', []],
  ] as const)('%s', (_what, draft, now, kind, lines) => {
    expect(imagesLines(kind, draft, now)).toEqual(lines);
  });

  test('of every exam that the report is over, each under its own name', () => {
    const neck = {
      taskId: 'task-2',
      studyUid: '1.2.3',
      accession: 'A2',
      exam: 'CT neck',
      studyDate: '20261130',
      texts: { '55111-9': '', '59776-5': '', '19005-8': '' },
      imagesAtStart: 20,
    };
    const draft = { imagesAtStart: 430, together: [neck] };
    const lines = imagesLines('final', draft, images(430, false), { 'task-2': images(24, true, 40) });
    expect(lines).toEqual([
      'CT neck, accession A2, 2026-11-30: Images are still arriving: 24 of 40 images are here.',
      'CT neck, accession A2, 2026-11-30: 4 images came after this draft was begun (20 then, 24 now): look at them first.',
    ]);
    expect(imagesLines('final', draft, images(430, false), {})).toEqual([]);
  });
});

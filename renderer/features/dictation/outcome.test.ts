import { expect, it } from 'vitest';
import { interpret } from '../../../shared/domain/dictation/index.ts';
import { outcomeOf } from './outcome.ts';
import { spokenWindows } from './spoken-to-case.ts';

const saying = (said: string, confidence = 0.9, pauseBefore = 1_000) =>
  outcomeOf(
    interpret(
      { words: said.split(' ').map((word) => ({ word, confidence })), pauseBefore, pauseAfter: 1_000, held: 'nothing' },
      { windows: spokenWindows, macros: null, templates: null },
    ),
  );

it.each([
  ['next series', { type: 'next-series' }],
  ['window lung', { type: 'window-preset', name: 'lung' }],
  ['window soft tissue', { type: 'window-preset', name: 'soft-tissue' }],
  ['next field', { type: 'next-field' }],
  ['scratch that', { type: 'scratch-dictated' }],
  ['insert macro normal chest', { type: 'macro', name: 'normal chest' }],
  ['template ct head', { type: 'template', name: 'ct head' }],
])('“%s” becomes its command, and is told back', (said, send) => {
  expect(saying(said)).toMatchObject({ send, told: { tone: 'done', words: said } });
});

it('“sign report” opens the confirmation of a final and signs nothing', () => {
  expect(saying('sign report').send).toEqual({ type: 'sign-final' });
});

it('words become words, with those that were not heard well', () => {
  expect(saying('no fracture of the left wrist period', 0.4)).toEqual({
    send: {
      type: 'dictated',
      words: 'no fracture of the left wrist.',
      doubtful: [
        { from: 0, to: 2, grave: true },
        { from: 3, to: 11, grave: false },
        { from: 12, to: 14, grave: false },
        { from: 15, to: 18, grave: false },
        { from: 19, to: 23, grave: true },
        { from: 24, to: 29, grave: false },
        { from: 29, to: 30, grave: false },
      ],
    },
    told: null,
    doubts: ['no', 'left'],
  });
});

it.each([
  ['next field', 0.4, /Not sure of “next field”/],
  ['sign report', 0.3, /Not sure of “sign report”/],
])('what may have been a command is neither done nor written, and said: %s', (said, confidence, words) => {
  expect(saying(said, confidence)).toMatchObject({
    send: null,
    told: { tone: 'ask', words: expect.stringMatching(words) },
  });
});

it('a command without a pause before it is written, and said to be', () => {
  expect(saying('next field', 0.9, 100)).toMatchObject({ send: { type: 'dictated' }, told: { tone: 'ask' } });
});

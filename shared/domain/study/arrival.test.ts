import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, minutes } from '../../lib/instant.ts';
import {
  arrivalOf,
  countJudged,
  hereWords,
  type ImagesSoFar,
  judgedWords,
  seriesQuiet,
  startedEarly,
} from './arrival.ts';
import type { ProtocolStanding } from './protocol-series.ts';

const nine = Date.UTC(2026, 10, 22, 9);
const head: ProtocolStanding = {
  protocol: 'CT head (routine)',
  seen: 2,
  expected: 2,
  missing: [],
  whole: true,
  counted: true,
};
const half: ProtocolStanding = { ...head, seen: 1, missing: ['Bone'], whole: false };
const images = (more: Partial<ImagesSoFar>): ImagesSoFar => ({
  have: 4,
  certain: true,
  expected: null,
  protocol: null,
  changedAt: instant(nine),
  judged: [],
  open: true,
  quietMinutes: 5,
  ...more,
});
const inSeconds = (seconds: number) => instant(nine + seconds * 1_000);
const later = ', more came after the study was judged complete';

describe('the images of a study', () => {
  it.each([
    ['are complete with the last one announced, at once', { expected: 4 }, 0, 'rule count: 4 of 4'],
    ['are complete when more came than announced', { expected: 3 }, 0, 'rule count: 4 of 3'],
    ['are awaited while one announced is missing', { expected: 5 }, 299, null],
    ['are waited for no longer than the quiet period', { expected: 5 }, 300, 'rule quiet-5-min: 4 of 5 instances'],
    ['without a count are awaited for less than five quiet minutes', {}, 299, null],
    ['without a count are complete after five', {}, 300, 'rule quiet-5-min: 4 instances'],
    ['are complete after the minutes that the site agreed', { quietMinutes: 9 }, 540, 'rule quiet-9-min: 4 instances'],
    [
      'are complete by a counted protocol at once',
      { protocol: head },
      0,
      `rule protocol: 4 instances, ${'2 of 2'} series (CT head (routine))`,
    ],
    [
      'of an uncounted protocol may be short of a few in the last series',
      { protocol: { ...head, counted: false } },
      59,
      null,
    ],
    [
      'of an uncounted protocol are complete after a minute',
      { protocol: { ...head, counted: false } },
      60,
      'rule protocol: 4 instances, 2 of 2 series (CT head (routine))',
    ],
    ['are awaited while a series of the protocol is missing', { protocol: half }, 299, null],
    [
      'short of a series are offered after the quiet period',
      { protocol: half },
      300,
      'rule quiet-5-min: 4 instances, 1 of 2 series (CT head (routine))',
    ],
    ['short of the announced number are not complete by a protocol', { expected: 5, protocol: head }, 299, null],
    [
      'with uncounted documents among them are not complete by their number',
      { expected: 4, certain: false },
      299,
      null,
    ],
    [
      'with uncounted documents among them are not "more" before those are counted',
      { have: 6, judged: [4], certain: false },
      900,
      null,
    ],
    ['that were judged complete are not judged again', { judged: [4] }, 900, null],
    ['that come later wait for their own quiet time', { have: 6, judged: [4] }, 299, null],
    [
      'that come later are told once they are quiet',
      { have: 6, judged: [4] },
      300,
      `rule quiet-5-min: 6 instances${later}`,
    ],
    [
      'that make up the announced number later are told at once',
      { have: 12, expected: 12, judged: [9] },
      0,
      `rule count: 12 of 12${later}`,
    ],
    ['beyond the announced number wait for their quiet time', { have: 13, expected: 12, judged: [12] }, 299, null],
    ['that were told are not told again', { have: 6, judged: [4, 6] }, 900, null],
    ['that come after the report is out are none', { have: 6, judged: [4], open: false }, 900, null],
    ['judged by other words than ours are never more', { have: 6, judged: [countJudged('by hand')] }, 900, null],
  ] as const)('%s', (_what, more, seconds, words) => {
    const arrival = arrivalOf(images(more as Partial<ImagesSoFar>), inSeconds(seconds));
    // The moment is the arrival of the last image, never the end of the wait.
    expect(arrival.kind === 'complete' ? [arrival.at, arrival.words] : null).toEqual(
      words === null ? null : [nine, words],
    );
  });

  it('are arriving again when more come after they were judged complete, also on a host that has just started', () => {
    expect(arrivalOf(images({ have: 6, judged: [4] }), inSeconds(0))).toEqual({
      kind: 'arriving',
      again: true,
      quietAt: inSeconds(300),
    });
    expect(arrivalOf(images({ judged: [4], changedAt: inSeconds(9_999) }), inSeconds(9_999))).toEqual({
      kind: 'judged',
    });
  });

  const standing = fc.option(
    fc.record({
      protocol: fc.string({ maxLength: 20 }),
      seen: fc.nat(3),
      expected: fc.constant(3),
      missing: fc.constant([]),
      whole: fc.boolean(),
      counted: fc.boolean(),
    }),
    { nil: null },
  );

  it('never keep a study away longer than the quiet period after the last of them', () => {
    fc.assert(
      fc.property(
        fc.nat(20),
        fc.option(fc.nat(20), { nil: null }),
        standing,
        fc.array(fc.nat(20), { maxLength: 3 }),
        fc.integer({ min: 1, max: 120 }),
        fc.nat(200),
        (have, expected, protocol, judged, quietMinutes, waited) => {
          const arrival = arrivalOf(images({ have, expected, protocol, judged, quietMinutes }), inSeconds(waited * 60));
          if (arrival.kind === 'arriving') {
            expect(waited).toBeLessThan(quietMinutes);
            expect(arrival.quietAt).toBe(nine + minutes(quietMinutes));
          }
          if (arrival.kind === 'complete') {
            expect(countJudged(arrival.words)).toBe(have);
            if (arrival.rule === 'count') expect(have).toBeGreaterThanOrEqual(expected ?? Number.POSITIVE_INFINITY);
            if (arrival.rule === 'protocol') {
              expect(expected).toBeNull();
              expect(protocol?.whole).toBe(true);
              if (protocol?.counted === false) expect(waited * 60_000).toBeGreaterThanOrEqual(seriesQuiet);
            }
            if (arrival.rule === 'quiet') expect(waited).toBeGreaterThanOrEqual(quietMinutes);
          }
        },
      ),
    );
  });

  it('are judged complete once, and each later number at most once, however often one looks', () => {
    const arrivals = fc.array(fc.record({ came: fc.nat(3), seconds: fc.integer({ min: 1, max: 700 }) }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(
        arrivals,
        fc.option(fc.integer({ min: 1, max: 12 }), { nil: null }),
        standing,
        (steps, expected, protocol) => {
          const judged: number[] = [];
          let [have, changedAt, now] = [1, nine, nine];
          for (const { came, seconds } of steps) {
            now += seconds * 1_000;
            if (came > 0) [have, changedAt] = [have + came, now];
            const seen = images({ have, expected, protocol, judged, changedAt: instant(changedAt) });
            const arrival = arrivalOf(seen, instant(now));
            if (arrival.kind !== 'complete') continue;
            expect(arrival.again).toBe(judged.length > 0);
            expect(judged).not.toContain(have);
            judged.push(have);
          }
        },
      ),
    );
  });
});

describe('a judgement in words', () => {
  it.each([
    ['rule count: 12 of 12', 'all 12 announced images are here', false],
    ['rule count: 14 of 12', '14 images are here, 12 were announced', false],
    ['rule quiet-5-min: 9 of 12 instances', '9 of 12 images, quiet 5 min', true],
    ['rule quiet-2-min: 1 instances', '1 image, quiet 2 min', false],
    [`rule quiet-5-min: 6 instances${later}`, '6 images, quiet 5 min', false],
    [
      'rule protocol: 40 instances, 2 of 2 series (CT head (routine))',
      '2 of 2 series of the protocol CT head (routine) are here, 40 images',
      false,
    ],
    [
      'rule quiet-5-min: 20 instances, 1 of 2 series (CT head)',
      '20 images, quiet 5 min; 1 of 2 series of the protocol CT head are here',
      true,
    ],
    ['told by the modality', 'told by the modality', false],
  ])('%s', (detail, words, short) => {
    expect(judgedWords(detail)).toEqual({ words, short });
  });

  it('is read back from every one that the rules make', () => {
    fc.assert(
      fc.property(
        fc.nat(99),
        fc.option(fc.nat(99), { nil: null }),
        fc.boolean(),
        fc.boolean(),
        (have, expected, again, withProtocol) => {
          const seen = images({ have, expected, judged: again ? [-1] : [], protocol: withProtocol ? half : null });
          const arrival = arrivalOf(seen, inSeconds(600));
          if (arrival.kind !== 'complete') throw new Error('it is quiet');
          const { words, short } = judgedWords(arrival.words);
          expect(words).not.toContain('rule');
          expect(words).toContain(String(have));
          const lessThanAnnounced = expected !== null && have < expected;
          expect(short).toBe(lessThanAnnounced || (withProtocol && arrival.rule === 'quiet'));
        },
      ),
    );
  });

  it('says of a reader who does not wait how much was here', () => {
    expect(hereWords(images({ have: 3, expected: 12 }))).toBe('3 of 12');
    expect(startedEarly(images({ have: 3, expected: 12 }), inSeconds(1))).toBe(
      'started before all images had come: 3 of 12',
    );
    expect(startedEarly(images({ protocol: half }), inSeconds(1))).toBe(
      'started before all images had come: 4 (number not announced), 1 of 2 series (CT head (routine))',
    );
    expect(startedEarly(images({ expected: 4 }), inSeconds(1))).toBeNull();
    expect(startedEarly(images({ expected: 9 }), inSeconds(300))).toBeNull();
    expect(startedEarly(null, inSeconds(1))).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noCoverage, noteArea, notePainted, placesOf, type Ranges, withRanges } from '../coverage/index.ts';
import {
  areaName,
  type BreastImageFacts,
  cellSide,
  cellsOf,
  cellsWithin,
  evenCells,
  type ImagePart,
  isMammogram,
  nextPart,
  notForInterpretation,
  shareShown,
  stopsSigning,
  stopWords,
  unfitReason,
  viewStandings,
  viewsLeftWords,
} from './index.ts';

const original: BreastImageFacts = {
  instanceUid: '1.1.1',
  seriesUid: '1.1',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.1.2',
  modality: 'MG',
  bodyPart: 'BREAST',
  lossy: false,
  conversionType: '',
  intent: 'presentation',
  laterality: 'R',
  view: 'CC',
  viewModifiers: 0,
  description: 'R CC',
  number: 1,
  frames: 1,
  rows: 1024,
  columns: 816,
};
const image = (change: Partial<BreastImageFacts>): BreastImageFacts => ({ ...original, ...change });
const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';
const lossy = image({ lossy: true });
const film = image({ sopClassUid: secondaryCapture, conversionType: 'DF', intent: null });
const raw = image({ sopClassUid: '1.2.840.10008.5.1.4.1.1.1.2.1', intent: 'processing' });

describe('a mammogram that nobody may interpret', () => {
  test.each([
    ['an original for presentation', original, null],
    ['a lossy one', lossy, 'lossy'],
    ['digitised film', film, 'digitised-film'],
    ['lossy digitised film: film is what matters', image({ ...film, lossy: true }), 'digitised-film'],
    ['film of a breast under another modality', image({ ...film, modality: 'OT' }), 'digitised-film'],
    [
      'a capture of a screen',
      image({ sopClassUid: secondaryCapture, conversionType: 'WSD', lossy: true }),
      'secondary-capture',
    ],
    ['one for processing', raw, 'for-processing'],
    ['lossy tomosynthesis', image({ sopClassUid: '1.2.840.10008.5.1.4.1.1.13.1.3', lossy: true, frames: 60 }), 'lossy'],
    [
      'a lossy chest radiograph: no mammogram',
      image({ sopClassUid: '1', modality: 'DX', bodyPart: 'CHEST', lossy: true }),
      null,
    ],
    ['digitised film of a chest: no mammogram', image({ ...film, modality: 'CR', bodyPart: 'CHEST' }), null],
  ])('%s', (_words, one, reason) => {
    expect(unfitReason(one)).toBe(reason);
  });

  test('says so on the image', () => {
    expect(notForInterpretation('digitised-film')).toBe('NOT FOR INTERPRETATION: digitised film');
    expect(isMammogram(image({ modality: 'US', sopClassUid: '1', bodyPart: 'BREAST' }))).toBe(false);
  });

  test('stops signing, with the views and the reason', () => {
    const four = [
      lossy,
      image({ laterality: 'L', lossy: true }),
      image({ view: 'MLO' }),
      { ...film, view: null, description: 'film 1998' },
    ];
    expect(stopWords(stopsSigning(four))).toBe(
      'Not for interpretation: R CC and L CC are lossy compressed; film 1998 is digitised film.',
    );
    expect(stopWords(stopsSigning([original]))).toBeNull();
  });

  test('raw images beside their presentation stop nothing; a view that is there for processing alone does', () => {
    expect(stopsSigning([raw, original])).toEqual([]);
    expect(stopWords(stopsSigning([image({ ...raw, view: 'MLO' }), original]))).toBe(
      'Not for interpretation: R MLO is for processing, not for presentation.',
    );
    // A lossy presentation is none.
    expect(
      stopsSigning([raw, lossy])
        .map((one) => one.reason)
        .sort(),
    ).toEqual(['for-processing', 'lossy']);
  });

  test('a capture of a screen among the images is marked and stops nothing', () => {
    expect(stopsSigning([original, image({ sopClassUid: secondaryCapture, conversionType: 'WSD' })])).toEqual([]);
  });
});

const size = fc.record({ rows: fc.integer({ min: 1, max: 700 }), columns: fc.integer({ min: 1, max: 700 }) });
const screen = fc.record({
  width: fc.integer({ min: cellSide, max: 900 }),
  height: fc.integer({ min: cellSide, max: 900 }),
});

describe('an image shown part by part', () => {
  test('is gone through to its end by its next parts, and no step is in vain', () => {
    fc.assert(
      fc.property(size, screen, (of, on) => {
        let shown: Ranges = [];
        let steps = 0;
        for (let part = nextPart(of, shown, on); part !== null; part = nextPart(of, shown, on)) {
          const before = shareShown(of, shown);
          shown = withRanges(shown, cellsWithin(of, part));
          expect(shareShown(of, shown)).toBeGreaterThan(before);
          steps += 1;
          expect(steps).toBeLessThanOrEqual(cellsOf(of));
        }
        expect(shareShown(of, shown)).toBe(1);
      }),
    );
  });

  test('counts a cell only where all of its pixels were on screen', () => {
    fc.assert(
      fc.property(
        size,
        fc.tuple(fc.nat(700), fc.nat(700), fc.nat(700), fc.nat(700)),
        (of, [left, top, width, height]) => {
          const part: ImagePart = { left, top, right: left + width, bottom: top + height };
          const across = Math.ceil(of.columns / cellSide);
          for (const cell of placesOf(cellsWithin(of, part))) {
            const [x, y] = [(cell % across) * cellSide, Math.floor(cell / across) * cellSide];
            expect(x).toBeGreaterThanOrEqual(left - 0.5);
            expect(y).toBeGreaterThanOrEqual(top - 0.5);
            expect(Math.min(of.columns, x + cellSide)).toBeLessThanOrEqual(part.right + 0.5);
            expect(Math.min(of.rows, y + cellSide)).toBeLessThanOrEqual(part.bottom + 0.5);
          }
        },
      ),
    );
  });

  test('all of it on one screen is all of it', () => {
    fc.assert(
      fc.property(size, (of) => {
        expect(shareShown(of, cellsWithin(of, { left: -9, top: -9, right: of.columns + 9, bottom: of.rows + 9 }))).toBe(
          1,
        );
      }),
    );
  });

  test('air of one value has nothing to show; one other pixel in a cell has', () => {
    const of = { rows: cellSide * 2, columns: cellSide * 2 };
    const pixels = new Uint16Array(of.rows * of.columns);
    expect(placesOf(evenCells(of, pixels))).toEqual([0, 1, 2, 3]);
    pixels[of.columns * (cellSide + 3) + 5] = 1;
    expect(placesOf(evenCells(of, pixels))).toEqual([0, 1, 3]);
  });
});

describe('views that must be shown before signing', () => {
  const whole = cellsWithin(original, { left: 0, top: 0, right: 816, bottom: 1024 });

  test('are the ones that may be interpreted, each left until all of it was shown pixel for pixel', () => {
    const mlo = image({ instanceUid: '1.2.1', seriesUid: '1.2', view: 'MLO' });
    let coverage = noCoverage('1', '1.1', [areaName(original)]);
    const standing = () => viewStandings([original, mlo, film, raw], (uid) => (uid === '1.1' ? coverage : undefined));
    expect(viewsLeftWords(standing())).toBe('R CC, R MLO');
    coverage = noteArea(
      coverage,
      areaName(original),
      cellsWithin(original, { left: 0, top: 0, right: 816, bottom: 512 }),
    );
    expect(viewsLeftWords(standing().filter((one) => !one.shown))).toBe('R CC (50% shown), R MLO');
    coverage = noteArea(coverage, areaName(original), whole);
    expect(viewsLeftWords(standing().filter((one) => !one.shown))).toBe('R MLO');
  });

  test('a tomosynthesis is shown when its area was, on whichever slices, and every slice was painted', () => {
    const tomo = image({ sopClassUid: '1.2.840.10008.5.1.4.1.1.13.1.3', frames: 3 });
    const frames = [1, 2, 3].map((frame) => `${tomo.instanceUid}#${frame}`);
    let coverage = noteArea(noCoverage('1', '1.1', frames), areaName(tomo), whole);
    const standing = () => viewStandings([tomo], () => coverage);
    expect(viewsLeftWords(standing())).toBe('R CC (3 slices never shown)');
    for (const place of [0, 2]) coverage = notePainted(coverage, { place, scale: 0.4, window: null });
    expect(viewsLeftWords(standing())).toBe('R CC (1 slice never shown)');
    coverage = notePainted(coverage, { place: 1, scale: 0.4, window: null });
    expect(standing().map((one) => one.shown)).toEqual([true]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ExamProtocol,
  type ExpectedSeries,
  protocolOf,
  protocolStanding,
  type SeriesSeen,
} from './protocol-series.ts';

const wanted = (name: string, more: Partial<ExpectedSeries> = {}): ExpectedSeries => ({
  name,
  modality: null,
  words: [],
  images: null,
  ...more,
});
const head: ExamProtocol = {
  name: 'CT head',
  codes: ['CTHEAD'],
  modality: 'CT',
  series: [wanted('Any CT', { modality: 'CT' }), wanted('Axial', { words: ['axial', 'tra'] })],
};
const series = (description: string, images: number | null = 20, modality = 'CT'): SeriesSeen => ({
  modality,
  description,
  images,
});

describe('the protocol of an exam', () => {
  const every: ExamProtocol = { name: 'Every CT', codes: [], modality: 'CT', series: [wanted('One')] };
  it('is the one that names its code, else that of its modality, else none', () => {
    expect(protocolOf([every, head], { code: 'CTHEAD', modality: 'CT' })).toBe(head);
    expect(protocolOf([head, every], { code: 'CTCHEST', modality: 'CT' })).toBe(every);
    expect(protocolOf([head, every], { code: 'CTHEAD', modality: 'MR' })).toBeNull();
    expect(protocolOf([head], { code: '', modality: 'CT' })).toBeNull();
  });
});

describe('the series of a protocol', () => {
  it('each need one of their own: "any" leaves the only axial one to "axial"', () => {
    expect(protocolStanding(head, [series('AXIAL 5 mm')])).toMatchObject({ seen: 1, expected: 2, whole: false });
    const both = protocolStanding(head, [series('AXIAL 5 mm'), series('Bone')]);
    expect(both).toMatchObject({ seen: 2, missing: [], whole: true, counted: false });
  });

  it('are not made up by reports, key objects or presentation states, nor by an empty series', () => {
    const notes = ['SR', 'KO', 'PR'].map((modality) => series('axial', 1, modality));
    expect(protocolStanding(head, [...notes, series('axial', 0)])).toMatchObject({
      seen: 0,
      missing: ['Any CT', 'Axial'],
    });
  });

  it('are here with their first image and whole with the number that they have at least', () => {
    const counted = { ...head, series: [wanted('Axial', { words: ['axial'], images: 20 })] };
    expect(protocolStanding(counted, [series('Axial', 19)])).toMatchObject({ seen: 1, whole: false, counted: true });
    expect(protocolStanding(counted, [series('Axial', 20)])).toMatchObject({ seen: 1, whole: true });
    // A server that counts no images of a series leaves it open whether it is whole.
    expect(protocolStanding(counted, [series('Axial', null)])).toMatchObject({ whole: false, counted: false });
  });

  it('are found in whatever order the archive lists them, and one more series never makes fewer', () => {
    const some = fc.array(
      fc.record({
        modality: fc.constantFrom('CT', 'MR', 'SR'),
        description: fc.constantFrom('axial', 'bone', 'axial bone', ''),
        images: fc.constantFrom(0, 1, 30),
      }),
      { maxLength: 6 },
    );
    const expected = fc.array(
      fc.record({
        name: fc.string(),
        modality: fc.constantFrom('CT', 'MR', null),
        words: fc.constantFrom([], ['axial'], ['bone', 'axial']),
        images: fc.constantFrom(null, 1, 20),
      }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(expected, some, some, (wantedSeries, here, more) => {
        const protocol = { ...head, series: wantedSeries };
        const standing = protocolStanding(protocol, here);
        const turned = protocolStanding(protocol, [...here].reverse());
        expect([turned.seen, turned.whole]).toEqual([standing.seen, standing.whole]);
        expect(standing.seen + standing.missing.length).toBe(wantedSeries.length);
        const grown = protocolStanding(protocol, [...here, ...more]);
        expect(grown.seen).toBeGreaterThanOrEqual(standing.seen);
        if (standing.whole) expect(grown.whole).toBe(true);
      }),
    );
  });
});

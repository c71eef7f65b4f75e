import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coveredInstances, imageSetChange, imageSetWords, presentFor } from './image-set.ts';
import { reportPdfSeries } from './report-pdf-uids.ts';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const enhancedSr = '1.2.840.10008.5.1.4.1.1.88.22';
const presentation = '1.2.840.10008.5.1.4.1.1.11.1';
const keyObjects = '1.2.840.10008.5.1.4.1.1.88.59';
const pdf = '1.2.840.10008.5.1.4.1.1.104.1';

describe('a signature covers', () => {
  it.each([
    ['an image', ct, 'CT', true],
    ['a report stored with the study', enhancedSr, 'SR', false],
    ['a selection of key images', keyObjects, 'KO', false],
    ['arrows that somebody saved on the images', presentation, 'PR', false],
    ['a presentation state in colour', '1.2.840.10008.5.1.4.1.1.11.2', 'PR', false],
    ['not a presentation state whose class the archive does not tell', '', 'PR', false],
    ['a scanned document', pdf, 'OT', true],
    ['an image whose class the archive does not tell', '', 'CT', true],
    ['not a report whose class the archive does not tell', '', 'SR', false],
    ['not a selection whose class the archive does not tell', '', 'KO', false],
  ])('%s', (_what, sopClassUid, modality, covered) => {
    const uids = { instanceUid: '1.2.3', seriesUid: '1.2' };
    expect(coveredInstances([{ ...uids, sopClassUid, modality }]).length === 1).toBe(covered);
  });

  it('not a report of ours that lies there as PDF, and every PDF of another', () => {
    const uid = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((bits): `2.25.${string}` => `2.25.${bits}`);
    fc.assert(
      fc.property(uid, uid, (instanceUid, other) => {
        const ours = { instanceUid, seriesUid: reportPdfSeries(instanceUid), sopClassUid: pdf, modality: 'DOC' };
        expect(coveredInstances([ours])).toEqual([]);
        expect(coveredInstances([{ ...ours, sopClassUid: '' }])).toEqual([]);
        expect(reportPdfSeries(ours.seriesUid)).toBe(instanceUid);
        if (other !== ours.seriesUid) expect(coveredInstances([{ ...ours, seriesUid: other }])).toHaveLength(1);
      }),
    );
  });
});

describe('between a signature and its release the images', () => {
  it.each([
    ['are the same', ['1', '2'], ['2', '1'], { kind: 'unchanged' }, null],
    ['are the same where an archive names one twice', ['1', '2'], ['2', '1', '2'], { kind: 'unchanged' }, null],
    ['grew by one', ['1'], ['1', '2'], { kind: 'grew', added: 1 }, /1 more image came/],
    ['grew by two', ['1'], ['1', '2', '3'], { kind: 'grew', added: 2 }, /2 more images came/],
    ['shrank', ['1', '2'], ['1'], { kind: 'shrank', missing: 1, added: 0 }, /1 image of it is gone\./],
    [
      'were put in the place of others',
      ['1', '2'],
      ['3', '4'],
      { kind: 'shrank', missing: 2, added: 2 },
      /2 images of it are gone and 2 more images came/,
    ],
    ['are gone with the whole study', ['1', '2'], [], { kind: 'gone' }, /withdrawn from the archive/],
    ['never were', [], [], { kind: 'unchanged' }, null],
  ] as const)('%s', (_what, signed, present, change, words) => {
    const found = imageSetChange(signed, present);
    expect(found).toEqual(change);
    if (words === null) expect(imageSetWords(found)).toBeNull();
    else expect(imageSetWords(found)).toMatch(words);
  });

  it('are the same when arrows come, and when those that an older signature named are still there', () => {
    const image = { instanceUid: '1', seriesUid: '1.1', sopClassUid: ct, modality: 'CT' };
    const arrows = { instanceUid: '2', seriesUid: '1.2', sopClassUid: presentation, modality: 'PR' };
    expect(imageSetChange(['1'], presentFor(['1'], [image, arrows]))).toEqual({ kind: 'unchanged' });
    expect(imageSetChange(['1', '2'], presentFor(['1', '2'], [image, arrows]))).toEqual({ kind: 'unchanged' });
    expect(imageSetChange(['1', '2'], presentFor(['1', '2'], [image]))).toMatchObject({ kind: 'shrank' });
  });

  it('let a report go out only if they are exactly those that were signed', () => {
    const uids = fc.uniqueArray(fc.constantFrom('1', '2', '3', '4', '5', '6'));
    fc.assert(
      fc.property(uids, uids, (signed, present) => {
        const same = [...signed].sort().join() === [...present].sort().join();
        const change = imageSetChange(signed, present);
        expect(change.kind === 'unchanged').toBe(same);
        expect(imageSetWords(change) === null).toBe(same);
        expect(change.kind === 'gone').toBe(present.length === 0 && signed.length > 0);
      }),
    );
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otherPatient } from '../../renderer/imaging/objects/about.ts';
import { readObject } from '../../renderer/imaging/objects/read-object.ts';
import { fitSegmentation } from '../../renderer/imaging/objects/segment-fit.ts';
import { segmentation } from '../../renderer/imaging/objects/segmentation.ts';
import { studyObject } from '../../renderer/imaging/objects/study-object.ts';
import { describeSeries } from '../../renderer/imaging/study-metadata.ts';
import { hasSharedData, sharedData } from '../servers/shared-data.ts';
import { staticDicomweb } from '../servers/static-dicomweb/index.ts';
import { asked, described, type Json } from './described.ts';
import { madeColumns, madeEcg, madeRows, madeSegmentation, madeSlices, madeStudyUid } from './made-study.ts';

describe('a segmentation', () => {
  const origin = { archive: 'a', epoch: 1, studyUid: madeStudyUid };
  async function pair(made: Uint8Array) {
    const all = await described([...madeSlices(), made]);
    const found = all.map(segmentation).find((one) => one !== null);
    const images = all.filter((one) => segmentation(one) === null);
    if (found === undefined || found === null) throw new Error('no segmentation was read');
    return { found, series: describeSeries(origin, `${madeStudyUid}.1`, images, images[0] ?? {}) };
  }

  it('lies on the images that it was made from, pixel on pixel', async () => {
    const { found, series } = await pair(madeSegmentation());
    expect(found.segments.map((one) => one.label)).toEqual(['Nodule', 'Vessel']);
    const fit = fitSegmentation(found, series);
    if (!fit.ok) throw new Error(fit.why);
    const frames = series.frames.map((frame) => (fit.byImage.get(frame.imageId) ?? []).map((place) => place.frame));
    expect(frames).toEqual([[], [0, 2], [1], [], []]);
    const [place] = fit.byImage.get(series.frames[1]?.imageId ?? '') ?? [];
    expect(place).toEqual({ frame: 0, origin: [0, 0], along: [1, 0], down: [0, 1] });
  });

  it('that lies in other planes than the images that it names is laid over none', async () => {
    const { found, series } = await pair(madeSegmentation({ offset: 1 }));
    const fit = fitSegmentation(found, series);
    expect(fit).toEqual({
      ok: false,
      why: 'Not laid over these images: it lies in other planes than the images that it names.',
    });
  });

  it('of another frame of reference, which names no image, is laid over none', async () => {
    const { found, series } = await pair(madeSegmentation());
    const unnamed = {
      ...found,
      frameOfReferenceUid: '1.2.3',
      frames: found.frames.map((one) => ({ ...one, sources: [] })),
    };
    const fit = fitSegmentation(unnamed, series);
    expect(fit.ok ? '' : fit.why).toContain('another frame of reference');
    const same = { ...unnamed, frameOfReferenceUid: series.frameOfReferenceUid };
    const byPlane = fitSegmentation(same, series);
    expect(byPlane.ok && byPlane.byImage.size).toBe(2);
  });

  it('gives the very pixels of its file, single bits and fractions', async () => {
    for (const fractional of [false, true]) {
      const read = await readObject(
        madeSegmentation({ fractional }),
        'application/dicom',
        asked('segmentation', fractional ? '3.2' : '3.1', { bits: fractional ? 8 : 1 }),
      );
      if (!read.ok || read.value.what !== 'segmentation') throw new Error('not read');
      expect(read.value.pixels).toHaveLength(Math.ceil((madeRows * madeColumns * 3 * (fractional ? 8 : 1)) / 8));
    }
  });
});

describe('a waveform', () => {
  it('is in millivolts by its sensitivity, with leads, filters and words', async () => {
    const read = await readObject(madeEcg(), 'application/dicom', asked('waveform', '4.1'));
    if (!read.ok || read.value.what !== 'waveform') throw new Error('not read');
    const [group] = read.value.waveform.groups;
    expect(group?.channels.map((one) => one.name)).toEqual([
      'I',
      'II',
      'III',
      'aVR',
      'aVL',
      'aVF',
      'V1',
      'V2',
      'V3',
      'V4',
      'V5',
      'V6',
    ]);
    expect(group?.channels[0]?.unit).toBe('mV');
    expect(group?.channels[0]?.samples[0]).toBeCloseTo(1, 5);
    expect(group?.channels[0]?.filters).toBe('0.05 to 150 Hz');
    expect(read.value.waveform.annotations[0]?.words).toBe('Sinus rhythm <i>by machine</i>');
  });

  it('packed by mu-law or A-law is refused with that reason', async () => {
    const read = await readObject(madeEcg('MB'), 'application/dicom', asked('waveform', '4.1'));
    expect(read.ok ? '' : read.error.words).toContain('mu-law');
  });

  it.skipIf(!hasSharedData)('of a real recorder has the values that dcmtk dumps', async () => {
    const bytes = new Uint8Array(await readFile(join(sharedData, 'dicom/studies/ecg-waveform/ecg.dcm')));
    const read = await readObject(bytes, 'application/dicom', {
      ...asked('waveform', ''),
      studyUid: '1.3.76.13.65829.2.20130125082826.1072139.2',
      instanceUid: '1.3.6.1.4.1.20029.40.20130125105919.5407.1.1',
    });
    if (!read.ok || read.value.what !== 'waveform') throw new Error('not read');
    const { groups, annotations } = read.value.waveform;
    expect(groups.length).toBeGreaterThan(0);
    expect(groups[0]?.channels).toHaveLength(12);
    expect(groups[0]?.channels[0]?.unit).toBe('mV');
    expect(annotations.some((one) => one.words === 'RITMO SINUSALE')).toBe(true);
    expect(annotations.some((one) => one.words === 'RR Interval: 982 ms')).toBe(true);
  });
});

describe('an object of another', () => {
  const here = { patientId: 'OBJ-1', patientName: 'OBJECTS^ODETTE', birthDate: '19700102' };
  it.each([
    ['the same', here, true],
    ['a name in other letters', { ...here, patientName: 'Objects^Odette^' }, true],
    ['nothing said', { patientId: '', patientName: '', birthDate: '' }, true],
    ['another id', { ...here, patientId: 'OBJ-2' }, false],
    ['another name', { ...here, patientName: 'OTHER^ODETTE' }, false],
    ['another birth date', { ...here, birthDate: '19700103' }, false],
  ])('%s', (_what, object, fits) => {
    expect(otherPatient(object, here) === null).toBe(fits);
  });

  it('that the archive sends in place of the one asked for is not read', async () => {
    const read = await readObject(madeEcg(), 'application/dicom', asked('waveform', '4.2'));
    expect(read.ok ? '' : read.error.code).toBe('not-the-image-asked-for');
  });
});

describe('bytes that were changed on the way', () => {
  it('are read or refused with words, and never throw', async () => {
    const files = [
      { bytes: madeEcg(), ask: asked('waveform', '4.1') },
      { bytes: madeSegmentation(), ask: asked('segmentation', '3.1') },
      { bytes: madeSegmentation({ fractional: true }), ask: asked('segmentation', '3.2', { bits: 8 }) },
    ];
    const change = fc.record({ at: fc.nat(6_000), value: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(change, { maxLength: 12 }),
        fc.option(fc.nat(8_000)),
        async ({ bytes, ask }, changes, cut) => {
          const mutated = bytes.slice();
          for (const { at, value } of changes) if (at < mutated.length) mutated[at] = value;
          const read = await readObject(cut === null ? mutated : mutated.subarray(0, cut), 'application/dicom', ask);
          if (!read.ok) expect(read.error.words.length).toBeGreaterThan(10);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe.skipIf(!hasSharedData)('the shared objects', () => {
  const kinds = async (name: string): Promise<readonly (string | undefined)[]> => {
    const archive = await staticDicomweb([join(sharedData, 'dicom/studies', name)]);
    return archive.studies.flatMap((uid) => archive.files(uid).map((one) => studyObject(one.metadata as Json)?.kind));
  };
  it.each([
    ['gsps-with-cr', [undefined, 'presentation']],
    ['seg-liver', ['segmentation']],
    ['ecg-waveform', ['waveform']],
    ['pdf-encapsulated', ['pdf']],
  ] as const)('%s', async (name, expected) => {
    expect(await kinds(name)).toEqual(expected);
  });
});

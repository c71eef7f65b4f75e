import { describe, expect, test } from 'vitest';
import { growthOf, type ImageMeasurement, noMarks } from '../../../shared/domain/measurement/index.ts';
import { type MarksDocument, measurementsToSr } from '../../../shared/interop/dicom-sr/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import type { StudyImages } from '../../imaging/index.ts';
import type { CaseStudy } from './hung.ts';
import { drawnTold, toldMeasurements } from './told-measurements.ts';

const place = { studyUid: '1.2', seriesUid: '1.2.3', instanceUid: '1.2.3.4', frame: 1, frameOfReferenceUid: '9.9' };
const mark = (value: number, change: Partial<ImageMeasurement> = {}): ImageMeasurement => ({
  id: 'm',
  number: 1,
  kind: 'length',
  place,
  points: [
    [0, 0],
    [value, 0],
  ],
  label: 'Nodule',
  trackingUid: '2.25.1',
  spacing: { source: 'detector', row: 1, column: 1 },
  quantities: [{ name: 'length', value, unit: 'mm' }],
  ...change,
});
function sr(minute: number, marks: readonly ImageMeasurement[], studyUid = '1.2'): unknown {
  const facts: MarksDocument = {
    sopInstanceUid: `2.25.${minute}`,
    seriesUid: '2.25.9',
    studyUid,
    patient: { id: 'P', issuer: null, name: 'A^B', birthDate: null, sex: null } as MarksDocument['patient'],
    accession: null,
    observer: 'Tandewright^S',
    savedAt: instant(Date.UTC(2026, 0, 3, 10, minute)),
    zone: 'UTC',
    softwareVersion: '1',
    evidence: [{ instanceUid: '1.2.3.4', seriesUid: '1.2.3', sopClassUid: '1.2.840.10008.5.1.4.1.1.2', frames: 1 }],
    study: { studyDate: null, studyTime: null, description: null, referringPhysician: null },
    notForClinicalUse: false,
  };
  return measurementsToSr(marks, { ...facts, procedure: null });
}
function study(documents: readonly unknown[], change: Partial<CaseStudy> = {}): CaseStudy {
  const { studyUid, seriesUid, frameOfReferenceUid } = place;
  const frames = [{ instanceUid: '1.2.3.4', frame: 1 }];
  const images = {
    studyUid,
    studyDate: '20260103',
    documents,
    series: [{ studyUid, seriesUid, frameOfReferenceUid, frames }],
  };
  return { images: images as unknown as StudyImages, prior: null, ...change };
}

describe('measurements that SRs tell of', () => {
  test('stand with their image, who wrote them, when, and what is said of the size of pixels', () => {
    const [told] = toldMeasurements([study([sr(1, [mark(48)])])], noMarks);
    expect(told?.source).toBe('SR of Tandewright, S, 2026-01-03 · Size of pixels: at the detector.');
    expect(told?.measurement).toMatchObject({ kind: 'length', label: 'Nodule', place, trackingUid: '2.25.1' });
    expect(drawnTold([told as never])).toMatchObject([{ kind: 'length', number: 0, place }]);
  });
  test('of several savings the newest stands', () => {
    const told = toldMeasurements([study([sr(9, [mark(50)]), sr(1, [mark(48)])])], noMarks);
    expect(told.map((one) => one.measurement.quantities[0]?.value)).toEqual([50]);
  });
  test('are left out where the reader has the same lesion on this study herself, or the document is of another study', () => {
    expect(toldMeasurements([study([sr(1, [mark(48)])])], { ...noMarks, measurements: [mark(49)] })).toEqual([]);
    expect(toldMeasurements([study([sr(1, [mark(48)], '7.7')])], noMarks)).toEqual([]);
  });
  test('on an image that the case does not hold are named and not drawn', () => {
    const gone = mark(48, { place: { ...place, instanceUid: '5.5' } });
    const told = toldMeasurements([study([sr(1, [gone])])], noMarks);
    expect(told[0]?.measurement.place).toBeNull();
    expect(drawnTold(told)).toEqual([]);
  });
  test('of a prior give the growth of what is measured again', () => {
    const told = toldMeasurements([study([sr(1, [mark(40)])], { prior: '3 months' })], noMarks);
    const now = mark(50, { place: { ...place, studyUid: '4.4' } });
    expect(
      growthOf(
        now,
        told.map((one) => one.measurement),
      ),
    ).toMatchObject({ percent: 25, studyDate: '20260103' });
  });
  test('that are no documents at all do no harm', () => {
    expect(toldMeasurements([study([null, 7, 'x', { '0040A730': { vr: 'SQ', Value: [null, 3] } }])], noMarks)).toEqual(
      [],
    );
  });
});

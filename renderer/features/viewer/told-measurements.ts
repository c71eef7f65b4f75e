import {
  type CaseMarks,
  type ImageMeasurement,
  type ImagePlace,
  pointsOf,
  type Spacing,
} from '../../../shared/domain/measurement/index.ts';
import { displayName } from '../../../shared/domain/study/index.ts';
import { cleanDicomJson } from '../../../shared/interop/dicom-json/index.ts';
import {
  type ReadMeasurement,
  type ReadMeasurements,
  readMeasurements,
} from '../../../shared/interop/dicom-sr/index.ts';
import { shownDate } from '../../case/index.ts';
import type { CaseStudy } from './hung.ts';
import type { ToldMeasurement } from './marks-panel.tsx';
import { placeInSpace } from './place-in-space.ts';

/** What an SR gives has no size of pixels of its own: its values stand as they were written. */
const asWritten: Spacing = { source: 'patient', row: 1, column: 1 };

/** Of the documents of a study the measurement groups, the newest of each lesion: who saves again writes all of them again. */
function readAll(study: CaseStudy): readonly (readonly [ReadMeasurements, ReadMeasurement])[] {
  const newest = new Map<string, readonly [ReadMeasurements, ReadMeasurement]>();
  const read = study.images.documents
    .flatMap((document) => {
      const clean = cleanDicomJson(document);
      const found = clean.ok ? readMeasurements(clean.value) : null;
      // A document that names another study is not about this one, wherever it lies.
      return found === null || found.studyUid !== study.images.studyUid ? [] : [found];
    })
    .sort((one, other) => one.writtenAt.localeCompare(other.writtenAt));
  for (const document of read) for (const one of document.measurements) newest.set(one.trackingUid, [document, one]);
  return [...newest.values()];
}

function placeOf(study: CaseStudy, image: ReadMeasurement['image']): ImagePlace | null {
  if (image === null) return null;
  for (const series of study.images.series) {
    const frame = series.frames.find((one) => one.instanceUid === image.instanceUid && one.frame === image.frame);
    if (frame === undefined) continue;
    const { studyUid, seriesUid, frameOfReferenceUid } = series;
    return { studyUid, seriesUid, ...image, frameOfReferenceUid };
  }
  return null;
}

/** Measurements that SRs of the case's studies tell of, but for those that the reader has on the image herself. */
export function toldMeasurements(studies: readonly CaseStudy[], marks: CaseMarks): readonly ToldMeasurement[] {
  return studies.flatMap((study) => {
    const { studyUid, studyDate } = study.images;
    const own = new Set(
      marks.measurements.filter((one) => one.place.studyUid === studyUid).map((one) => one.trackingUid),
    );
    return readAll(study)
      .filter(([, one]) => !own.has(one.trackingUid))
      .map(([document, one]) => {
        const { kind, label, quantities, trackingUid, comment, space } = one;
        const inSpace = space === null ? null : placeInSpace(kind, space, study.images.series);
        const by = displayName(document.observer) || document.manufacturer || 'not named';
        return {
          key: `${document.instanceUid} ${trackingUid}`,
          source: `SR of ${by}, ${shownDate(document.contentDate)}${comment === '' ? '' : ` · ${comment}`}`,
          measurement: {
            ...{ kind, label, quantities, trackingUid, studyUid, studyDate },
            spacing: asWritten,
            points: inSpace?.points ?? one.points,
            place: inSpace?.place ?? placeOf(study, one.image),
          },
        };
      });
  });
}

/** Those that can be drawn, as marks without a number: they are looked at and not moved. */
export function drawnTold(told: readonly ToldMeasurement[]): readonly ImageMeasurement[] {
  return told.flatMap(({ key, measurement }) => {
    const { place, kind, points } = measurement;
    if (place === null || points.length < pointsOf[kind]) return [];
    return [{ ...measurement, place, id: `told ${key}`, number: 0 }];
  });
}

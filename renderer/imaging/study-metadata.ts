import { isMammogram, notForInterpretation, unfitReason } from '../../shared/domain/mammography/index.ts';
import { breastImageFromDicom, seriesDescriptionFromDicom } from '../../shared/interop/dicom-json/index.ts';
import { contentDocument } from './content-tree.ts';
import { framesOf, frameTime, frameTimes, ordered, type SeriesOrigin } from './describe-frames.ts';
import { type DataSet, number, text, uid } from './dicom-json.ts';
import { stackMarks } from './honest-marks.ts';
import { studyObject } from './objects/study-object.ts';
import { type Rejection, rejectionWords } from './rejection-notes.ts';
import type { SeriesImages } from './types.ts';

/** Objects that a study may hold and that are not images to look at, by modality or SOP class. */
const notImages: Readonly<Record<string, string>> = {
  SR: 'Structured report',
  KO: 'Key object selection',
  PR: 'Presentation state',
  SEG: 'Segmentation',
  DOC: 'Document (PDF)',
  ECG: 'Waveform (ECG)',
  HD: 'Waveform (haemodynamic)',
  AU: 'Audio',
  REG: 'Registration',
  RTSTRUCT: 'Radiotherapy structures',
  RTPLAN: 'Radiotherapy plan',
  RTDOSE: 'Radiotherapy dose',
  FID: 'Fiducials',
  RWV: 'Real world values',
};

export type Rejections = {
  readonly byInstance: ReadonlyMap<string, Rejection>;
  /** True when the reader has asked for what was rejected for quality. */
  readonly withQuality: boolean;
};

/** A series from its instances' metadata (PS3.18 10.4.1.1.2). Instances of another study or series are left out. */
export function describeSeries(
  origin: SeriesOrigin,
  seriesUid: string,
  instances: readonly DataSet[],
  listed: DataSet,
  rejections: Rejections = { byInstance: new Map(), withQuality: false },
  /** Images that its archive counts, where `instances` are not all of them yet. */
  partOf?: number,
): SeriesImages {
  const own = instances.filter(
    (data) =>
      text(data, '0020000D') === origin.studyUid &&
      text(data, '0020000E') === seriesUid &&
      uid(data, '00080018') !== null,
  );
  const first = own[0] ?? listed;
  const modality = text(first, '00080060') || text(listed, '00080060') || 'OT';
  const { byInstance } = rejections;
  const why = (data: DataSet): Rejection | null =>
    byInstance.size === 0 ? null : (byInstance.get(uid(data, '00080018') ?? '') ?? null);
  const kept = own.filter((data) => why(data) === null || (why(data) === 'quality' && rejections.withQuality));
  const images = kept.filter((data) => isImage(data, modality));
  const stack = ordered(images);
  const breasts = stack.filter(mayBeMammogram).flatMap((data) => {
    const facts = breastImageFromDicom(data);
    return facts !== null && isMammogram(facts) ? [facts] : [];
  });
  const unfit = new Map(breasts.map((one) => [one.instanceUid, unfitReason(one)]));
  const frames = stack.flatMap((data) => {
    const found = framesOf(origin, data, modality);
    const reason = unfit.size === 0 ? null : (unfit.get(uid(data, '00080018') ?? '') ?? null);
    const marks = [
      ...(why(data) === null ? [] : [rejectionWords.quality.toUpperCase()]),
      ...(reason === null ? [] : [notForInterpretation(reason)]),
    ];
    return marks.length === 0 ? found : found.map((one) => ({ ...one, marks: [...marks, ...one.marks] }));
  });
  const base = {
    epoch: origin.epoch,
    archive: origin.archive,
    studyUid: origin.studyUid,
    seriesUid,
    number: number(first, '00200011') ?? number(listed, '00200011'),
    modality,
    description: text(first, '0008103E') || text(listed, '0008103E'),
    laterality: text(first, '00200060') || text(first, '00200062') || null,
    frameOfReferenceUid: uid(first, '00200052'),
    hanging: seriesDescriptionFromDicom({ studyUid: origin.studyUid, seriesUid }, kept, partOf ?? frames.length),
    documents: kept.map(contentDocument).filter((one) => one !== null),
    objects: kept.map(studyObject).filter((one) => one !== null),
    ...(breasts.length === 0 ? {} : { breasts }),
    ...(partOf === undefined ? {} : { partOf }),
    setAside:
      kept.length === own.length
        ? []
        : own.filter((data) => !kept.includes(data)).map((data) => uid(data, '00080018') ?? ''),
  };
  if (frames.length === 0) {
    return {
      ...base,
      frames,
      notShown: kept.length === 0 && own.length > 0 ? 'Rejected images' : objectName(first, modality),
      marks: [],
      frameTime: null,
      frameTimes: null,
    };
  }
  return {
    ...base,
    frames,
    notShown: null,
    marks: partOf === undefined ? stackMarks(frames) : [`one of ${partOf} images: the others are being described`],
    frameTime: frameTime(first, frames.length),
    frameTimes: frameTimes(first, frames.length),
  };
}

/** By what is cheap to read: of most series no image is asked for all that the rules of mammography want to know. */
function mayBeMammogram(data: DataSet): boolean {
  return isMammogram({
    sopClassUid: text(data, '00080016'),
    modality: text(data, '00080060'),
    conversionType: text(data, '00080064'),
    bodyPart: text(data, '00180015'),
  });
}

/** By SOP class (PS3.4 B.5) where the modality says nothing: documents and waveforms carry that of what they tell about. */
function objectName(data: DataSet, modality: string): string {
  const sopClass = text(data, '00080016');
  if (sopClass === '1.2.840.10008.5.1.4.1.1.104.1') return 'Document (PDF)';
  if (sopClass.startsWith('1.2.840.10008.5.1.4.1.1.104.')) return 'Document';
  if (sopClass.startsWith('1.2.840.10008.5.1.4.1.1.9.')) return 'Waveform';
  return notImages[modality] ?? `Object without pixels (${modality})`;
}

function isImage(data: DataSet, modality: string): boolean {
  if (notImages[modality] !== undefined) return false;
  // Encapsulated documents (PS3.4 B.5) may carry the modality of what they tell about.
  if (text(data, '00080016').startsWith('1.2.840.10008.5.1.4.1.1.104')) return false;
  return number(data, '00280010') !== null && number(data, '00280011') !== null;
}

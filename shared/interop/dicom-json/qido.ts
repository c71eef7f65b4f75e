import {
  type AccessionNumber,
  examModalities,
  type InstanceUid,
  type Laterality,
  type PatientIdentity,
  parseInstanceUid,
  parseSeriesUid,
  parseStudyUid,
  type SeriesSeen,
  type SeriesUid,
  type Sex,
  type Study,
} from '../../domain/study/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type DicomJson, items, number, personName, personNames, text, texts } from './dicom-json.ts';
import { tags } from './tags.ts';

export type QidoFailure = { readonly code: 'bad-study-uid' | 'bad-instance'; readonly words: string };

const sexes: { readonly [code: string]: Sex | undefined } = { M: 'M', F: 'F', O: 'O' };
const sides: { readonly [code: string]: Laterality | undefined } = { L: 'L', R: 'R', B: 'B' };

export function identityFromDicom(dataset: DicomJson): PatientIdentity {
  const birthDate = text(dataset, tags.PatientBirthDate);
  return {
    id: text(dataset, tags.PatientID),
    issuer: text(dataset, tags.IssuerOfPatientID),
    name: personName(dataset, tags.PatientName),
    birthDate: birthDate !== null && /^\d{4}(\d{2}(\d{2})?)?$/.test(birthDate) ? birthDate : null,
    sex: sexes[(text(dataset, tags.PatientSex) ?? '').toUpperCase()] ?? null,
  };
}

/** More names or numbers of one patient than these are no help. */
const mostOthers = 20;

/** Other names and numbers of the patient, where the search asked for them: (0010,1001), (0010,1005) and (0010,1002). */
function othersFromDicom(dataset: DicomJson): Pick<Study, 'otherNames' | 'otherIds'> {
  const names = [...personNames(dataset, tags.OtherPatientNames), ...personNames(dataset, tags.PatientBirthName)].slice(
    0,
    mostOthers,
  );
  const numbers = items(dataset, tags.OtherPatientIDsSequence).flatMap((item) => {
    const value = text(item, tags.PatientID);
    return value === null ? [] : [{ value, issuer: text(item, tags.IssuerOfPatientID) }];
  });
  return {
    ...(names.length === 0 ? {} : { otherNames: names }),
    ...(numbers.length === 0 ? {} : { otherIds: numbers.slice(0, mostOthers) }),
  };
}

/** A study of a QIDO-RS answer (PS3.18 10.6). Without a valid study UID there is nothing that could be opened. */
export function studyFromQido(dataset: DicomJson, archiveName: string): Result<Study, QidoFailure> {
  const uid = parseStudyUid(text(dataset, tags.StudyInstanceUID) ?? '');
  if (!uid.ok)
    return err({ code: 'bad-study-uid', words: `${archiveName} listed a study without a valid Study Instance UID.` });
  const count = (tag: string): number => Math.max(0, Math.trunc(number(dataset, tag) ?? 0));
  const all = texts(dataset, tags.ModalitiesInStudy);
  const modalities = examModalities(all);
  return ok({
    archive: archiveName,
    studyUid: uid.value,
    patient: identityFromDicom(dataset),
    accession: text(dataset, tags.AccessionNumber) as AccessionNumber | null,
    // A study does not become "SR" or "DOC" by our report in it.
    modalities,
    ...(all.some((one) => !modalities.includes(one)) ? { withDocuments: true } : {}),
    description: text(dataset, tags.StudyDescription) ?? '',
    bodyPart: text(dataset, tags.BodyPartExamined),
    laterality: sides[text(dataset, tags.Laterality) ?? text(dataset, tags.ImageLaterality) ?? ''] ?? null,
    studyDate: text(dataset, tags.StudyDate),
    studyTime: text(dataset, tags.StudyTime),
    timezone: text(dataset, tags.TimezoneOffsetFromUTC),
    institution: text(dataset, tags.InstitutionName),
    seriesCount: count(tags.NumberOfStudyRelatedSeries),
    instanceCount: count(tags.NumberOfStudyRelatedInstances),
    ...othersFromDicom(dataset),
  });
}

/** The archive client's summary of one instance. */
export type QidoInstance = {
  readonly instanceUid: InstanceUid;
  readonly seriesUid: SeriesUid;
  readonly sopClassUid: string;
  readonly modality: string;
  readonly frames: number;
};

export function instanceFromQido(dataset: DicomJson): Result<QidoInstance, QidoFailure> {
  const instanceUid = parseInstanceUid(text(dataset, tags.SOPInstanceUID) ?? '');
  const seriesUid = parseSeriesUid(text(dataset, tags.SeriesInstanceUID) ?? '');
  if (!instanceUid.ok || !seriesUid.ok)
    return err({ code: 'bad-instance', words: 'The archive listed an instance without valid UIDs.' });
  return ok({
    instanceUid: instanceUid.value,
    seriesUid: seriesUid.value,
    sopClassUid: text(dataset, tags.SOPClassUID) ?? '',
    modality: text(dataset, tags.Modality) ?? '',
    frames: Math.max(1, Math.trunc(number(dataset, tags.NumberOfFrames) ?? 1)),
  });
}

/** A series of a QIDO-RS answer, as far as it tells whether it is one that was expected. */
export function seriesSeenFromQido(dataset: DicomJson): SeriesSeen {
  const counted = number(dataset, tags.NumberOfSeriesRelatedInstances);
  return {
    modality: text(dataset, tags.Modality) ?? '',
    description: [text(dataset, tags.SeriesDescription), text(dataset, tags.ProtocolName)]
      .filter((one) => one !== null)
      .join('; '),
    images: counted === null ? null : Math.max(0, Math.trunc(counted)),
  };
}

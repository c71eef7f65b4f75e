import type { ReportContent } from '../../domain/report/index.ts';
import type { JsonValue } from '../../lib/canonical-json.ts';
import type { Instant } from '../../lib/instant.ts';
import { type DicomJson, personName, tags, text } from '../dicom-json/index.ts';
import { contentMoment, objectHead, type StudyFacts } from './object-head.ts';

/** UIDs and circumstances of one version as an object. UIDs are given, so that every attempt writes the same object. */
export type ReportObjectFacts = {
  readonly sopInstanceUid: string;
  readonly seriesUid: string;
  readonly study: StudyFacts;
  readonly releasedAt: Instant;
  /** IANA zone of the site; every date and time of the object is on its clock. */
  readonly zone: string;
  readonly softwareVersion: string;
};

/** By what a signed version joins its study, as a document or as a PDF: patient and study are the report's own (PS3.3 A.35.2, A.45.1). */
export function reportHead(
  content: ReportContent,
  facts: ReportObjectFacts,
  of: Pick<Parameters<typeof objectHead>[0], 'sopClassUid' | 'modality' | 'seriesDescription' | 'seriesNumber'>,
): DicomJson {
  const { sopInstanceUid, seriesUid, study, releasedAt, zone, softwareVersion } = facts;
  return {
    ...objectHead({
      ...of,
      ...{ sopInstanceUid, seriesUid, study, zone, softwareVersion },
      studyUid: content.studyUid,
      patient: content.patient,
      accession: content.accession,
      instanceNumber: content.version,
      madeAt: releasedAt,
    }),
    ...contentMoment(releasedAt, zone),
  };
}

/** What we vouch for in the head of a stored object: whose it is, and its UIDs. Archives merge attributes of their own into the rest. */
export function headVouchedValue(document: DicomJson): { readonly [name: string]: JsonValue } {
  return {
    patient: {
      id: text(document, tags.PatientID),
      name: personName(document, tags.PatientName).replace(/\^+(?==|$)/g, ''),
      birthDate: text(document, tags.PatientBirthDate),
      sex: text(document, tags.PatientSex),
    },
    accession: text(document, tags.AccessionNumber),
    sopClass: text(document, tags.SOPClassUID),
    instance: text(document, tags.SOPInstanceUID),
    series: text(document, tags.SeriesInstanceUID),
    study: text(document, tags.StudyInstanceUID),
  };
}

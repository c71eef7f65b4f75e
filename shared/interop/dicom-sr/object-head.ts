import type { PatientIdentity } from '../../domain/study/index.ts';
import type { Instant } from '../../lib/instant.ts';
import { type DicomJson, tags } from '../dicom-json/index.ts';
import { siteTime } from '../text/site-time.ts';
import { identifier, integer, person, strings, words } from './element.ts';

/** What the archive says of a study, which an object that joins it repeats. */
export type StudyFacts = {
  readonly studyDate: string | null;
  readonly studyTime: string | null;
  readonly studyId: string | null;
  readonly description: string | null;
  readonly referringPhysician: string | null;
};

/**
 * By what every object of ours joins a study: Patient, General Study, series, General Equipment and SOP Common (PS3.3 C.7.1.1, C.7.2.1,
 * C.7.3.1, C.7.5.1, C.12.1), as DICOM JSON. UIDs are given, so that every attempt writes the same object.
 */
export function objectHead(of: {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly seriesUid: string;
  readonly studyUid: string;
  readonly patient: PatientIdentity;
  readonly accession: string | null;
  readonly study: StudyFacts;
  readonly modality: 'SR' | 'KO' | 'PR' | 'DOC';
  readonly seriesDescription: string;
  readonly seriesNumber: number;
  readonly instanceNumber: number;
  readonly madeAt: Instant;
  /** IANA zone of the site; every date and time of the object is on its clock. */
  readonly zone: string;
  readonly softwareVersion: string;
}): DicomJson {
  const { patient, study } = of;
  const made = siteTime(of.madeAt, of.zone);
  return {
    [tags.SpecificCharacterSet]: strings('CS', 'ISO_IR 192'),
    [tags.InstanceCreationDate]: strings('DA', made.date),
    [tags.InstanceCreationTime]: strings('TM', made.time),
    [tags.SOPClassUID]: strings('UI', of.sopClassUid),
    [tags.SOPInstanceUID]: strings('UI', of.sopInstanceUid),
    [tags.StudyDate]: strings('DA', study.studyDate),
    [tags.StudyTime]: strings('TM', study.studyTime),
    [tags.AccessionNumber]: identifier('SH', of.accession),
    [tags.Modality]: strings('CS', of.modality),
    [tags.Manufacturer]: words('LO', 'Overread'),
    [tags.ReferringPhysicianName]: person(study.referringPhysician ?? ''),
    [tags.TimezoneOffsetFromUTC]: strings('SH', made.offset),
    ...(study.description === null ? {} : { [tags.StudyDescription]: words('LO', study.description) }),
    [tags.SeriesDescription]: words('LO', of.seriesDescription),
    [tags.ManufacturerModelName]: words('LO', 'Overread'),
    [tags.PatientName]: person(patient.name),
    [tags.PatientID]: identifier('LO', patient.id),
    ...(patient.issuer === null ? {} : { [tags.IssuerOfPatientID]: identifier('LO', patient.issuer) }),
    // DA wants eight digits; a partial birth date cannot be written (type 2: empty).
    [tags.PatientBirthDate]: strings('DA', patient.birthDate?.length === 8 ? patient.birthDate : null),
    [tags.PatientSex]: strings('CS', patient.sex),
    [tags.SoftwareVersions]: words('LO', of.softwareVersion),
    [tags.StudyInstanceUID]: strings('UI', of.studyUid),
    [tags.SeriesInstanceUID]: strings('UI', of.seriesUid),
    [tags.StudyID]: words('SH', study.studyId),
    [tags.SeriesNumber]: integer(of.seriesNumber),
    [tags.InstanceNumber]: integer(of.instanceNumber),
  };
}

/** When the content of a document began, on the site's clock (PS3.3 C.17.2, C.24.2). */
export function contentMoment(at: Instant, zone: string): DicomJson {
  const { date, time } = siteTime(at, zone);
  return { [tags.ContentDate]: strings('DA', date), [tags.ContentTime]: strings('TM', time) };
}

import type { PatientIdentity } from '../../domain/study/index.ts';
import type { Instant } from '../../lib/instant.ts';
import { type DicomJson, tags } from '../dicom-json/index.ts';
import { notForClinicalUse } from '../report-sections.ts';
import { siteTime } from '../text/site-time.ts';
import { codeItem } from './content-item.ts';
import { type CodedConcept, identifier, integer, person, sequence, strings, words } from './element.ts';
import { type EvidenceInstance, evidenceOf } from './report-to-sr.ts';

/** What a document of marks says beside them. UIDs are given, so that every attempt writes the same object. */
export type MarksDocument = {
  readonly sopInstanceUid: string;
  readonly seriesUid: string;
  readonly studyUid: string;
  readonly patient: PatientIdentity;
  readonly accession: string | null;
  /** As a DICOM person name. */
  readonly observer: string;
  readonly savedAt: Instant;
  /** IANA zone of the site. */
  readonly zone: string;
  readonly softwareVersion: string;
  /** The images that are marked, and no others. */
  readonly evidence: readonly (EvidenceInstance & { readonly frames: number })[];
  readonly study: {
    readonly studyDate: string | null;
    readonly studyTime: string | null;
    readonly description: string | null;
    readonly referringPhysician: string | null;
  };
  readonly notForClinicalUse: boolean;
};

/** The attributes that SR and KOS documents of marks share, content aside (PS3.3 A.35.3, A.35.4). */
export function documentHead(
  facts: MarksDocument,
  of: {
    readonly sopClassUid: string;
    readonly modality: 'SR' | 'KO';
    readonly description: string;
    readonly number: number;
    readonly title: CodedConcept;
    readonly template: string;
  },
): DicomJson {
  const saved = siteTime(facts.savedAt, facts.zone);
  const { patient, study } = facts;
  return {
    [tags.SpecificCharacterSet]: strings('CS', 'ISO_IR 192'),
    [tags.InstanceCreationDate]: strings('DA', saved.date),
    [tags.InstanceCreationTime]: strings('TM', saved.time),
    [tags.SOPClassUID]: strings('UI', of.sopClassUid),
    [tags.SOPInstanceUID]: strings('UI', facts.sopInstanceUid),
    [tags.StudyDate]: strings('DA', study.studyDate),
    [tags.ContentDate]: strings('DA', saved.date),
    [tags.StudyTime]: strings('TM', study.studyTime),
    [tags.ContentTime]: strings('TM', saved.time),
    [tags.AccessionNumber]: identifier('SH', facts.accession),
    [tags.Modality]: strings('CS', of.modality),
    [tags.Manufacturer]: words('LO', 'Overread'),
    [tags.ReferringPhysicianName]: person(study.referringPhysician ?? ''),
    [tags.TimezoneOffsetFromUTC]: strings('SH', saved.offset),
    ...(study.description === null ? {} : { [tags.StudyDescription]: words('LO', study.description) }),
    [tags.SeriesDescription]: words(
      'LO',
      facts.notForClinicalUse ? `${of.description} - ${notForClinicalUse}` : of.description,
    ),
    [tags.ManufacturerModelName]: words('LO', 'Overread'),
    [tags.ReferencedPerformedProcedureStepSequence]: sequence(),
    [tags.PatientName]: person(patient.name),
    [tags.PatientID]: identifier('LO', patient.id),
    ...(patient.issuer === null ? {} : { [tags.IssuerOfPatientID]: identifier('LO', patient.issuer) }),
    [tags.PatientBirthDate]: strings('DA', patient.birthDate?.length === 8 ? patient.birthDate : null),
    [tags.PatientSex]: strings('CS', patient.sex),
    [tags.SoftwareVersions]: words('LO', facts.softwareVersion),
    [tags.StudyInstanceUID]: strings('UI', facts.studyUid),
    [tags.SeriesInstanceUID]: strings('UI', facts.seriesUid),
    [tags.StudyID]: words('SH', null),
    [tags.SeriesNumber]: integer(of.number),
    [tags.InstanceNumber]: integer(1),
    [tags.ValueType]: strings('CS', 'CONTAINER'),
    [tags.ConceptNameCodeSequence]: sequence(codeItem(of.title)),
    [tags.ContinuityOfContent]: strings('CS', 'SEPARATE'),
    [tags.CurrentRequestedProcedureEvidenceSequence]: sequence(evidenceOf(facts.studyUid, facts.evidence)),
    [tags.ContentTemplateSequence]: sequence({
      [tags.MappingResource]: strings('CS', 'DCMR'),
      [tags.TemplateIdentifier]: strings('CS', of.template),
    }),
  };
}

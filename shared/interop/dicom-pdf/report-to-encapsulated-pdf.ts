import type { ReportContent } from '../../domain/report/index.ts';
import type { Instant } from '../../lib/instant.ts';
import { type DicomJson, tags } from '../dicom-json/index.ts';
import { codeItem, loinc } from '../dicom-sr/content-item.ts';
import { identifier, integer, line, person, sequence, strings, words } from '../dicom-sr/element.ts';
import { documentCode } from '../report-codes.ts';
import { notForClinicalUse, type ReleasedState, stateTitle } from '../report-sections.ts';
import { siteTime } from '../text/site-time.ts';

/** Encapsulated PDF Storage. */
export const encapsulatedPdfClass = '1.2.840.10008.5.1.4.1.1.104.1';

/** What the object says beside the document. UIDs are given, so that every attempt writes the same object. */
export type EncapsulatedPdfFacts = {
  readonly sopInstanceUid: string;
  readonly seriesUid: string;
  /** SHA-256, lower-case hex, of the signed content. */
  readonly digest: string;
  readonly state: ReleasedState;
  readonly releasedAt: Instant;
  /** IANA zone of the site. */
  readonly zone: string;
  readonly softwareVersion: string;
  /** The document, base64, and its length in bytes. */
  readonly pdf: { readonly data: string; readonly size: number };
  readonly study: {
    readonly studyDate: string | null;
    readonly studyTime: string | null;
    readonly studyId: string | null;
    readonly description: string | null;
    readonly referringPhysician: string | null;
  };
};

/** The signed PDF as a DICOM object beside the images (PS3.3 A.45.1, C.24.2), as DICOM JSON. */
export function reportToEncapsulatedPdf(content: ReportContent, facts: EncapsulatedPdfFacts): DicomJson {
  const released = siteTime(facts.releasedAt, facts.zone);
  const root = documentCode(content.together === undefined ? content.exam.modality : null);
  const title = `${stateTitle(facts.state)}${content.notForClinicalUse ? ` - ${notForClinicalUse}` : ''}`;
  const { patient } = content;
  const { study } = facts;
  return {
    [tags.SpecificCharacterSet]: strings('CS', 'ISO_IR 192'),
    [tags.InstanceCreationDate]: strings('DA', released.date),
    [tags.InstanceCreationTime]: strings('TM', released.time),
    [tags.SOPClassUID]: strings('UI', encapsulatedPdfClass),
    [tags.SOPInstanceUID]: strings('UI', facts.sopInstanceUid),
    [tags.StudyDate]: strings('DA', study.studyDate),
    [tags.ContentDate]: strings('DA', released.date),
    // Acquisition DateTime, type 2: the document was signed and not acquired.
    '0008002A': { vr: 'DT' },
    [tags.StudyTime]: strings('TM', study.studyTime),
    [tags.ContentTime]: strings('TM', released.time),
    [tags.AccessionNumber]: identifier('SH', content.accession),
    [tags.Modality]: strings('CS', 'DOC'),
    // Conversion Type: workstation.
    '00080064': strings('CS', 'WSD'),
    [tags.Manufacturer]: words('LO', 'Overread'),
    [tags.ReferringPhysicianName]: person(study.referringPhysician ?? ''),
    [tags.TimezoneOffsetFromUTC]: strings('SH', released.offset),
    ...(study.description === null ? {} : { [tags.StudyDescription]: words('LO', study.description) }),
    [tags.SeriesDescription]: words('LO', 'Radiology report, PDF'),
    [tags.ManufacturerModelName]: words('LO', 'Overread'),
    [tags.PatientName]: person(patient.name),
    [tags.PatientID]: identifier('LO', patient.id),
    ...(patient.issuer === null ? {} : { [tags.IssuerOfPatientID]: identifier('LO', patient.issuer) }),
    [tags.PatientBirthDate]: strings('DA', patient.birthDate?.length === 8 ? patient.birthDate : null),
    [tags.PatientSex]: strings('CS', patient.sex),
    [tags.SoftwareVersions]: words('LO', facts.softwareVersion),
    [tags.StudyInstanceUID]: strings('UI', content.studyUid),
    [tags.SeriesInstanceUID]: strings('UI', facts.seriesUid),
    [tags.StudyID]: words('SH', study.studyId),
    [tags.SeriesNumber]: integer(9003),
    [tags.InstanceNumber]: integer(content.version),
    // Burned In Annotation: it names the patient on every page.
    '00280301': strings('CS', 'YES'),
    [tags.ConceptNameCodeSequence]: sequence(codeItem(loinc(root.code, root.meaning))),
    [tags.VerificationFlag]: strings('CS', 'VERIFIED'),
    '00420010': strings('ST', line(title, 1024)),
    '00420011': { vr: 'OB', InlineBinary: facts.pdf.data },
    '00420012': strings('LO', 'application/pdf'),
    '00420015': { vr: 'UL', Value: [facts.pdf.size] },
    '00990010': strings('LO', 'OVERREAD'),
    '00991001': strings('LO', line(facts.digest, 64)),
    '00991002': integer(content.version),
  };
}

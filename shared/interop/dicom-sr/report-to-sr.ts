import type { Code } from '../../domain/order/index.ts';
import type { ReportContent } from '../../domain/report/index.ts';
import type { Instant } from '../../lib/instant.ts';
import { type DicomJson, tags } from '../dicom-json/index.ts';
import { documentCode, sectionElement, sectionMeaning } from '../report-codes.ts';
import { notForClinicalUse, printedSections, type ReleasedState } from '../report-sections.ts';
import { nameGroup } from '../text/person-name.ts';
import { siteTime } from '../text/site-time.ts';
import { codedItem, codeItem, container, dcm, loinc, personItem, textItem, uidItem } from './content-item.ts';
import { type CodedConcept, identifier, integer, line, person, sequence, strings, words } from './element.ts';

/** Enhanced SR Storage. */
export const enhancedSrClass = '1.2.840.10008.5.1.4.1.1.88.22';

export type EvidenceInstance = {
  readonly instanceUid: string;
  readonly seriesUid: string;
  readonly sopClassUid: string;
};

/** What the document says beside the signed content. UIDs are given, so that every attempt writes the same object. */
export type SrFacts = {
  readonly sopInstanceUid: string;
  readonly seriesUid: string;
  /** SHA-256, lower-case hex, of the signed content; kept in a private element. */
  readonly digest: string;
  readonly state: Exclude<ReleasedState, 'entered-in-error'>;
  /** The document that this one follows: required for an addendum or a correction (PS3.3 C.17.2). */
  readonly predecessor: { readonly sopInstanceUid: string; readonly seriesUid: string } | null;
  readonly releasedAt: Instant;
  /** IANA zone of the site; every date and time of the document is on its clock. */
  readonly zone: string;
  readonly organization: string;
  readonly softwareVersion: string;
  /** All instances of the current procedure known at signing, less rejected ones. */
  readonly evidence: readonly EvidenceInstance[];
  readonly study: {
    readonly studyDate: string | null;
    readonly studyTime: string | null;
    readonly studyId: string | null;
    readonly description: string | null;
    readonly referringPhysician: string | null;
  };
  readonly request: {
    readonly placerNumber: string | null;
    readonly fillerNumber: string | null;
    readonly procedure: Code | null;
  };
};

/** FHIR code systems under DICOM's designators (PS3.16 8). An unknown system is a local one and says so (`99…`). */
const schemes: { readonly [system: string]: string | undefined } = {
  'http://loinc.org': 'LN',
  'http://snomed.info/sct': 'SCT',
  'http://www.ama-assn.org/go/cpt': 'C4',
  'http://www.radlex.org': 'RADLEX',
  'http://radlex.org': 'RADLEX',
  'http://dicom.nema.org/resources/ontology/DCM': 'DCM',
};

/** TID 2000 wants a coded procedure; without one it is the widest true one (SNOMED CT 363679005 Imaging). */
function procedureCode(code: Code | null): CodedConcept {
  if (code === null || code.code === '') return { value: '363679005', scheme: 'SCT', meaning: 'Imaging procedure' };
  return { value: code.code, scheme: schemes[code.system] ?? '99LOCAL', meaning: code.display || code.code };
}

function sopReference(sopClassUid: string, instanceUid: string): DicomJson {
  return {
    [tags.ReferencedSOPClassUID]: strings('UI', sopClassUid),
    [tags.ReferencedSOPInstanceUID]: strings('UI', instanceUid),
  };
}

/** Hierarchical SOP Instance Reference macro (PS3.3 table C.17-3), series in the order of their first instance. */
function evidenceOf(studyUid: string, evidence: readonly EvidenceInstance[]): DicomJson {
  const series = new Map<string, DicomJson[]>();
  for (const one of evidence) {
    const list = series.get(one.seriesUid) ?? [];
    list.push(sopReference(one.sopClassUid, one.instanceUid));
    series.set(one.seriesUid, list);
  }
  return {
    [tags.StudyInstanceUID]: strings('UI', studyUid),
    [tags.ReferencedSeriesSequence]: sequence(
      ...[...series].map(([uid, list]) => ({
        [tags.ReferencedSOPSequence]: sequence(...list),
        [tags.SeriesInstanceUID]: strings('UI', uid),
      })),
    ),
  };
}

/** A display name such as "Dr M. Tandewright" is no DICOM name: it stands whole in the family component. */
function signerName(content: ReportContent): string {
  return nameGroup({ family: content.signer.name, given: '', middle: '', prefix: '', suffix: '' });
}

function contentItems(content: ReportContent, facts: SrFacts): readonly DicomJson[] {
  const procedure = procedureCode(facts.request.procedure);
  return [
    // TID 1204
    codedItem('HAS CONCEPT MOD', dcm('121049', 'Language of Content Item and Descendants'), {
      value: 'en-US',
      scheme: 'RFC5646',
      meaning: 'English (United States)',
    }),
    codedItem('HAS CONCEPT MOD', dcm('121058', 'Procedure reported'), procedure),
    // TID 1002, 1003
    codedItem('HAS OBS CONTEXT', dcm('121005', 'Observer Type'), dcm('121006', 'Person')),
    personItem('HAS OBS CONTEXT', dcm('121008', 'Person Observer Name'), signerName(content)),
    textItem('HAS OBS CONTEXT', dcm('121009', "Person Observer's Organization Name"), facts.organization),
    // TID 1005
    uidItem('HAS OBS CONTEXT', dcm('121018', 'Procedure Study Instance UID'), content.studyUid),
    ...(content.accession === null
      ? []
      : [textItem('HAS OBS CONTEXT', dcm('121022', 'Accession Number'), content.accession)]),
    codedItem('HAS OBS CONTEXT', dcm('121023', 'Procedure Code'), procedure),
    ...(content.notForClinicalUse
      ? [container(loinc('55112-7', 'Summary'), [textItem('CONTAINS', dcm('121106', 'Comment'), notForClinicalUse)])]
      : []),
    ...printedSections(content).map((section) => {
      const element = sectionElement(section.code);
      return container(loinc(section.code, sectionMeaning(section.code, section.title)), [
        textItem('CONTAINS', dcm(element.code, element.meaning), section.text),
      ]);
    }),
  ];
}

/** A signed version as Enhanced SR by TID 2000 (spec/standards.md 4.2), as DICOM JSON. */
export function reportToSr(content: ReportContent, facts: SrFacts): DicomJson {
  const released = siteTime(facts.releasedAt, facts.zone);
  const signed = siteTime(content.signedAt, facts.zone);
  const root = documentCode(content.exam.modality);
  const predecessor = facts.predecessor;
  return {
    [tags.SpecificCharacterSet]: strings('CS', 'ISO_IR 192'),
    [tags.InstanceCreationDate]: strings('DA', released.date),
    [tags.InstanceCreationTime]: strings('TM', released.time),
    [tags.SOPClassUID]: strings('UI', enhancedSrClass),
    [tags.SOPInstanceUID]: strings('UI', facts.sopInstanceUid),
    [tags.StudyDate]: strings('DA', facts.study.studyDate),
    [tags.ContentDate]: strings('DA', released.date),
    [tags.StudyTime]: strings('TM', facts.study.studyTime),
    [tags.ContentTime]: strings('TM', released.time),
    [tags.AccessionNumber]: identifier('SH', content.accession),
    [tags.Modality]: strings('CS', 'SR'),
    [tags.Manufacturer]: words('LO', 'Overread'),
    [tags.ReferringPhysicianName]: person(facts.study.referringPhysician ?? ''),
    [tags.TimezoneOffsetFromUTC]: strings('SH', released.offset),
    ...(facts.study.description === null ? {} : { [tags.StudyDescription]: words('LO', facts.study.description) }),
    [tags.SeriesDescription]: words(
      'LO',
      content.notForClinicalUse ? `Radiology report - ${notForClinicalUse}` : 'Radiology report',
    ),
    [tags.ManufacturerModelName]: words('LO', 'Overread'),
    [tags.ReferencedPerformedProcedureStepSequence]: sequence(),
    [tags.PatientName]: person(content.patient.name),
    [tags.PatientID]: identifier('LO', content.patient.id),
    ...(content.patient.issuer === null ? {} : { [tags.IssuerOfPatientID]: identifier('LO', content.patient.issuer) }),
    // DA wants eight digits; a partial birth date cannot be written (type 2: empty).
    [tags.PatientBirthDate]: strings('DA', content.patient.birthDate?.length === 8 ? content.patient.birthDate : null),
    [tags.PatientSex]: strings('CS', content.patient.sex),
    [tags.SoftwareVersions]: words('LO', facts.softwareVersion),
    [tags.StudyInstanceUID]: strings('UI', content.studyUid),
    [tags.SeriesInstanceUID]: strings('UI', facts.seriesUid),
    [tags.StudyID]: words('SH', facts.study.studyId),
    // All versions of a report may share a series, so what describes the series is the same in each.
    [tags.SeriesNumber]: integer(9000),
    [tags.InstanceNumber]: integer(content.version),
    [tags.ValueType]: strings('CS', 'CONTAINER'),
    [tags.ConceptNameCodeSequence]: sequence(codeItem(loinc(root.code, root.meaning))),
    [tags.ContinuityOfContent]: strings('CS', 'SEPARATE'),
    // PS3.3 C.17.2: VERIFIED only with COMPLETE, and with the observer who verified.
    [tags.VerifyingObserverSequence]: sequence({
      [tags.VerifyingOrganization]: words('LO', facts.organization),
      [tags.VerificationDateTime]: strings('DT', `${signed.date}${signed.time}${signed.offset}`),
      [tags.VerifyingObserverName]: person(signerName(content)),
      [tags.VerifyingObserverIdentificationCodeSequence]: sequence(),
    }),
    ...(predecessor === null
      ? {}
      : {
          [tags.PredecessorDocumentsSequence]: sequence(
            evidenceOf(content.studyUid, [
              {
                instanceUid: predecessor.sopInstanceUid,
                seriesUid: predecessor.seriesUid,
                sopClassUid: enhancedSrClass,
              },
            ]),
          ),
        }),
    [tags.ReferencedRequestSequence]: sequence({
      [tags.AccessionNumber]: identifier('SH', content.accession),
      [tags.ReferencedStudySequence]: sequence(),
      [tags.StudyInstanceUID]: strings('UI', content.studyUid),
      [tags.RequestedProcedureDescription]: words('LO', content.exam.procedure),
      [tags.RequestedProcedureCodeSequence]:
        facts.request.procedure === null || facts.request.procedure.code === ''
          ? sequence()
          : sequence(codeItem(procedureCode(facts.request.procedure))),
      [tags.RequestedProcedureID]: words('SH', null),
      [tags.PlacerOrderNumberImagingServiceRequest]: identifier('LO', facts.request.placerNumber),
      [tags.FillerOrderNumberImagingServiceRequest]: identifier('LO', facts.request.fillerNumber),
    }),
    [tags.PerformedProcedureCodeSequence]: sequence(),
    ...(facts.evidence.length === 0
      ? {}
      : {
          [tags.CurrentRequestedProcedureEvidenceSequence]: sequence(evidenceOf(content.studyUid, facts.evidence)),
        }),
    [tags.CompletionFlag]: strings('CS', 'COMPLETE'),
    [tags.VerificationFlag]: strings('CS', 'VERIFIED'),
    [tags.PreliminaryFlag]: strings('CS', facts.state === 'preliminary' ? 'PRELIMINARY' : 'FINAL'),
    [tags.ContentTemplateSequence]: sequence({
      [tags.MappingResource]: strings('CS', 'DCMR'),
      [tags.TemplateIdentifier]: strings('CS', '2000'),
    }),
    [tags.ContentSequence]: sequence(...contentItems(content, facts)),
    // PS3.5 7.8.1: private creator, then our elements of its block.
    '00990010': strings('LO', 'OVERREAD'),
    '00991001': strings('LO', line(facts.digest, 64)),
    '00991002': integer(content.version),
  };
}

/** PS3.5 B.2: a UID from 128 bits under 2.25. The same digest gives the same UID, so that a repeat is the same object. */
export function uidFromDigest(sha256Hex: string): `2.25.${string}` {
  return `2.25.${BigInt(`0x${sha256Hex.slice(0, 32)}`).toString(10)}`;
}

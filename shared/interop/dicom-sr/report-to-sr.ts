import type { Code } from '../../domain/order/index.ts';
import type { ReportContent } from '../../domain/report/index.ts';
import { type DicomJson, tags } from '../dicom-json/index.ts';
import { documentCode, sectionElement, sectionMeaning } from '../report-codes.ts';
import { headedSections, notForClinicalUse, noticesOf, type ReleasedState } from '../report-sections.ts';
import { nameGroup } from '../text/person-name.ts';
import { siteTime } from '../text/site-time.ts';
import { codedItem, codeItem, container, dcm, loinc, personItem, textItem, uidItem } from './content-item.ts';
import { type CodedConcept, identifier, integer, line, person, sequence, strings, words } from './element.ts';
import { type ReportObjectFacts, reportHead } from './report-head.ts';
import { type KeyImageReference, keyImagesSection } from './report-key-images.ts';

/** Enhanced SR Storage. */
export const enhancedSrClass = '1.2.840.10008.5.1.4.1.1.88.22';

export type EvidenceInstance = {
  readonly instanceUid: string;
  readonly seriesUid: string;
  readonly sopClassUid: string;
};

/** The order behind one exam. */
export type SrRequest = {
  readonly placerNumber: string | null;
  readonly fillerNumber: string | null;
  readonly procedure: Code | null;
};

/** Another exam of a report over several: its order, its images, and the same document as it is filed in that study. */
export type SrOtherExam = {
  readonly studyUid: string;
  readonly request: SrRequest;
  readonly evidence: readonly EvidenceInstance[];
  readonly document: { readonly sopInstanceUid: string; readonly seriesUid: string };
};

/** What the document says beside the signed content. */
export type SrFacts = ReportObjectFacts & {
  /** SHA-256, lower-case hex, of the signed content; kept in a private element. */
  readonly digest: string;
  readonly state: ReleasedState;
  /** The document that this one follows: required for an addendum, a correction or a withdrawal (PS3.3 C.17.2). */
  readonly predecessor: Pick<ReportObjectFacts, 'sopInstanceUid' | 'seriesUid'> | null;
  readonly organization: string;
  /** All instances of the current procedure known at signing, less rejected ones. */
  readonly evidence: readonly EvidenceInstance[];
  readonly request: SrRequest;
  /** Images that the reader marked as key; those that are no evidence are left out. */
  readonly keyImages?: readonly KeyImageReference[];
  /** The other exams of a report over several; absent for a report of one. */
  readonly others?: readonly SrOtherExam[];
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
export function procedureCode(code: Code | null): CodedConcept {
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
export function evidenceOf(studyUid: string, evidence: readonly EvidenceInstance[]): DicomJson {
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

/** Identified Person or Device macro (PS3.3 table C.17-3b). */
function authorObserver(name: string, organization: string): DicomJson {
  return {
    [tags.InstitutionName]: words('LO', organization),
    [tags.InstitutionCodeSequence]: sequence(),
    [tags.PersonIdentificationCodeSequence]: sequence(),
    [tags.ObserverType]: strings('CS', 'PSN'),
    [tags.PersonName]: person(nameGroup({ family: name, given: '', middle: '', prefix: '', suffix: '' })),
  };
}

/** One exam of the document, with the order that asked for it. */
type DocumentExam = {
  readonly studyUid: string;
  readonly accession: string | null;
  readonly exam: string;
  readonly request: SrRequest;
};

/** Every exam in the order that all versions of the report have, so that the same document is filed in each study. */
function examsOf(content: ReportContent, facts: SrFacts): readonly DocumentExam[] {
  const { studyUid, accession, together } = content;
  if (together === undefined) return [{ studyUid, accession, exam: content.exam.procedure, request: facts.request }];
  return together.exams.map((one) => ({
    studyUid: one.studyUid,
    accession: one.accession,
    exam: one.exam,
    request:
      one.studyUid === studyUid
        ? facts.request
        : (facts.others?.find((other) => other.studyUid === one.studyUid)?.request ?? {
            placerNumber: null,
            fillerNumber: one.accession,
            procedure: null,
          }),
  }));
}

/** TID 1005: which exam is spoken of. */
function procedureContext(exam: DocumentExam): readonly DicomJson[] {
  return [
    uidItem('HAS OBS CONTEXT', dcm('121018', 'Procedure Study Instance UID'), exam.studyUid),
    ...(exam.accession === null
      ? []
      : [textItem('HAS OBS CONTEXT', dcm('121022', 'Accession Number'), exam.accession)]),
    codedItem('HAS OBS CONTEXT', dcm('121023', 'Procedure Code'), procedureCode(exam.request.procedure)),
  ];
}

function contentItems(content: ReportContent, facts: SrFacts): readonly DicomJson[] {
  const exams = examsOf(content, facts);
  const several = content.together !== undefined;
  // A viewer shows the words of a document before its flags, if those at all.
  const notices = noticesOf(content, facts.state, facts.zone);
  return [
    // TID 1204
    codedItem('HAS CONCEPT MOD', dcm('121049', 'Language of Content Item and Descendants'), {
      value: 'en-US',
      scheme: 'RFC5646',
      meaning: 'English (United States)',
    }),
    ...exams.map((exam) =>
      codedItem('HAS CONCEPT MOD', dcm('121058', 'Procedure reported'), procedureCode(exam.request.procedure)),
    ),
    // TID 1002, 1003
    codedItem('HAS OBS CONTEXT', dcm('121005', 'Observer Type'), dcm('121006', 'Person')),
    personItem('HAS OBS CONTEXT', dcm('121008', 'Person Observer Name'), signerName(content)),
    textItem('HAS OBS CONTEXT', dcm('121009', "Person Observer's Organization Name"), facts.organization),
    // Of several exams each section says its own: at the root it would hold for every word below.
    ...(several ? [] : exams.flatMap(procedureContext)),
    ...(notices.length === 0
      ? []
      : [
          container(
            loinc('55112-7', 'Summary'),
            notices.map((notice) => textItem('CONTAINS', dcm('121106', 'Comment'), notice)),
          ),
        ]),
    ...headedSections(content).map((section) => {
      const element = sectionElement(section.code);
      const exam = section.exam === undefined ? undefined : exams.find((one) => one.studyUid === section.exam);
      return container(loinc(section.code, sectionMeaning(section.code, section.title)), [
        ...(exam === undefined ? [] : procedureContext(exam)),
        textItem('CONTAINS', dcm(element.code, element.meaning), section.text),
      ]);
    }),
    ...keyImagesSection(
      facts.keyImages ?? [],
      [facts, ...(facts.others ?? [])].flatMap((one) => one.evidence),
    ),
  ];
}

/** PS3.3 C.17.2: one item for each order that the document answers. */
function requestItem(exam: DocumentExam): DicomJson {
  const { procedure, placerNumber, fillerNumber } = exam.request;
  return {
    [tags.AccessionNumber]: identifier('SH', exam.accession),
    [tags.ReferencedStudySequence]: sequence(),
    [tags.StudyInstanceUID]: strings('UI', exam.studyUid),
    [tags.RequestedProcedureDescription]: words('LO', exam.exam),
    [tags.RequestedProcedureCodeSequence]:
      procedure === null || procedure.code === '' ? sequence() : sequence(codeItem(procedureCode(procedure))),
    [tags.RequestedProcedureID]: words('SH', null),
    [tags.PlacerOrderNumberImagingServiceRequest]: identifier('LO', placerNumber),
    [tags.FillerOrderNumberImagingServiceRequest]: identifier('LO', fillerNumber),
  };
}

/** A signed version as Enhanced SR by TID 2000 (spec/standards.md 4.2), as DICOM JSON. */
export function reportToSr(content: ReportContent, facts: SrFacts): DicomJson {
  const signed = siteTime(content.signedAt, facts.zone);
  // One document over several exams has one title, whatever made the images of each.
  const root = documentCode(content.together === undefined ? content.exam.modality : null);
  const others = facts.others ?? [];
  const evidence = [{ studyUid: content.studyUid, evidence: facts.evidence }, ...others].filter(
    (study) => study.evidence.length > 0,
  );
  const predecessor = facts.predecessor;
  return {
    ...reportHead(content, facts, {
      sopClassUid: enhancedSrClass,
      modality: 'SR',
      seriesDescription: content.notForClinicalUse ? `Radiology report - ${notForClinicalUse}` : 'Radiology report',
      // All versions of a report may share a series, so what describes the series is the same in each.
      seriesNumber: 9000,
    }),
    [tags.ReferencedPerformedProcedureStepSequence]: sequence(),
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
    // PS3.3 C.17.2: who is responsible for the words, beside whoever verified them.
    ...(content.dictatedBy === undefined
      ? {}
      : { [tags.AuthorObserverSequence]: sequence(authorObserver(content.dictatedBy.name, facts.organization)) }),
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
    [tags.ReferencedRequestSequence]: sequence(...examsOf(content, facts).map(requestItem)),
    [tags.PerformedProcedureCodeSequence]: sequence(),
    ...(evidence.length === 0
      ? {}
      : {
          [tags.CurrentRequestedProcedureEvidenceSequence]: sequence(
            ...evidence.map((study) => evidenceOf(study.studyUid, study.evidence)),
          ),
        }),
    [tags.CompletionFlag]: strings('CS', 'COMPLETE'),
    [tags.VerificationFlag]: strings('CS', 'VERIFIED'),
    [tags.PreliminaryFlag]: strings('CS', facts.state === 'preliminary' ? 'PRELIMINARY' : 'FINAL'),
    [tags.ContentTemplateSequence]: sequence({
      [tags.MappingResource]: strings('CS', 'DCMR'),
      [tags.TemplateIdentifier]: strings('CS', '2000'),
    }),
    // C.17.2: the same document, filed in each study that it speaks of (PS3.3 C.17.2.2).
    ...(others.length === 0
      ? {}
      : {
          [tags.IdenticalDocumentsSequence]: sequence(
            ...others.map(({ studyUid, document }) =>
              evidenceOf(studyUid, [
                {
                  instanceUid: document.sopInstanceUid,
                  seriesUid: document.seriesUid,
                  sopClassUid: enhancedSrClass,
                },
              ]),
            ),
          ),
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

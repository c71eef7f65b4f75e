import type { PatientIdentity } from '../../domain/study/index.ts';
import type { Instant } from '../../lib/instant.ts';
import { type DicomJson, tags } from '../dicom-json/index.ts';
import { notForClinicalUse } from '../report-sections.ts';
import { codeItem } from './content-item.ts';
import { type CodedConcept, sequence, strings } from './element.ts';
import { contentMoment, objectHead, type StudyFacts } from './object-head.ts';
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
  readonly study: Omit<StudyFacts, 'studyId'>;
  readonly notForClinicalUse: boolean;
};

/** The head of everything that is made of marks: each series has its own description, which says what the images are not for. */
export function marksHead(
  facts: MarksDocument,
  of: Pick<Parameters<typeof objectHead>[0], 'sopClassUid' | 'modality' | 'seriesDescription' | 'seriesNumber'>,
): DicomJson {
  return objectHead({
    ...facts,
    ...of,
    // The archive was not asked for it: type 2, empty.
    study: { ...facts.study, studyId: null },
    seriesDescription: facts.notForClinicalUse
      ? `${of.seriesDescription} - ${notForClinicalUse}`
      : of.seriesDescription,
    instanceNumber: 1,
    madeAt: facts.savedAt,
  });
}

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
  return {
    ...marksHead(facts, { ...of, seriesDescription: of.description, seriesNumber: of.number }),
    ...contentMoment(facts.savedAt, facts.zone),
    [tags.ReferencedPerformedProcedureStepSequence]: sequence(),
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

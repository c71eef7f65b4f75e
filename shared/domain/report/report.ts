import type { Instant } from '../../lib/instant.ts';
import type { CaseMarks, MeasurementKind } from '../measurement/index.ts';
import type { PatientIdentity } from '../study/index.ts';
import type { DoubtfulWords } from './doubtful-words.ts';
import type { SignedKeyImage } from './key-pictures.ts';
import type { AfterPreliminary } from './overread.ts';
import type { DictatedBy } from './pending-report.ts';
import type { DraftField, DraftTemplate, SourcedWords } from './report-field.ts';
import type { Withdrawal } from './withdrawal.ts';

/** The sections of a report with their LOINC codes (CID 7001) and the names the page shows, in reading order. */
export const reportSections = [
  { code: '55752-0', title: 'Clinical information' },
  { code: '55111-9', title: 'Technique' },
  { code: '18834-2', title: 'Comparison' },
  { code: '59776-5', title: 'Findings' },
  { code: '19005-8', title: 'Impression' },
] as const;
export type SectionCode = (typeof reportSections)[number]['code'];
export type SectionTexts = { readonly [Code in SectionCode]: string };

/** LOINC code of the text of an addendum (CID 7001). */
export const addendumSectionCode = '55107-7';

/** LOINC code of "Communication of Critical Results" (CID 7001). */
export const communicationSectionCode = '73568-8';

/** draft -> signed (not released) -> preliminary -> final -> appended | corrected (DESIGN 4). */
export type ReportState =
  | 'draft'
  | 'signed-not-released'
  | 'preliminary'
  | 'final'
  | 'appended'
  | 'corrected'
  | 'entered-in-error';

/** Series of one signature that the record names as opened. */
export const mostSeriesOpened = 500;

/** `withdrawal`: the report is taken back as entered in error; a version like the others, so that it is signed, kept and delivered like them. */
export const releaseKinds = ['preliminary', 'final', 'addendum', 'correction', 'withdrawal'] as const;
export type ReleaseKind = (typeof releaseKinds)[number];
/** What a reader writes and signs; a withdrawal has a way of its own. */
export type WrittenKind = Exclude<ReleaseKind, 'withdrawal'>;

/** What changes or ends a report that is out: it needs no claim and has no rival. */
export function isLaterKind(kind: ReleaseKind): kind is 'addendum' | 'correction' | 'withdrawal' {
  return kind === 'addendum' || kind === 'correction' || kind === 'withdrawal';
}

/** Why identity could differ and the reader signs all the same; recorded, and covered by the signature. */
export type IdentityResolution = {
  readonly reason: string;
  readonly by: string;
  readonly at: Instant;
  /** The differences as they stood, in words: "birth date: order 1952-03-09, images 1953-03-09". */
  readonly differences: readonly string[];
};

/** A number taken from an image into the report. */
export type Measurement = {
  readonly id: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly instanceUid: string;
  /** 1-based frame of the instance. */
  readonly frame: number;
  readonly tool: MeasurementKind;
  /** As it was put into Findings: "48.0 mm". */
  readonly text: string;
  readonly value: number;
  /** UCUM: mm, deg, [hnsf'U], 1. */
  readonly unit: string;
};

/** Sections that each exam of a report over several has of its own. */
export type ExamSectionCode = '55111-9' | '59776-5' | '19005-8';

/** A section as it is signed. `exam`: the Study Instance UID of the one exam that it speaks of, in a report over several. */
export type ReportSection = {
  readonly code: string;
  readonly title: string;
  readonly text: string;
  readonly exam?: string | undefined;
};

/** One exam of a report over several, as every version of that report lists it. */
export type ReportExam = {
  readonly taskId: string;
  readonly orderId: string | null;
  readonly archive: string | null;
  readonly studyUid: string;
  readonly accession: string | null;
  /** The procedure in words. */
  readonly exam: string;
  readonly studyDate: string | null;
  /** The report and version under which the same words are filed for this exam. */
  readonly reportId: string;
  readonly version: number;
  /** SOP Instance UIDs of this study at signing, sorted. */
  readonly instances: readonly string[];
};

/** Exactly what a signature covers: identity, text and the list of instances that the study held. Its canonical JSON is hashed. */
export type ReportContent = {
  readonly schema: 'overread-report-1';
  readonly reportId: string;
  /** 1-based; each release is a new version. */
  readonly version: number;
  readonly kind: ReleaseKind;
  /** Digest of the version that this one follows; null for the first. */
  readonly parentDigest: string | null;
  readonly taskId: string;
  readonly orderId: string | null;
  readonly archive: string | null;
  readonly studyUid: string;
  readonly accession: string | null;
  readonly patient: PatientIdentity;
  readonly exam: {
    readonly procedure: string;
    readonly modality: string | null;
    readonly bodyPart: string | null;
    readonly laterality: string | null;
    readonly studyDate: string | null;
    readonly site: string | null;
  };
  readonly sections: readonly ReportSection[];
  /**
   * One report over several exams of one patient: all of them, its own among them, the same list in the version of each. Every exam has
   * a version of its own, so that each task is decided by its own write; whichever is read names all, and its signature covers all.
   */
  readonly together?:
    | {
        /** One for each press of Sign. */
        readonly id: string;
        /** Tasks of the exams that were signed by that press; the others stand in the list because the words still speak of them. */
        readonly signed: readonly string[];
        readonly exams: readonly ReportExam[];
      }
    | undefined;
  /** Reason of an addendum, a correction or a withdrawal; null for others. */
  readonly reason: string | null;
  /** Of a preliminary: who makes the final, in words, and when it is due; absent on every other version. */
  readonly finalisation?: { readonly by: string; readonly due: Instant | null } | undefined;
  /** Of a final that follows a preliminary; absent on every other version. */
  readonly preliminary?: AfterPreliminary | undefined;
  /** Of a report that somebody else wrote and gave to be signed; absent on every other version, and on a withdrawal, which has none of her words. */
  readonly dictatedBy?: DictatedBy | undefined;
  /** Of a withdrawal; absent on every other version. */
  readonly withdrawal?: Withdrawal | undefined;
  readonly measurements: readonly Measurement[];
  /** SOP Instance UIDs of the study at signing, sorted. */
  readonly instances: readonly string[];
  /** Study UIDs of the comparisons that were opened. */
  readonly comparisons: readonly string[];
  /**
   * Series Instance UIDs of the study of which something stood on the reader's screen, sorted; absent where none is known. All that is
   * ever kept of what she looked at: not which images, not how, not when (features 1b).
   */
  readonly seriesOpened?: readonly string[] | undefined;
  /** Images that the reader marked as key, each with the hash of its picture in the PDF; absent where she marked none. */
  readonly keyImages?: readonly SignedKeyImage[] | undefined;
  readonly identityResolution: IdentityResolution | null;
  readonly signer: { readonly id: string; readonly name: string; readonly npi: string | null };
  /** Where the signer sat, as she said when she signed in (ISO 3166); absent where she did not say. */
  readonly readingFrom?: string;
  readonly signedAt: Instant;
  readonly fencingToken: number | null;
  /** Head of the audit chain at signing: anchors the access log in the report. */
  readonly auditHead: string;
  readonly notForClinicalUse: boolean;
};

/** A signed version as the page and the timeline show it. */
export type ReportVersion = {
  readonly version: number;
  readonly kind: ReleaseKind;
  readonly state: ReportState;
  readonly digest: string;
  readonly content: ReportContent;
  readonly releasedAt: Instant | null;
  /** Why it was given back instead of released; null when it was not. */
  readonly returned: string | null;
};

/** An exam that is read together with the open one, and its own words. */
export type DraftExam = Pick<ReportExam, 'taskId' | 'studyUid' | 'accession' | 'exam' | 'studyDate'> & {
  readonly texts: { readonly [Code in ExamSectionCode]: string };
  /** How many of its images were here when it was taken into the report; absent where nobody counted. */
  readonly imagesAtStart?: number | undefined;
};

/** Words that are not signed yet. One writer at a time; `revision` grows with each acknowledged save. */
export type Draft = {
  readonly taskId: string;
  readonly studyUid: string | null;
  readonly readerId: string;
  readonly kind: 'report' | 'addendum' | 'correction';
  /** The version that it builds on; 0 when there is none. */
  readonly baseVersion: number;
  readonly revision: number;
  readonly sections: SectionTexts;
  /** Text of an addendum; empty for a report. */
  readonly addendum: string;
  /** Who was told of critical results, and how: written by the program from what was recorded, and signed with the report. */
  readonly communication?: string | undefined;
  readonly reason: string;
  readonly measurements: readonly Measurement[];
  /** The other exams of a report over several; absent or empty for a report of one. */
  readonly together?: readonly DraftExam[] | undefined;
  /** What is drawn on the images. Kept with the words so that a crash loses neither; no signature covers it. */
  readonly marks?: CaseMarks | undefined;
  /** How many images were here when these words were begun; absent where nobody counted. No signature covers it. */
  readonly imagesAtStart?: number | undefined;
  /** Blanks of templates as they stand in the texts. No signature covers them. */
  readonly fields?: readonly DraftField[] | undefined;
  /** Words that came from elsewhere and nobody has touched. No signature covers these spans. */
  readonly sourced?: readonly SourcedWords[] | undefined;
  /** Dictated words that were not heard well and nobody has touched. No signature covers it. */
  readonly doubtful?: readonly DoubtfulWords[] | undefined;
  /** What the words were made from. No signature covers it. */
  readonly templates?: readonly DraftTemplate[] | undefined;
  readonly savedAt: Instant;
};

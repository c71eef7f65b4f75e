import type { ReleaseKind, SectionCode } from '../report/index.ts';
import type { Laterality, PatientIdentity } from '../study/index.ts';

/** stop: it cannot be signed so · ask: one key and a reason, in the dialog · tell: a line, without a key press. */
export const checkSeverities = ['stop', 'ask', 'tell'] as const;
export type CheckSeverity = (typeof checkSeverities)[number];

export const checkIds = [
  'identity',
  'claim',
  'impression-empty',
  'field-open',
  'side-of-exam',
  'side-between-sections',
  'sex',
  'age',
  'other-patient',
  'body-part',
  'critical-words',
  'no-prior',
  'comparison-not-opened',
  'contradiction',
  'measurement-unit',
  'measurement-jump',
  'section-empty',
  'section-untouched',
  'placeholder',
  'series-not-shown',
  'not-full-fidelity',
] as const;
export type CheckId = (typeof checkIds)[number];

/** A section as it would be signed. `exam`: the Study Instance UID of the one exam that it speaks of, in a report over several. */
export type CheckedSection = {
  readonly code: SectionCode | 'addendum';
  readonly exam: string | null;
  readonly text: string;
  /** Where all of its words came from, while the reader has touched none of them: "the template". Null where she has, or nobody knows. */
  readonly untouched: string | null;
};

/** One exam that the report is of, as order and images call it. */
export type CheckedExam = {
  readonly studyUid: string | null;
  /** The procedure in words, the images' own description, and Body Part Examined (0018,0015). */
  readonly names: readonly string[];
  readonly orderSide: Laterality | null;
  /** Laterality (0020,0060) of the images. */
  readonly imagesSide: Laterality | null;
  /** YYYYMMDD; null where nobody says. */
  readonly studyDate: string | null;
};

/** Another patient who stood on this screen, or whose exam this reader opened lately. */
export type OtherPatient = Pick<PatientIdentity, 'name' | 'birthDate'> & { readonly accession: string | null };

export type CheckedPrior = { readonly studyUid: string; readonly studyDate: string | null };

/** Everything that the rules look at. A fact that is not known is null, and its rules then say nothing. */
export type CheckFacts = {
  readonly kind: ReleaseKind;
  readonly sections: readonly CheckedSection[];
  readonly exams: readonly CheckedExam[];
  readonly patient: PatientIdentity | null;
  /** Patient's Sex (0010,0040) of the images, where the order's is another or absent. */
  readonly imagesSex: PatientIdentity['sex'];
  readonly accession: string | null;
  readonly others: readonly OtherPatient[];
  /** Priors that are known of, and of those the ones that were opened. Null where it is not known. */
  readonly priors: { readonly found: readonly CheckedPrior[]; readonly opened: readonly string[] } | null;
  /** As they were put in: "48.0 mm". */
  readonly measurements: readonly string[];
  /** Required fields that nobody has filled. */
  readonly openFields: readonly {
    readonly name: string;
    readonly section: SectionCode;
    readonly exam: string | null;
    /** Where it stands in its section (UTF-16). */
    readonly from: number;
  }[];
  /** Names of series that were never shown, without scouts, dose sheets and reconstructions of others; null where it is not known. */
  readonly seriesNotShown: readonly string[] | null;
  /** Names of series of which no image stood on the screen pixel for pixel; null where it is not known. */
  readonly seriesNotFull: readonly string[] | null;
  /** Why identity or claim stand against signing, in words; null where they do not. */
  readonly identity: string | null;
  readonly claim: string | null;
  /** Whether a critical result was begun for this exam; null where nobody can tell. */
  readonly criticalBegun: boolean | null;
};

/** Where in a section the words stand (UTF-16). */
export type CheckPlace = {
  readonly section: CheckedSection['code'];
  readonly exam: string | null;
  readonly from: number;
  readonly to: number;
};

export type CheckFinding = {
  readonly rule: CheckId;
  readonly severity: CheckSeverity;
  /** What is wrong, in one sentence, with both sides of it. */
  readonly words: string;
  /** The words that it is about; null for what is no word of the report. */
  readonly at: CheckPlace | null;
};

/** One rule of the trade. It reads facts and gives what it found, without its severity. */
export type CheckRule = {
  readonly id: CheckId;
  /** As it is listed. */
  readonly title: string;
  readonly severity: CheckSeverity;
  /** Why it is looked at, and who says so. */
  readonly why: string;
  readonly find: (facts: CheckFacts) => readonly Found[];
};

export type Found = { readonly words: string; readonly at: CheckPlace | null };

export function placeOf(section: CheckedSection, from: number, to: number): CheckPlace {
  return { section: section.code, exam: section.exam, from, to };
}

/** The words at a place as the reader wrote them, short enough to be quoted. */
export function quoted(text: string, from: number, to: number): string {
  const words = text.slice(from, to).replace(/\s+/g, ' ').trim();
  return words.length > 60 ? `“${words.slice(0, 57)}…”` : `“${words}”`;
}

/** Sections that hold what was seen and what it means. */
export function reads(facts: CheckFacts): readonly CheckedSection[] {
  return facts.sections.filter(({ code }) => code === '59776-5' || code === '19005-8' || code === 'addendum');
}

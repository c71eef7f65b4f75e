import type { Region } from '../order/index.ts';
import type { ReportField, SectionCode } from '../report/index.ts';

/** Where a field's words come from before anybody types: what the host knows of the site. */
export const factNames = ['facility-name', 'facility-address'] as const;
export type FactName = (typeof factNames)[number];

/** A blank in a statement. */
export type FieldPart = {
  /** `id` of one of the template's fields. */
  readonly field: string;
  /** What stands there until the reader says otherwise. */
  readonly words?: string | undefined;
  /** What stands there only where the reader has said that all the rest is normal. */
  readonly normal?: string | undefined;
  readonly fill?: FactName | undefined;
};

/** Words as they are, or a blank. */
export type TemplatePart = string | FieldPart;

/** For whom; what is absent holds for all. Ages in completed years at the exam, both ends included. */
export type Condition = {
  /** O: other, or not known. */
  readonly sex?: readonly ('M' | 'F' | 'O')[] | undefined;
  readonly minimumAge?: number | undefined;
  readonly maximumAge?: number | undefined;
  /** Modality (0008,0060), any of. */
  readonly modality?: readonly string[] | undefined;
};

/** A line of a section, or a sentence behind the one before it. */
export type Statement = {
  /** What it speaks of, by the name that the required elements use: "Liver". */
  readonly element?: string | undefined;
  /** Other names by which a reader calls it. */
  readonly also?: readonly string[] | undefined;
  readonly when?: Condition | undefined;
  /** Stands behind the statement before it, on the same line. */
  readonly joined?: boolean | undefined;
  readonly parts: readonly TemplatePart[];
};

export type TemplateSection = { readonly code: SectionCode; readonly statements: readonly Statement[] };

/** Which exams a template is for. An empty list, or null, says nothing. */
export type AppliesTo = {
  readonly procedureCodes: readonly string[];
  /** Any of these in the exam's name, as whole words; or any of `reasonWords` in the reason. */
  readonly procedureWords: readonly string[];
  readonly reasonWords: readonly string[];
  /** None of these in the exam's name. */
  readonly notProcedureWords: readonly string[];
  readonly modalities: readonly string[];
  readonly bodyParts: readonly Region[];
  /** 1: a single view; 2: two or more. */
  readonly views: number | null;
  readonly sex: 'M' | 'F' | null;
  readonly minimumAge: number | null;
  readonly maximumAge: number | null;
};

/** A term by which another system named what the template is for. */
export type TemplateTerm = {
  readonly type: string;
  readonly scheme: string;
  readonly code: string;
  readonly meaning: string;
};

/** Where an imported template came from, in the words of its file (Dublin Core); what it did not say is empty. */
export type TemplateOrigin = {
  readonly identifier: string;
  readonly publisher: string;
  readonly creator: string;
  readonly date: string;
  readonly rights: string;
  readonly license: string;
  readonly terms: readonly TemplateTerm[];
};

export type ReportTemplate = {
  /** Names it among those of its owner: a later one with the same id takes its place as the next version. */
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  /** BCP 47: "en". */
  readonly language: string;
  readonly appliesTo: AppliesTo;
  readonly fields: readonly ReportField[];
  readonly sections: readonly TemplateSection[];
  /** What a complete exam, and a limited one, must speak of: names of elements. */
  readonly requiredElements: { readonly complete: readonly string[]; readonly limited: readonly string[] };
  readonly origin: TemplateOrigin | null;
};

export type TemplateLevel = 'user' | 'site' | 'group' | 'shipped';
export type LevelledTemplate = { readonly level: TemplateLevel; readonly template: ReportTemplate };

/** What is known of the exam when a template is chosen and filled. */
export type TemplateFacts = {
  readonly procedureCodes: readonly string[];
  /** The exam's name as order and images have it. */
  readonly procedure: string;
  readonly reason: string;
  readonly modalities: readonly string[];
  readonly bodyPart: string;
  readonly sex: 'M' | 'F' | 'O' | null;
  /** Completed years at the exam. */
  readonly age: number | null;
  readonly facility: { readonly name: string; readonly address: string | null } | null;
};

export function isField(part: TemplatePart): part is FieldPart {
  return typeof part !== 'string';
}

/** Completed years between two dates (YYYY-MM-DD or DICOM DA); null where one of them is no date, or before birth. */
export function ageAt(birthDate: string | null, on: string | null): number | null {
  const [born, at] = [birthDate, on].map((date) => /^(\d{4})-?(\d{2})-?(\d{2})/.exec(date ?? ''));
  if (born == null || at == null) return null;
  const years = Number(at[1]) - Number(born[1]);
  const before = `${at[2]}${at[3]}` < `${born[2]}${born[3]}`;
  const age = before ? years - 1 : years;
  return age < 0 || age > 150 ? null : age;
}

/** Whether something is meant for this patient and exam. What is not known meets no condition on it. */
export function meetsCondition(when: Condition | undefined, facts: TemplateFacts): boolean {
  if (when === undefined) return true;
  const { sex, minimumAge, maximumAge, modality } = when;
  if (sex !== undefined && !sex.includes(facts.sex ?? 'O')) return false;
  if (minimumAge !== undefined && (facts.age === null || facts.age < minimumAge)) return false;
  if (maximumAge !== undefined && (facts.age === null || facts.age > maximumAge)) return false;
  if (modality !== undefined && !modality.some((one) => facts.modalities.includes(one))) return false;
  return true;
}

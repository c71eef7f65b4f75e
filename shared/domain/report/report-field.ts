import type { SectionCode } from './report.ts';

export const fieldKinds = ['text', 'choice', 'number', 'measurement', 'laterality', 'date'] as const;
export type FieldKind = (typeof fieldKinds)[number];

/** Something in a section that is to be filled: a blank of a template. */
export type ReportField = {
  /** Unique within its template: [A-Za-z0-9_-]{1,64}. */
  readonly id: string;
  /** As the reader hears it: "Lesion size". */
  readonly name: string;
  readonly kind: FieldKind;
  /** Open when signing: a stop. */
  readonly required: boolean;
  /** Of `choice`: words that go into the text. */
  readonly choices?: readonly string[] | undefined;
  /** Several choices at once. */
  readonly many?: boolean | undefined;
  /** UCUM as shown: "mm". */
  readonly unit?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
};

/** A field as it stands in a draft. An empty one has from === to: nothing of it is in the text that is signed. */
export type DraftField = {
  /** Unique in the draft. */
  readonly key: string;
  readonly section: SectionCode;
  /** Study Instance UID, in a report over several exams. */
  readonly exam?: string | undefined;
  /** UTF-16 offsets in that section's text. */
  readonly from: number;
  readonly to: number;
  readonly field: ReportField;
  /** `default`: the template's own words, not touched. */
  readonly state: 'empty' | 'default' | 'filled';
};

/** Words that came from elsewhere, until the reader touches them. */
export type SourcedWords = {
  readonly key: string;
  readonly section: SectionCode;
  readonly exam?: string | undefined;
  readonly from: number;
  readonly to: number;
  readonly source: 'order' | 'images' | 'priors' | 'prior-report' | 'measurement' | 'template' | 'macro';
  /** Where it came from, as shown: "from the order". */
  readonly words: string;
  /** What the source said when it was put in; another value now means stale. */
  readonly value: string;
};

/** A template that words of a draft were made from, and in which version. */
export type DraftTemplate = {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  /** Whose it is. */
  readonly level: 'user' | 'site' | 'group' | 'shipped';
  readonly exam?: string | undefined;
};

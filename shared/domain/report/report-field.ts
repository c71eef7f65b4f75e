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
  /** Sentences that stand as a template or macro put them, of more of which some were touched. */
  readonly rest?: boolean | undefined;
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

export type WordSource = SourcedWords['source'];

/** The words that a field offers; empty where it offers none. */
export function choicesOf(field: ReportField): readonly string[] {
  if (field.kind === 'laterality') return field.choices ?? ['right', 'left', 'bilateral'];
  return field.kind === 'choice' ? (field.choices ?? []) : [];
}

const isNumeric = (field: ReportField): boolean => field.kind === 'number' || field.kind === 'measurement';

/** The figures in what was typed: "12", "12 mm", "3.5 x 2 cm". Empty where there are none. */
function figuresIn(text: string): readonly number[] {
  return [...text.matchAll(/[-+]?\d+(?:[.,]\d+)?/g)].map(([figure]) => Number(figure.replace(',', '.')));
}

/** What is to be put into it, for the line that shows while the caret is in it: "number in mm, 1 to 200". */
export function fieldHint(field: ReportField): string {
  const { minimum, maximum } = field;
  const range =
    minimum !== undefined && maximum !== undefined
      ? `, ${minimum} to ${maximum}`
      : minimum !== undefined
        ? `, ${minimum} or more`
        : maximum !== undefined
          ? `, up to ${maximum}`
          : '';
  switch (field.kind) {
    case 'number':
    case 'measurement': {
      const kind = field.kind === 'number' ? 'number' : 'measurement';
      return `${kind}${field.unit === undefined ? '' : ` in ${field.unit}`}${range}`;
    }
    case 'date':
      return 'date, as 2026-11-29';
    case 'choice':
    case 'laterality':
      return field.many === true ? 'one or several of the list' : 'one of the list, or your own words';
    case 'text':
      return 'words';
  }
}

/** What is wrong with the words in a field, as a sentence; null where nothing is, and for an empty one. Says, never changes. */
export function fieldIssue(field: ReportField, text: string): string | null {
  const words = text.trim();
  if (words === '') return null;
  if (field.kind === 'date') return isDate(words) ? null : `${field.name}: ${words} is no date as 2026-11-29.`;
  if (!isNumeric(field)) return null;
  const figures = figuresIn(words);
  if (figures.length === 0) return `${field.name}: ${words} holds no number.`;
  // Another unit than the field's: its figures are not those of the range.
  if (field.unit !== undefined && unitIn(words) !== null && unitIn(words) !== field.unit) return null;
  const unit = field.unit === undefined ? '' : ` ${field.unit}`;
  for (const figure of figures) {
    if (field.minimum !== undefined && figure < field.minimum)
      return `${field.name}: ${figure}${unit} is below ${field.minimum}${unit}.`;
    if (field.maximum !== undefined && figure > field.maximum)
      return `${field.name}: ${figure}${unit} is above ${field.maximum}${unit}.`;
  }
  return null;
}

function unitIn(words: string): string | null {
  return /\d\s*([\p{L}%°µ][^\s\d]*)$/u.exec(words)?.[1] ?? null;
}

function isDate(words: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(words);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/**
 * The words of a field as its reader leaves it by key: a bare number gets its unit, unless the unit stands behind the field already.
 * `behind` is the text that follows.
 */
export function wordsOnLeaving(field: ReportField, text: string, behind: string): string {
  if (!isNumeric(field) || field.unit === undefined || !/^[-+]?\d+(?:[.,]\d+)?$/.test(text.trim())) return text;
  const next = behind.trimStart();
  const follows = next.startsWith(field.unit) && !/^[\p{L}\p{N}]/u.test(next.slice(field.unit.length));
  return follows ? text : `${text.trim()} ${field.unit}`;
}

/**
 * The choice that typed words mean: one that begins with them, else by its 1-based number. Null where they mean none. `typed` that is
 * a choice already means that one.
 */
export function choiceMeant(choices: readonly string[], typed: string): number | null {
  const words = typed.trim().toLowerCase();
  if (words === '') return null;
  const exact = choices.findIndex((one) => one.toLowerCase() === words);
  if (exact >= 0) return exact;
  const begun = choices.findIndex((one) => one.toLowerCase().startsWith(words));
  if (begun >= 0) return begun;
  const number = /^[1-9]\d?$/.test(words) ? Number(words) - 1 : -1;
  return number >= 0 && number < choices.length ? number : null;
}

/** The choice that the words of a field mean as they stand, of several the last; null where they mean none. */
export function choiceIn(field: ReportField, text: string): number | null {
  return choiceMeant(choicesOf(field), field.many === true ? (text.split(', ').at(-1) ?? '') : text);
}

/**
 * The words of a field with a choice taken: it stands for what was typed of it. Of a field that takes several it is added to the others,
 * or taken out where it stood already.
 */
export function withChoice(field: ReportField, text: string, index: number): string {
  const choices = choicesOf(field);
  const choice = choices[index];
  if (choice === undefined) return text;
  if (field.many !== true) return choice;
  const stood = text.split(', ').filter((one) => one !== '');
  const chosen = choices.includes(stood.at(-1) ?? '') ? stood : stood.slice(0, -1);
  return (chosen.includes(choice) ? chosen.filter((one) => one !== choice) : [...chosen, choice]).join(', ');
}

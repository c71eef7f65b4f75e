import { type CaseMarks, leadingQuantity, reportText } from '../measurement/index.ts';
import type { Draft, Measurement, SectionCode } from './report.ts';

/** How a number in the report stands to what is drawn on the image now. */
export type MeasurementLink =
  | { readonly kind: 'same' }
  | { readonly kind: 'changed'; readonly now: Measurement }
  /** It was taken off the image after it was put into the report. */
  | { readonly kind: 'gone' }
  /** This draft does not know the drawing: it was made in another reading. */
  | { readonly kind: 'unknown' };

export function measurementLink(inserted: Measurement, marks: CaseMarks | undefined): MeasurementLink {
  if (marks === undefined) return { kind: 'unknown' };
  const mark = marks.measurements.find((one) => one.id === inserted.id);
  const value = mark === undefined ? null : leadingQuantity(mark);
  if (mark === undefined || value === null) return { kind: 'gone' };
  const text = reportText(mark);
  if (text === inserted.text && value.value === inserted.value && value.unit === inserted.unit) return { kind: 'same' };
  return { kind: 'changed', now: { ...inserted, text, value: value.value, unit: value.unit } };
}

const occurrences = (text: string, part: string): number => (part === '' ? 0 : text.split(part).length - 1);

/**
 * Puts the new words of a measurement where its old ones stand. Null, and nothing is changed, where they do not stand exactly once in the
 * draft: then only the reader knows which words are meant.
 */
export function withUpdatedMeasurement(draft: Draft, now: Measurement): Draft | null {
  const before = draft.measurements.find((one) => one.id === now.id);
  if (before === undefined) return null;
  const measurements = draft.measurements.map((one) => (one.id === now.id ? now : one));
  const addendum = draft.kind === 'addendum';
  const codes = Object.keys(draft.sections) as SectionCode[];
  const own = addendum ? [draft.addendum] : codes.map((code) => draft.sections[code]);
  const others = addendum ? [] : (draft.together ?? []).flatMap((exam) => Object.values(exam.texts));
  const found = [...own, ...others].reduce((sum, text) => sum + occurrences(text, before.text), 0);
  if (found !== 1) return null;
  const put = (text: string): string => text.replace(before.text, () => now.text);
  if (addendum) return { ...draft, addendum: put(draft.addendum), measurements };
  const sections = Object.fromEntries(codes.map((code) => [code, put(draft.sections[code])])) as Draft['sections'];
  const together = draft.together?.map((exam) => ({
    ...exam,
    texts: Object.fromEntries(Object.entries(exam.texts).map(([code, text]) => [code, put(text)])) as typeof exam.texts,
  }));
  return { ...draft, sections, measurements, ...(together === undefined ? {} : { together }) };
}

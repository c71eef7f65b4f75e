import type { Draft, ExamSectionCode, SectionCode } from './report.ts';
import { reportSections } from './report.ts';
import type { DraftField, SourcedWords } from './report-field.ts';
import { mostSpansOfDraft, shiftFields, shiftSourced, soundFields, soundSourced } from './span-shift.ts';
import { editBetween, oneLineEnd } from './text-edit.ts';
import { examSections } from './together.ts';

/** A text of a draft. `exam`: the Study Instance UID of another exam of a report over several. */
export type DraftPlace =
  | { readonly kind: 'section'; readonly code: SectionCode; readonly exam: string | null }
  | { readonly kind: 'addendum' }
  | { readonly kind: 'reason' };

/** A text with what lies beside it: its own fields and sourced words, in the order of the text. */
export type PlaceWords = {
  readonly text: string;
  readonly fields: readonly DraftField[];
  readonly sourced: readonly SourcedWords[];
};

/** All texts of a draft, in reading order. */
export function placesIn(draft: Pick<Draft, 'together'>): readonly DraftPlace[] {
  return [
    ...reportSections.map(({ code }) => ({ kind: 'section', code, exam: null }) as const),
    ...(draft.together ?? []).flatMap(({ studyUid }) =>
      examSections.map(({ code }) => ({ kind: 'section', code, exam: studyUid }) as const),
    ),
    { kind: 'addendum' },
    { kind: 'reason' },
  ];
}

export function samePlace(left: DraftPlace, right: DraftPlace): boolean {
  if (left.kind !== 'section' || right.kind !== 'section') return left.kind === right.kind;
  return left.code === right.code && left.exam === right.exam;
}

const isOf = (
  one: { readonly section: SectionCode; readonly exam?: string | undefined },
  place: DraftPlace,
  own: string | null,
): boolean =>
  place.kind === 'section' &&
  one.section === place.code &&
  (one.exam === own && own !== null ? null : (one.exam ?? null)) === place.exam;

export function textAt(draft: Draft, place: DraftPlace): string {
  if (place.kind === 'addendum') return draft.addendum;
  if (place.kind === 'reason') return draft.reason;
  if (place.exam === null) return draft.sections[place.code];
  const exam = (draft.together ?? []).find((one) => one.studyUid === place.exam);
  return exam?.texts[place.code as ExamSectionCode] ?? '';
}

/** The words of one place with the spans that can stand in them. */
export function wordsAt(draft: Draft, place: DraftPlace): PlaceWords {
  const text = textAt(draft, place);
  const own = (one: { readonly section: SectionCode; readonly exam?: string | undefined }): boolean =>
    isOf(one, place, draft.studyUid);
  return {
    text,
    fields: soundFields((draft.fields ?? []).filter(own), text),
    sourced: soundSourced((draft.sourced ?? []).filter(own), text),
  };
}

function withText(draft: Draft, place: DraftPlace, text: string): Draft {
  if (place.kind === 'addendum') return { ...draft, addendum: text };
  if (place.kind === 'reason') return { ...draft, reason: text };
  if (place.exam === null) return { ...draft, sections: { ...draft.sections, [place.code]: text } };
  const together = (draft.together ?? []).map((exam) =>
    exam.studyUid === place.exam ? { ...exam, texts: { ...exam.texts, [place.code]: text } } : exam,
  );
  return { ...draft, together };
}

/** The same words with every line ended by LF, and the spans where they then stand: what an editor of lines shows. */
export function inLines(words: PlaceWords): PlaceWords {
  if (!words.text.includes('\r')) return words;
  const at = (offset: number): number => oneLineEnd(words.text.slice(0, offset)).length;
  const moved = <One extends { readonly from: number; readonly to: number }>(one: One): One => ({
    ...one,
    from: at(one.from),
    to: at(one.to),
  });
  return { text: oneLineEnd(words.text), fields: words.fields.map(moved), sourced: words.sourced.map(moved) };
}

/** Other words of one place, and the spans that go with them; all else stays. */
export function withWords(draft: Draft, place: DraftPlace, words: PlaceWords): Draft {
  const next = withText(draft, place, words.text);
  const others = <One extends { readonly section: SectionCode; readonly exam?: string | undefined }>(
    all: readonly One[] | undefined,
  ): readonly One[] => (all ?? []).filter((one) => !isOf(one, place, draft.studyUid));
  const fields = [...others(draft.fields), ...soundFields(words.fields, words.text)];
  const sourced = [...others(draft.sourced), ...soundSourced(words.sourced, words.text)];
  return {
    ...next,
    ...(fields.length === 0 && draft.fields === undefined ? {} : { fields }),
    ...(sourced.length === 0 && draft.sourced === undefined ? {} : { sourced }),
  };
}

/**
 * The draft `after` with its spans where their words now stand. A change that knows nothing of spans leaves them as they were in
 * `before`: then they follow the words. One that brings spans of its own is taken at its word, and those of texts that are gone fall away.
 */
export function keepSpans(before: Draft, after: Draft): Draft {
  if (before === after) return after;
  if ((after.fields ?? []).length + (after.sourced ?? []).length === 0) return after;
  const fieldsFollow = after.fields === before.fields;
  const sourcedFollow = after.sourced === before.sourced;
  const fields: DraftField[] = [];
  const sourced: SourcedWords[] = [];
  for (const place of placesIn(after)) {
    if (place.kind !== 'section') continue;
    const now = wordsAt(after, place);
    const old = wordsAt(before, place);
    const edit = editBetween(old.text, now.text);
    fields.push(...(fieldsFollow && edit !== null ? soundFields(shiftFields(old.fields, edit), now.text) : now.fields));
    sourced.push(
      ...(sourcedFollow && edit !== null
        ? soundSourced(shiftSourced(old.sourced, edit, old.text), now.text)
        : now.sourced),
    );
  }
  fields.splice(mostSpansOfDraft);
  sourced.splice(mostSpansOfDraft);
  return {
    ...after,
    ...(after.fields === undefined ? {} : { fields: sameSpans(fields, after.fields) ? after.fields : fields }),
    ...(after.sourced === undefined ? {} : { sourced: sameSpans(sourced, after.sourced) ? after.sourced : sourced }),
  };
}

function sameSpans<One extends { readonly key: string; readonly from: number; readonly to: number }>(
  left: readonly One[],
  right: readonly One[],
): boolean {
  return left.length === right.length && left.every((one, at) => one === right[at]);
}

/** Required fields that nobody has filled, in reading order: they stop a signature. The template's own words count as filled. */
export function openRequiredFields(draft: Draft): readonly DraftField[] {
  if (draft.kind === 'addendum') return [];
  return placesIn(draft)
    .flatMap((place) => wordsAt(draft, place).fields)
    .filter((one) => one.field.required && one.state === 'empty');
}

/** The field that comes after (1) or before (-1) a place in reading order; null where there is none that way. */
export function fieldBeside(
  draft: Draft,
  from: { readonly place: DraftPlace; readonly at: number; readonly key: string | null } | null,
  by: 1 | -1,
): { readonly place: DraftPlace; readonly field: DraftField } | null {
  const places = placesIn(draft);
  const all = places.flatMap((place, order) => wordsAt(draft, place).fields.map((field) => ({ place, field, order })));
  if (from === null) return (by === 1 ? all[0] : all.at(-1)) ?? null;
  const here = places.findIndex((place) => samePlace(place, from.place));
  const current = all.findIndex((one) => one.order === here && one.field.key === from.key);
  if (current >= 0) return all[current + by] ?? null;
  const isBefore = (one: (typeof all)[number]): boolean =>
    one.order < here || (one.order === here && (by === 1 ? one.field.from < from.at : one.field.to < from.at));
  return (by === 1 ? all.find((one) => !isBefore(one)) : all.filter(isBefore).at(-1)) ?? null;
}

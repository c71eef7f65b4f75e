import type { DraftField, SourcedWords } from './report-field.ts';
import { applyEdit, splitsCharacter, type TextEdit } from './text-edit.ts';

/** Where words are written that touch a field's edge: into `inside`, or just behind the empty field `past`. */
export type CaretField = { readonly inside: string | null; readonly past: string | null };

export const noField: CaretField = { inside: null, past: null };

/** Most fields, and most sourced words, of one draft. One with more could not be saved: its words come first. */
export const mostSpansOfDraft = 1_000;
const mostSpansOfText = 200;

/**
 * Fields of one text after a change of it, in the order in which they stood. Words written within a field fill it; one whose words are
 * all gone is empty again; one that was deleted together with words around it is gone, unless it is required: that one stays open.
 */
export function shiftFields(
  fields: readonly DraftField[],
  edit: TextEdit,
  caret: CaretField = noField,
): readonly DraftField[] {
  const by = edit.text.length - (edit.to - edit.from);
  const end = edit.from + edit.text.length;
  const writes = edit.from === edit.to;
  const place = writes ? edit.from : -1;
  const index = (key: string | null): number => {
    const at = fields.findIndex((one) => one.key === key && one.from <= place && place <= one.to);
    return at;
  };
  const insideAt = index(caret.inside);
  const pastAt = insideAt >= 0 ? -1 : index(caret.past);
  return fields.flatMap((one, at): readonly DraftField[] => {
    const { from, to } = one;
    if (writes) {
      if (place < from) return [moved(one, from + by, to + by)];
      if (place > to) return [one];
      if (place > from && place < to) return [filled(one, from, to + by)];
      if (at === insideAt) return [filled(one, from, to + by)];
      // At an edge of one that the words are not meant for: they go before it or behind it, as its neighbours have it.
      if (from === to) {
        const stays = insideAt >= 0 ? at < insideAt : at <= pastAt;
        return [stays ? one : moved(one, from + by, to + by)];
      }
      return [place === to ? one : moved(one, from + by, to + by)];
    }
    if (from === to) {
      if (from <= edit.from) return [one];
      if (from >= edit.to) return [moved(one, from + by, to + by)];
      return one.field.required ? [moved(one, end, end)] : [];
    }
    if (to <= edit.from) return [one];
    if (from >= edit.to) return [moved(one, from + by, to + by)];
    if (from <= edit.from && edit.to <= to) return [filled(one, from, to + by)];
    if (edit.from <= from && to <= edit.to) return one.field.required ? [filled(one, end, end)] : [];
    return [from < edit.from ? filled(one, from, edit.from) : filled(one, end, to + by)];
  });
}

function moved(one: DraftField, from: number, to: number): DraftField {
  return { ...one, from, to };
}

function filled(one: DraftField, from: number, to: number): DraftField {
  return { ...one, from, to, state: from === to ? 'empty' : 'filled' };
}

/** Whether two characters side by side read as one word or one number. */
function joins(left: string, right: string): boolean {
  if (left === '' || right === '' || /\s/.test(left) || /\s/.test(right)) return false;
  if (/[\p{L}\p{N}]/u.test(left) && /[\p{L}\p{N}]/u.test(right)) return true;
  // "6" and ".5", "-" and "6": a figure that reads otherwise is not what the source said.
  return (/\p{N}/u.test(left) && /[.,/^%]/.test(right)) || (/[-+.,/<>≤≥~]/.test(left) && /\p{N}/u.test(right));
}

/**
 * Words from elsewhere after a change of the text `before`. Those that were touched are the reader's own and are marked no more; so are
 * those that a new neighbour makes into another word or number. Of a template or macro the sentences that nobody touched stay marked.
 */
export function shiftSourced(
  sourced: readonly SourcedWords[],
  edit: TextEdit,
  before: string,
): readonly SourcedWords[] {
  if (sourced.length === 0) return sourced;
  const after = applyEdit(before, edit);
  return sourced.flatMap((one): readonly SourcedWords[] => {
    const whole = shifted(one, edit, after);
    if (whole !== null) return [whole];
    if (one.source !== 'template' && one.source !== 'macro') return [];
    return untouchedSentences(one, edit, before).flatMap((rest, at) => {
      const key = at === 0 && rest.from === one.from ? one.key : freeKey(one.key, sourced);
      return shifted({ ...one, key, ...rest, value: before.slice(rest.from, rest.to), rest: true }, edit, after) ?? [];
    });
  });
}

/** The same words where they stand after the change; null where it touched them. */
function shifted(one: SourcedWords, edit: TextEdit, after: string): SourcedWords | null {
  const by = edit.text.length - (edit.to - edit.from);
  if (edit.to <= one.from) {
    const from = one.from + by;
    const touches = edit.to === one.from && joins(after.charAt(from - 1), after.charAt(from));
    return touches ? null : { ...one, from, to: one.to + by };
  }
  if (edit.from < one.to) return null;
  return edit.from === one.to && joins(after.charAt(one.to - 1), after.charAt(one.to)) ? null : one;
}

/** What stands before and behind the sentences that a change touches, of words that it touches. A line ends a sentence, too. */
function untouchedSentences(one: SourcedWords, edit: TextEdit, before: string): readonly Span[] {
  const words = before.slice(one.from, one.to);
  const starts = [...words.matchAll(/[.!?]\s+|\n\s*/g)].map((end) => one.from + end.index + end[0].length);
  const begin = starts.findLast((at) => at <= edit.from) ?? one.from;
  // What is written behind a full stop leaves the sentence before it as it was.
  const stopped = edit.from < one.to && /[.!?]\s*$/.test(before.slice(begin, edit.from));
  const head = before.slice(one.from, stopped ? edit.from : begin).trimEnd().length;
  const end = starts.find((at) => at >= edit.to && at > edit.from) ?? one.to;
  return [
    { from: one.from, to: one.from + head },
    { from: end, to: one.to },
  ].filter(({ from, to }) => from < to);
}

/** A key that no words beside these have, told from those of other texts by the key that it comes from. */
function freeKey(key: string, beside: readonly SourcedWords[]): string {
  const root = key.replace(/~\d+$/, '');
  let number = 1;
  while (beside.some((one) => one.key === `${root}~${number}`)) number += 1;
  return `${root}~${number}`;
}

type Span = { readonly from: number; readonly to: number };

const isSound = (one: Span, text: string): boolean =>
  Number.isInteger(one.from) &&
  Number.isInteger(one.to) &&
  one.from >= 0 &&
  one.from <= one.to &&
  one.to <= text.length &&
  !splitsCharacter(text, one.from) &&
  !splitsCharacter(text, one.to);

/** In the order of the text; those that lie outside it, cut a character or overlap one before them are left out. */
function inOrder<One extends Span>(spans: readonly One[], text: string): readonly One[] {
  const kept: One[] = [];
  for (const one of [...spans].sort((left, right) => left.from - right.from || left.to - right.to)) {
    const last = kept.at(-1);
    if (isSound(one, text) && (last === undefined || last.to <= one.from)) kept.push(one);
  }
  return kept.slice(0, mostSpansOfText);
}

/** The fields of a text as they can stand in it. A draft from elsewhere never puts a field where there are no words. */
export function soundFields(fields: readonly DraftField[], text: string): readonly DraftField[] {
  return inOrder(fields, text).map((one) =>
    (one.from === one.to) === (one.state === 'empty') ? one : filled(one, one.from, one.to),
  );
}

export function soundSourced(sourced: readonly SourcedWords[], text: string): readonly SourcedWords[] {
  return inOrder(
    sourced.filter((one) => one.from < one.to),
    text,
  );
}

import { type DraftPlace, placesIn, textAt } from './draft-place.ts';
import type { Draft } from './report.ts';
import { editBetween, type TextEdit } from './text-edit.ts';

/** All of a draft that undo goes back through. What is drawn on the images has an undo of its own. */
export type DraftWords = Pick<
  Draft,
  'sections' | 'addendum' | 'reason' | 'measurements' | 'together' | 'fields' | 'sourced' | 'doubtful' | 'templates'
>;

type Step = {
  readonly before: DraftWords;
  readonly after: DraftWords;
  /** The text that it changed; null where it changed several, or none. */
  readonly place: DraftPlace | null;
  readonly edit: TextEdit | null;
  readonly at: number;
};

/** Edits of one draft in the order in which they were made, over all its sections. */
export type DraftHistory = { readonly done: readonly Step[]; readonly undone: readonly Step[] };

export const emptyHistory: DraftHistory = { done: [], undone: [] };

const mostSteps = 400;
/** Milliseconds: keys with shorter pauses between them are undone together. */
const pause = 1_000;
const mostTogetherTyped = 80;

export function wordsOfDraft(draft: DraftWords): DraftWords {
  const { sections, addendum, reason, measurements, together, fields, sourced, doubtful, templates } = draft;
  return { sections, addendum, reason, measurements, together, fields, sourced, doubtful, templates };
}

/** Whether anything that undo goes back through is another; values are compared as they are, not by what they hold. */
export function sameDraftWords(left: DraftWords, right: DraftWords): boolean {
  return (
    left.sections === right.sections &&
    left.addendum === right.addendum &&
    left.reason === right.reason &&
    left.measurements === right.measurements &&
    left.together === right.together &&
    left.fields === right.fields &&
    left.sourced === right.sourced &&
    left.templates === right.templates
  );
}

function changedPlaces(before: Draft, after: Draft): readonly DraftPlace[] {
  return placesIn(after).filter((place) => textAt(before, place) !== textAt(after, place));
}

/** One edit more; `now` in milliseconds of any clock. Typing on at the same place becomes one step with what was typed before. */
export function recordEdit(history: DraftHistory, before: Draft, after: Draft, now: number): DraftHistory {
  const changed = changedPlaces(before, after);
  const place = changed.length === 1 ? (changed[0] ?? null) : null;
  const edit = place === null ? null : editBetween(textAt(before, place), textAt(after, place));
  const step: Step = { before: wordsOfDraft(before), after: wordsOfDraft(after), place, edit, at: now };
  const last = history.done.at(-1);
  const joined = last === undefined ? null : join(last, step);
  const done = joined === null ? [...history.done, step] : [...history.done.slice(0, -1), joined];
  return { done: done.slice(-mostSteps), undone: [] };
}

function join(last: Step, step: Step): Step | null {
  if (step.at - last.at >= pause || last.before.measurements !== step.after.measurements) return null;
  const { place, edit } = last;
  if (place === null || edit === null || step.place === null || step.edit === null) return null;
  if (JSON.stringify(place) !== JSON.stringify(step.place)) return null;
  const next = step.edit;
  const typed = edit.from === edit.to && next.from === next.to && next.from === edit.from + edit.text.length;
  const short = next.text.length <= 2 && edit.text.length + next.text.length <= mostTogetherTyped && next.text !== '\n';
  if (typed && short && !edit.text.endsWith('\n')) {
    return { ...step, before: last.before, edit: { ...edit, text: edit.text + next.text } };
  }
  const erased = edit.text === '' && next.text === '' && next.to === edit.from && next.to - next.from <= 2;
  return erased ? { ...step, before: last.before, edit: { from: next.from, to: edit.to, text: '' } } : null;
}

export type Went = {
  readonly history: DraftHistory;
  readonly words: DraftWords;
  /** Where the eye should be: the text that changed, and the offset behind what changed in it. Null where several did. */
  readonly caret: { readonly place: DraftPlace; readonly at: number } | null;
};

/** The draft's words before its last edit; null where there is none. */
export function undoEdit(history: DraftHistory): Went | null {
  const step = history.done.at(-1);
  if (step === undefined) return null;
  const { place, edit } = step;
  return {
    history: { done: history.done.slice(0, -1), undone: [...history.undone, step] },
    words: step.before,
    caret: place === null || edit === null ? null : { place, at: edit.to },
  };
}

/** The words after the edit that was undone last; null where none was. */
export function redoEdit(history: DraftHistory): Went | null {
  const step = history.undone.at(-1);
  if (step === undefined) return null;
  const { place, edit } = step;
  return {
    history: { done: [...history.done, step], undone: history.undone.slice(0, -1) },
    words: step.after,
    caret: place === null || edit === null ? null : { place, at: edit.from + edit.text.length },
  };
}

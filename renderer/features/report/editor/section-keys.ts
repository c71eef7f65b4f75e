import type { EditorView } from 'prosemirror-view';
import { choiceIn, choicesOf, withChoice, wordsOnLeaving } from '../../../../shared/domain/report/index.ts';
import { arrowAtField, fieldAtCaret, fillField, putWords, removeField, spansOf, textOf } from './section-state.ts';

/** What is chosen in the list of a field while the caret is in it. */
export type ChoiceState = {
  /** The field whose list it is; another field's list starts anew. */
  readonly key: string;
  /** Chosen with the arrows; null where what is typed decides. */
  readonly index: number | null;
  readonly closed: boolean;
};

export type SectionAsks = {
  choice(): ChoiceState | null;
  setChoice(next: ChoiceState | null): void;
  /** The next (1) or previous (-1) field of the report has the caret now; false where there is none that way. */
  stepField(by: 1 | -1): boolean;
  undo(): void;
  redo(): void;
  say(words: string): void;
};

/** The choice that Enter or Tab would take: the one of the arrows, else the one that what is typed means. Null where the list is shut. */
export function chosen(view: EditorView, asks: Pick<SectionAsks, 'choice'>): number | null {
  const here = openList(view, asks);
  if (here === null) return null;
  const choice = asks.choice();
  return (choice?.key === here.one.key ? choice.index : null) ?? choiceIn(here.one.field, here.text);
}

/** The field at the caret while its list is open: not once Escape shut it, nor when what is typed is a choice to the letter. */
export function openList(view: EditorView, asks: Pick<SectionAsks, 'choice'>): ReturnType<typeof fieldAtCaret> {
  const here = fieldAtCaret(view.state);
  if (here === null) return null;
  const { field } = here.one;
  const choices = choicesOf(field);
  const choice = asks.choice();
  if (choices.length === 0) return null;
  if (choice?.key === here.one.key) return choice.closed ? null : here;
  const written = field.many !== true && view.state.selection.empty && choices.includes(here.text);
  return written ? null : here;
}

/** Puts a choice into the field that the caret is in. */
export function takeChoice(view: EditorView, asks: SectionAsks, index: number): void {
  const here = fieldAtCaret(view.state);
  if (here === null) return;
  const { one, text } = here;
  const filled = fillField(view.state, one.key, withChoice(one.field, text, index));
  if (filled !== null) view.dispatch(filled);
  asks.setChoice(
    one.field.many === true ? { key: one.key, index, closed: false } : { key: one.key, index: null, closed: true },
  );
}

/** What leaving a field by key does to its words: what was typed of a choice is that choice, a bare number has its unit. */
export function settleField(view: EditorView, asks: SectionAsks): void {
  const here = fieldAtCaret(view.state);
  if (here === null) return;
  const { one, text } = here;
  const index = chosen(view, asks);
  const meant = index === null ? undefined : choicesOf(one.field)[index];
  if (index !== null && meant !== undefined) {
    const last = one.field.many === true ? (text.split(', ').at(-1) ?? '') : text;
    // Among several a choice that stands already is not taken out by going on.
    if (last !== meant && (one.field.many !== true || last !== '')) {
      const filled = fillField(view.state, one.key, withChoice(one.field, text, index));
      if (filled !== null) view.dispatch(filled);
    }
    asks.setChoice(null);
    return;
  }
  const words = wordsOnLeaving(one.field, text, textOf(view.state.doc).slice(one.to));
  const filled = words === text ? null : fillField(view.state, one.key, words);
  if (filled !== null) view.dispatch(filled);
}

/** Keys of a section; true where the key was ours. */
export function sectionKey(view: EditorView, event: KeyboardEvent, asks: SectionAsks): boolean {
  if (event.isComposing) return false;
  const bare = !event.ctrlKey && !event.metaKey && !event.altKey;
  const command = (event.ctrlKey || event.metaKey) && !event.altKey;
  const key = command ? event.key.toLowerCase() : '';
  if (key === 'z' || key === 'y') {
    // Never the browser's own undo, and none at all where nothing may be written.
    if (view.editable) (key === 'y' || event.shiftKey ? asks.redo : asks.undo)();
    return true;
  }
  if (!view.editable || !bare) return false;
  switch (event.key) {
    case 'Tab': {
      settleField(view, asks);
      return asks.stepField(event.shiftKey ? -1 : 1);
    }
    case 'Enter':
      return enter(view, asks);
    case 'Escape':
      return closeList(view, asks);
    case 'ArrowDown':
    case 'ArrowUp':
      return !event.shiftKey && stepChoice(view, asks, event.key === 'ArrowDown' ? 1 : -1);
    case 'ArrowLeft':
    case 'ArrowRight': {
      const moved = event.shiftKey ? null : arrowAtField(view.state, event.key === 'ArrowRight' ? 1 : -1);
      if (moved !== null) view.dispatch(moved);
      return moved !== null;
    }
    case 'Backspace':
    case 'Delete':
      return erase(view, event, asks);
    default:
      return false;
  }
}

function enter(view: EditorView, asks: SectionAsks): true {
  const here = openList(view, asks);
  const index = here === null ? null : chosen(view, asks);
  if (here !== null && index !== null) takeChoice(view, asks, index);
  else view.dispatch(putWords(view.state, '\n'));
  return true;
}

function closeList(view: EditorView, asks: SectionAsks): boolean {
  const here = openList(view, asks);
  if (here !== null) asks.setChoice({ key: here.one.key, index: null, closed: true });
  return here !== null;
}

function stepChoice(view: EditorView, asks: SectionAsks, by: 1 | -1): boolean {
  const here = openList(view, asks);
  if (here === null) return false;
  const count = choicesOf(here.one.field).length;
  const now = chosen(view, asks);
  const index = now === null ? (by === 1 ? 0 : count - 1) : (now + by + count) % count;
  asks.setChoice({ key: here.one.key, index, closed: false });
  return true;
}

function erase(view: EditorView, event: KeyboardEvent, asks: SectionAsks): boolean {
  const here = fieldAtCaret(view.state);
  if (event.key === 'Delete' && event.shiftKey && here !== null) {
    view.dispatch(removeField(view.state, here.one.key));
    return true;
  }
  if (!view.state.selection.empty) return false;
  if (here !== null && here.one.from === here.one.to) {
    if (here.one.field.required)
      asks.say(`${here.one.field.name} is required. Shift+Delete takes it out all the same.`);
    else view.dispatch(removeField(view.state, here.one.key));
    return true;
  }
  // Beside an empty field: the key steps into it first, as over a letter.
  const { caret } = spansOf(view.state);
  const by = event.key === 'Delete' ? 1 : -1;
  if (here !== null || (by === -1 && caret.past === null)) return false;
  const moved = arrowAtField(view.state, by);
  if (moved !== null) view.dispatch(moved);
  return moved !== null;
}

import type { EditorView } from 'prosemirror-view';
import { type CaretIn, placeCaretEvent } from '../../../ui/index.ts';
import { fieldAttribute } from './section-marks.ts';
import { enterField, putWords, selectWords, textOf } from './section-state.ts';

type Handlers = { readonly [name: string]: (view: EditorView, event: Event) => boolean };

/** What the browser would do by itself is not done: words come in as plain words, through the same door as keys. */
export function sectionInput(asks: { undo(): void; redo(): void; onLeave(): void }): Handlers {
  return {
    beforeinput: (view, event) => event instanceof InputEvent && input(view, event, asks),
    paste: (view, event) => {
      const words = event instanceof ClipboardEvent ? event.clipboardData?.getData('text/plain') : '';
      event.preventDefault();
      if (view.editable && words !== undefined && words !== '') view.dispatch(putWords(view.state, words));
      return true;
    },
    copy: (view, event) => copy(view, event, false),
    cut: (view, event) => copy(view, event, true),
    dragstart: (_view, event) => {
      event.preventDefault();
      return true;
    },
    drop: (view, event) => {
      event.preventDefault();
      const words = event instanceof DragEvent ? event.dataTransfer?.getData('text/plain') : '';
      if (!(event instanceof DragEvent) || !view.editable || words === undefined || words === '') return true;
      const found = view.posAtCoords({ left: event.clientX, top: event.clientY });
      const at = found?.pos ?? view.state.selection.head;
      view.dispatch(putWords(view.state, words, { from: at, to: at }));
      view.focus();
      return true;
    },
    mousedown: (view, event) => {
      const chip = event.target instanceof Element ? event.target.closest(`[${fieldAttribute}]`) : null;
      const entered = chip === null ? null : enterField(view.state, chip.getAttribute(fieldAttribute) ?? '');
      if (entered === null) return false;
      event.preventDefault();
      view.focus();
      view.dispatch(entered);
      return true;
    },
    [placeCaretEvent]: (view, event) => {
      const { start, end } = (event as CustomEvent<CaretIn>).detail;
      event.preventDefault();
      view.dispatch(selectWords(view.state, start, end));
      view.focus();
      return true;
    },
    blur: () => {
      asks.onLeave();
      return false;
    },
  };
}

function copy(view: EditorView, event: Event, cut: boolean): boolean {
  const { from, to } = view.state.selection;
  event.preventDefault();
  if (!(event instanceof ClipboardEvent) || from === to) return true;
  event.clipboardData?.setData('text/plain', textOf(view.state.doc).slice(from, to));
  if (cut && view.editable) view.dispatch(putWords(view.state, ''));
  return true;
}

function input(view: EditorView, event: InputEvent, asks: { undo(): void; redo(): void }): boolean {
  const { inputType } = event;
  const stop = (): true => {
    event.preventDefault();
    return true;
  };
  if (inputType.startsWith('format')) return stop();
  if (inputType === 'historyUndo' || inputType === 'historyRedo') {
    if (inputType === 'historyUndo') asks.undo();
    else asks.redo();
    return stop();
  }
  if (event.isComposing || !view.editable) return false;
  const words =
    inputType === 'insertParagraph' || inputType === 'insertLineBreak'
      ? '\n'
      : inputType === 'insertText'
        ? event.data
        : (event.dataTransfer?.getData('text/plain') ?? null);
  // A letter that is typed goes the browser's own way; whole words from a program come in at once.
  if (words === null || words === '' || (inputType === 'insertText' && [...words].length < 2 && words !== '\n'))
    return false;
  view.dispatch(putWords(view.state, words, targetOf(view, event)));
  return stop();
}

/** The words that it would replace. */
function targetOf(view: EditorView, event: InputEvent): { readonly from: number; readonly to: number } {
  const [range] = event.getTargetRanges();
  if (range === undefined) return view.state.selection;
  const from = view.posAtDOM(range.startContainer, range.startOffset);
  const to = view.posAtDOM(range.endContainer, range.endOffset);
  const { selection } = view.state;
  return from < 0 || to < from ? selection : { from, to };
}

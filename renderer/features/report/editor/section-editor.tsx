import { EditorView } from 'prosemirror-view';
import { type Ref, useId, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import type { DictatedText } from '../../../../shared/domain/dictation/index.ts';
import {
  type CaretField,
  type Doubt,
  type DraftField,
  inLines,
  noField,
  type PlaceWords,
  type SourcedWords,
} from '../../../../shared/domain/report/index.ts';
import { type SectionSpelling, useSectionSpelling } from './section-spelling.tsx';
import type { Misspelling } from './spelled-words.ts';
import './editor.css';
import { createDictatedWords } from './dictated-words.ts';
import { FieldHelp } from './field-help.tsx';
import { sectionInput } from './section-input.ts';
import { type ChoiceState, openList, type SectionAsks, sectionKey, settleField, takeChoice } from './section-keys.ts';
import { sectionMarks } from './section-marks.ts';
import {
  changesWords,
  enterField,
  fieldAtCaret,
  isFromOutside,
  sectionState,
  selectWords,
  spansOf,
  takeWords,
  wordsOf,
} from './section-state.ts';

export type SectionEditorHandle = {
  focus(): void;
  hasFocus(): boolean;
  /** UTF-16 index of the caret as it last stood; null while nobody has been here. */
  caret(): number | null;
  /** The field that the caret is in. */
  caretField(): CaretField;
  /** Puts the caret there once the new text is on screen. */
  moveCaret(index: number): void;
  /** Selects a field with its words. */
  enterField(key: string): void;
  /** Does to the field at the caret what leaving it by key does. */
  settleField(): void;
  /** What is dictated from now on goes where the caret is, else to the end. */
  markPlace(): void;
  /** Words where the utterance began, in place of what was selected; false where nothing may be written. */
  putDictated(dictated: DictatedText): boolean;
  /** The words of the last utterance out again; false where they do not stand as they were put in. */
  scratchDictated(): boolean;
  /** Words that were not heard well and not touched since. */
  doubtful(): readonly string[];
  /** Words that are in no word list, in the order of the text. */
  misspellings(): readonly Misspelling[];
  /** Selects one of them and offers what may be meant. */
  correct(one: Misspelling): void;
};

export type SectionEditorProps = {
  readonly name: string;
  readonly words: PlaceWords;
  /** Dictated words that were not heard well, as the draft has them. */
  readonly doubts: readonly Doubt[];
  /** Where the words came from, while nobody has touched them. */
  readonly source: string | null;
  /** All of the words are as their source put them. */
  readonly untouched: boolean;
  readonly isStale?: (one: SourcedWords) => boolean;
  readonly readOnly: boolean;
  readonly onWords: (words: PlaceWords, doubts: readonly Doubt[]) => void;
  readonly onLeave: () => void;
  readonly onStepField: (by: 1 | -1) => boolean;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly spelling: SectionSpelling | null;
  readonly placeholder?: string;
  readonly ref?: Ref<SectionEditorHandle>;
};

/** The field that the caret is in, for the help below it. */
type Here = { readonly one: DraftField; readonly text: string; readonly top: number; readonly open: boolean };

const never = (): boolean => false;

/** One section of the report: plain text that grows with its words, with fields in it and marks over words from elsewhere. */
export function SectionEditor(props: SectionEditorProps) {
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const mount = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const caret = useRef<number | null>(null);
  const [dictated] = useState(createDictatedWords);
  const spelling = useSectionSpelling(view, root, props.spelling);
  const spelt = useRef(spelling);
  spelt.current = spelling;
  const { words: spelled } = spelling;
  const wanted = useRef<number | null>(null);
  /** Whether the caret was in it when its view was taken down to be made anew. */
  const hadFocus = useRef(false);
  const [choice, setChoiceState] = useState<ChoiceState | null>(null);
  const choiceNow = useRef<ChoiceState | null>(null);
  const [here, setHere] = useState<Here | null>(null);
  const [note, setNote] = useState<string | null>(null);
  /** Grows with each step, so that a step that the draft did not take is seen to be none. */
  const [, setSteps] = useState(0);
  const showHere = useRef((): void => undefined);

  const setChoice = (next: ChoiceState | null): void => {
    if (choiceNow.current === next) return;
    choiceNow.current = next;
    setChoiceState(next);
    queueMicrotask(() => showHere.current());
  };
  const asks: SectionAsks = {
    choice: () => choiceNow.current,
    setChoice,
    stepField: (by) => latest.current.onStepField(by),
    undo: () => latest.current.onUndo(),
    redo: () => latest.current.onRedo(),
    say: setNote,
  };
  const asking = useRef(asks);
  asking.current = asks;

  showHere.current = () => {
    const now = view.current;
    const found = now?.hasFocus() && now.editable ? fieldAtCaret(now.state) : null;
    if (now == null || found == null) {
      setHere(null);
      setNote(null);
      setChoice(null);
      return;
    }
    const box = root.current?.getBoundingClientRect();
    const line = now.coordsAtPos(found.one.to);
    const top = line.bottom - (box?.top ?? 0);
    if (choiceNow.current !== null && choiceNow.current.key !== found.one.key) setChoice(null);
    const next = { ...found, top, open: openList(now, asking.current) !== null };
    setHere((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
  };

  // The view lives as long as the section does; what it is told changes by the effect below.
  useLayoutEffect(() => {
    if (mount.current === null) return;
    const made = new EditorView(
      { mount: mount.current },
      {
        state: sectionState(inLines(latest.current.words)),
        plugins: [spelled.plugin],
        editable: () => !latest.current.readOnly,
        attributes: (state) => ({
          class:
            state.doc.content.size === 0 && spansOf(state).fields.length === 0
              ? 'section-words blank'
              : 'section-words',
          role: 'textbox',
          'aria-multiline': 'true',
          'aria-labelledby': id,
          'aria-readonly': String(latest.current.readOnly),
          'data-placeholder': latest.current.placeholder ?? 'empty',
          tabindex: '0',
          // The browser's own checker and helpers keep words in the profile.
          spellcheck: 'false',
          autocorrect: 'off',
          autocapitalize: 'sentences',
          'data-gramm': 'false',
        }),
        decorations: (state) =>
          sectionMarks(state, latest.current.isStale ?? never).add(state.doc, [...dictated.marks()]),
        handleKeyDown: (now, event) => spelt.current.onKey(event) || sectionKey(now, event, asking.current),
        handleDOMEvents: {
          ...sectionInput({
            undo: () => asking.current.undo(),
            redo: () => asking.current.redo(),
            onLeave: () => latest.current.onLeave(),
          }),
          keydown: (now, event) => {
            if (event.key !== 'Escape' || event.isComposing) return false;
            // The engine keeps Esc for itself. Ours shuts an open list; else it is the page's, which leaves the field by it.
            if (spelt.current.onKey(event) || sectionKey(now, event, asking.current)) event.preventDefault();
            return true;
          },
          focus: () => {
            queueMicrotask(() => showHere.current());
            return false;
          },
          contextmenu: (_now, event) => {
            const offered = spelt.current.correctAt(event.clientX, event.clientY);
            if (offered) event.preventDefault();
            return offered;
          },
          focusout: () => {
            spelled.leave();
            setTimeout(() => showHere.current(), 0);
            return false;
          },
        },
        clipboardTextSerializer: (slice) => slice.content.textBetween(0, slice.content.size),
        dispatchTransaction: (transaction) => {
          const state = made.state.apply(transaction);
          dictated.follow(transaction);
          spelt.current.follow(transaction);
          made.updateState(state);
          const outside = isFromOutside(transaction);
          if (!outside || caret.current !== null) caret.current = state.selection.head;
          if (!outside && changesWords(transaction)) {
            latest.current.onWords(wordsOf(state), dictated.noted());
            setSteps((count) => count + 1);
            setNote(null);
          }
          showHere.current();
        },
      },
    );
    view.current = made;
    spelled.renew();
    if (hadFocus.current) made.focus();
    return () => {
      spelled.stop();
      hadFocus.current = made.hasFocus();
      view.current = null;
      made.destroy();
    };
  }, [id, dictated, spelled]);

  const { words, doubts, readOnly, isStale, placeholder } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the view asks for when it draws: it has to be told that the answers are others.
  useLayoutEffect(() => {
    view.current?.setProps({});
    showHere.current();
  }, [readOnly, isStale, placeholder]);
  useLayoutEffect(() => {
    const now = view.current;
    if (now === null || now.composing) return;
    const taken = takeWords(now.state, inLines(words));
    if (taken !== null) now.dispatch(taken);
    if (dictated.take(doubts)) now.setProps({});
    const at = wanted.current;
    if (at === null) return;
    wanted.current = null;
    now.dispatch(selectWords(now.state, at, at).scrollIntoView());
  });
  /** Where nobody has been yet the end is the place for words. */
  const toEndAtFirst = (now: EditorView): void => {
    if (caret.current !== null) return;
    const { size } = now.state.doc.content;
    now.dispatch(selectWords(now.state, size, size));
  };
  useImperativeHandle(props.ref, () => ({
    focus: () => {
      // The element by itself takes the focus where nothing may be written, too: it is read there.
      view.current?.dom.focus({ preventScroll: true });
      view.current?.focus();
      view.current?.dom.scrollIntoView({ block: 'nearest' });
    },
    hasFocus: () => view.current?.hasFocus() ?? false,
    caret: () => caret.current,
    caretField: () => (view.current === null ? noField : spansOf(view.current.state).caret),
    moveCaret: (index) => {
      wanted.current = index;
      caret.current = index;
    },
    enterField: (key) => {
      const now = view.current;
      const entered = now === null ? null : enterField(now.state, key);
      if (now === null || entered === null) return;
      now.focus();
      now.dispatch(entered);
    },
    settleField: () => {
      if (view.current?.editable === true) settleField(view.current, asking.current);
    },
    markPlace: () => {
      const now = view.current;
      if (now === null) return;
      toEndAtFirst(now);
      dictated.mark(now.state);
    },
    putDictated: (words) => {
      const now = view.current;
      if (now === null || !now.editable) return false;
      toEndAtFirst(now);
      now.dispatch(dictated.put(now.state, words));
      return true;
    },
    doubtful: dictated.doubtful,
    misspellings: spelled.all,
    correct: spelling.correct,
    scratchDictated: () => {
      const now = view.current;
      const step = now === null || !now.editable ? null : dictated.scratch(now.state);
      if (now === null || step === null) return false;
      now.dispatch(step);
      return true;
    },
  }));

  return (
    <div className={`report-section${props.untouched ? ' quiet' : ''}`} ref={root}>
      <div className="report-section-head">
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: a label: by keyboard the words themselves are reached. */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: as above. */}
        <span className="section-name" id={id} onClick={() => view.current?.focus()}>
          {props.name}
        </span>
        {props.source === null ? null : <span className="source">{props.source}</span>}
      </div>
      <div ref={mount} />
      {spelling.help}
      {here === null || spelling.help !== null ? null : (
        <FieldHelp
          {...here}
          note={note}
          choice={choice?.key === here.one.key ? choice : null}
          onTake={(index) => {
            if (view.current === null) return;
            takeChoice(view.current, asking.current, index);
            view.current.focus();
          }}
        />
      )}
    </div>
  );
}

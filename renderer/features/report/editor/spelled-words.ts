import { type EditorState, Plugin, type Transaction } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';
import { wordsIn } from '../../../../shared/domain/spelling/index.ts';
import { textOf } from './section-state.ts';

/** A word that no dictionary has, where it stands; UTF-16 offsets. */
export type Misspelling = { readonly from: number; readonly to: number; readonly word: string };

type Range = { readonly from: number; readonly to: number };

export type SpelledWordsParts = {
  readonly state: () => EditorState | null;
  /** The caret is in this section and may be in the middle of a word. */
  readonly isWriting: () => boolean;
  /** Those of the words that are wrong; null where nothing can be said. */
  readonly unknown: (words: readonly string[]) => Promise<ReadonlySet<string> | null>;
  /** The marks are others now. */
  readonly draw: () => void;
  /** Runs it once, after a pause; answers how to call it off. */
  readonly later: (run: () => void) => () => void;
};

export type SpelledWords = {
  /** Shows the marks; nothing of them is in the text. */
  readonly plugin: Plugin;
  /** Carries the marks through a step of the editor and looks again, after a pause, at the lines that it changed. */
  follow(transaction: Transaction): void;
  /** Looks at all words again: other words are known now, or the section is new on screen. */
  renew(): void;
  /** The caret left the section: the word that it was in is looked at. */
  leave(): void;
  /** Misspellings in the order of the text. */
  all(): readonly Misspelling[];
  /** Calls off what is still to come. */
  stop(): void;
};

/** The misspelt words of one section. It only marks; no key waits for it: a step costs the shifting of the marks that there are. */
export function createSpelledWords(parts: SpelledWordsParts): SpelledWords {
  let set = DecorationSet.empty;
  /** What has still to be looked at. */
  let open: Range | null = null;
  /** Grows with each change of the text, so that an answer about an older text is not taken. */
  let turn = 0;
  let callOff: (() => void) | null = null;

  const widen = (range: Range): void => {
    open = open === null ? range : { from: Math.min(open.from, range.from), to: Math.max(open.to, range.to) };
  };
  const schedule = (): void => {
    callOff?.();
    callOff = parts.later(() => {
      callOff = null;
      void look();
    });
  };
  const look = async (): Promise<void> => {
    const state = parts.state();
    if (state === null || open === null) return;
    const text = textOf(state.doc);
    const from = open.from === 0 ? 0 : text.lastIndexOf('\n', open.from - 1) + 1;
    const end = text.indexOf('\n', Math.min(open.to, text.length));
    const to = end === -1 ? text.length : end;
    const words = wordsIn(text.slice(from, to)).map((one) => ({ ...one, from: one.from + from, to: one.to + from }));
    const asked = turn;
    const wrong = await parts.unknown(words.map(({ word }) => word));
    const now = parts.state();
    // Where the text has changed since, its own step has it looked at again.
    if (wrong === null || now === null || asked !== turn) return;
    open = null;
    const { selection } = now;
    const marks = words.flatMap((one) => {
      if (!wrong.has(one.word)) return [];
      if (parts.isWriting() && selection.empty && selection.head === one.to) {
        // She is still at it; once the caret has gone on it is looked at.
        widen(one);
        return [];
      }
      return [Decoration.inline(one.from, one.to, { class: 'words-misspelt' }, { word: one.word })];
    });
    const before = set.find(from, to);
    if (before.length === 0 && marks.length === 0) return;
    set = set.remove(before).add(now.doc, marks);
    parts.draw();
  };
  return {
    plugin: new Plugin({ props: { decorations: () => set } }),
    follow: (transaction) => {
      if (transaction.docChanged) {
        turn += 1;
        set = set.map(transaction.mapping, transaction.doc);
        if (open !== null)
          open = { from: transaction.mapping.map(open.from, -1), to: transaction.mapping.map(open.to, 1) };
        for (const [at, step] of transaction.steps.entries()) {
          const after = transaction.mapping.slice(at + 1);
          step.getMap().forEach((_from, _to, from, to) => {
            widen({ from: after.map(from, -1), to: after.map(to, 1) });
          });
        }
      }
      if (open !== null && (transaction.docChanged || transaction.selectionSet)) schedule();
    },
    renew: () => {
      const state = parts.state();
      if (state === null) return;
      turn += 1;
      open = { from: 0, to: state.doc.content.size };
      schedule();
    },
    all: () => {
      const state = parts.state();
      if (state === null) return [];
      const text = textOf(state.doc);
      return set
        .find()
        .map(({ from, to, spec }) => ({ from, to, word: (spec as { word: string }).word }))
        .filter(({ from, to, word }) => text.slice(from, to) === word)
        .sort((left, right) => left.from - right.from);
    },
    leave: () => {
      if (open !== null) schedule();
    },
    stop: () => {
      callOff?.();
      callOff = null;
    },
  };
}

/** The misspelling that comes after (1) or before (-1) an offset; null where none does. */
export function misspellingBeside(all: readonly Misspelling[], at: number, by: 1 | -1): Misspelling | null {
  return (by === 1 ? all.find((one) => one.from >= at) : all.findLast((one) => one.to <= at)) ?? null;
}

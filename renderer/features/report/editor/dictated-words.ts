import type { EditorState, Transaction } from 'prosemirror-state';
import { Decoration } from 'prosemirror-view';
import { type DictatedText, fitDictated } from '../../../../shared/domain/dictation/index.ts';
import type { Doubt } from '../../../../shared/domain/report/index.ts';
import { putWords, textOf } from './section-state.ts';

type Range = { readonly from: number; readonly to: number };
/** A stretch and the words that stood in it when it was noted: with other words it is another stretch. */
type Noted = Doubt;

export type DictatedWords = {
  /** What is dictated from now on goes here, wherever the caret is by then. */
  mark(state: EditorState, place?: Range): void;
  /** The words where the utterance began, else at the caret. */
  put(state: EditorState, dictated: DictatedText): Transaction;
  /** The words of the last utterance out again; null where they do not stand as they were put in. */
  scratch(state: EditorState): Transaction | null;
  /** Carries the places through a step of the editor. */
  follow(transaction: Transaction): void;
  /** Doubts that the draft holds, of this window before or of another. True where they are others than those noted here. */
  take(doubts: readonly Doubt[]): boolean;
  /** What was not heard well and not touched since, for the draft. */
  noted(): readonly Doubt[];
  /** Words that were not heard well, until they are touched. */
  marks(): readonly Decoration[];
  /** These words, in their order. */
  doubtful(): readonly string[];
};

/** What one section knows of dictation into it. It lies beside the text: the words themselves are words like any other. */
export function createDictatedWords(): DictatedWords {
  let began: Range | null = null;
  let last: Noted | null = null;
  let doubts: readonly Noted[] = [];
  /** What is noted once the step that puts it in has been taken. */
  let coming: { readonly last: Noted; readonly doubts: readonly Noted[] } | null = null;

  const standing = (one: Noted, transaction: Transaction): readonly Noted[] => {
    const from = transaction.mapping.map(one.from, 1);
    const to = transaction.mapping.map(one.to, -1);
    const isThere = from < to && textOf(transaction.doc).slice(from, to) === one.words;
    return isThere ? [{ ...one, from, to }] : [];
  };
  return {
    mark: (state, place = state.selection) => {
      began = { from: place.from, to: place.to };
    },
    put: (state, dictated) => {
      const { selection } = state;
      const place = began ?? { from: selection.from, to: selection.to };
      began = null;
      const text = textOf(state.doc);
      const fitted = fitDictated(dictated, { before: text.slice(0, place.from), after: text.slice(place.to) });
      const step = putWords(state, fitted.text, place);
      const written = textOf(step.doc);
      const at = (from: number, to: number, grave: boolean): Noted => ({
        from,
        to,
        words: written.slice(from, to),
        grave,
      });
      const length = written.length - (text.length - (place.to - place.from));
      coming = {
        last: at(place.from, place.from + length, false),
        doubts: fitted.doubtful.map(({ from, to, grave }) => at(place.from + from, place.from + to, grave)),
      };
      // She has gone on elsewhere meanwhile: her caret stays there.
      const isElsewhere = selection.from !== place.from || selection.to !== place.to;
      return isElsewhere ? step.setSelection(selection.map(step.doc, step.mapping)) : step;
    },
    scratch: (state) => {
      if (last === null || textOf(state.doc).slice(last.from, last.to) !== last.words) return null;
      const step = putWords(state, '', last);
      last = null;
      return step;
    },
    follow: (transaction) => {
      if (!transaction.docChanged) return;
      if (began !== null)
        began = { from: transaction.mapping.map(began.from, 1), to: transaction.mapping.map(began.to, 1) };
      last = last === null ? null : (standing(last, transaction)[0] ?? null);
      doubts = doubts.flatMap((one) => standing(one, transaction));
      if (coming === null) return;
      ({ last } = coming);
      doubts = [...doubts, ...coming.doubts].toSorted((left, right) => left.from - right.from);
      coming = null;
    },
    take: (others) => {
      if (JSON.stringify(others) === JSON.stringify(doubts)) return false;
      doubts = others;
      return true;
    },
    noted: () => doubts,
    doubtful: () => doubts.filter(({ grave }) => grave).map(({ words }) => words),
    marks: () =>
      doubts.map(({ from, to, grave }) =>
        Decoration.inline(from, to, {
          class: grave ? 'words-doubtful' : 'words-unsure',
          title: 'Not heard well: look, and write over it where it is wrong.',
        }),
      ),
  };
}

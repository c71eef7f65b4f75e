import type { Transaction } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import type { WordOwner } from '../spelling/own-words.ts';
import { SpellingHelp, type SpellingOption, spellingOptions } from '../spelling/spelling-help.tsx';
import { putWords, selectWords, textOf } from './section-state.ts';
import { createSpelledWords, type Misspelling, type SpelledWords } from './spelled-words.ts';

/** What a section needs to check its words: the page’s dictionaries, less the names of the case and words that were added. */
export type SectionSpelling = {
  /** Null where the dictionaries could not be read. */
  readonly unknown: (words: readonly string[]) => Promise<ReadonlySet<string> | null>;
  readonly suggest: (word: string) => Promise<readonly string[]>;
  readonly mayGroup: boolean;
  readonly add: (word: string, owner: WordOwner) => void;
  /** Another value: other words are known. */
  readonly known: ReadonlySet<string>;
};

type Help = {
  readonly one: Misspelling;
  readonly top: number;
  readonly suggestions: readonly string[] | null;
  readonly at: number;
};

/** Milliseconds without a key before words are looked at. */
const pause = 300;

export type SectionSpellingDesk = {
  readonly words: SpelledWords;
  /** Keys of the open list; true where the key was ours. */
  onKey(event: KeyboardEvent): boolean;
  /** After a step of the editor. */
  follow(transaction: Transaction): void;
  /** Selects a misspelt word and offers what may be meant. */
  correct(one: Misspelling): void;
  /** The misspelt word under the pointer is selected and the list opens; false where there is none. */
  correctAt(x: number, y: number): boolean;
  readonly help: ReactNode;
};

/** Spelling of one section: marks, and the list of what may be meant. It changes no word that nobody took. */
export function useSectionSpelling(
  view: RefObject<EditorView | null>,
  root: RefObject<HTMLElement | null>,
  spelling: SectionSpelling | null,
): SectionSpellingDesk {
  const latest = useRef(spelling);
  latest.current = spelling;
  const [help, setHelp] = useState<Help | null>(null);
  const open = useRef<Help | null>(null);
  const show = (next: Help | null): void => {
    open.current = next;
    setHelp(next);
  };
  const [words] = useState(() =>
    createSpelledWords({
      state: () => view.current?.state ?? null,
      isWriting: () => view.current?.hasFocus() ?? false,
      unknown: (asked) => latest.current?.unknown(asked) ?? Promise.resolve(null),
      draw: () => view.current?.setProps({}),
      later: (run) => {
        const timer = setTimeout(run, pause);
        return () => clearTimeout(timer);
      },
    }),
  );
  const known = spelling?.known ?? null;
  useEffect(() => {
    if (known !== null) words.renew();
  }, [known, words]);

  const optionsOf = (one: Help): readonly SpellingOption[] =>
    spellingOptions(one.suggestions ?? [], latest.current?.mayGroup === true);
  const take = (at: number): void => {
    const [now, standing] = [open.current, view.current];
    const option = now === null || now.suggestions === null ? undefined : optionsOf(now)[at];
    if (now === null || standing === null || option === undefined) return;
    const { from, to, word } = now.one;
    show(null);
    if (!standing.editable || textOf(standing.state.doc).slice(from, to) !== word) return;
    if (option.kind === 'word') standing.dispatch(putWords(standing.state, option.word, { from, to }));
    else {
      latest.current?.add(word, option.owner);
      standing.dispatch(selectWords(standing.state, to, to));
    }
    standing.focus();
  };
  const correct = (one: Misspelling): void => {
    const standing = view.current;
    const asked = latest.current;
    if (standing === null || asked === null || !standing.editable) return;
    standing.focus();
    standing.dispatch(selectWords(standing.state, one.from, one.to).scrollIntoView());
    const top = standing.coordsAtPos(one.to).bottom - (root.current?.getBoundingClientRect().top ?? 0);
    show({ one, top, suggestions: null, at: 0 });
    void asked.suggest(one.word).then((suggestions) => {
      if (open.current?.one === one) show({ ...open.current, suggestions });
    });
  };
  return {
    words,
    correct,
    correctAt: (x, y) => {
      const at = view.current?.posAtCoords({ left: x, top: y })?.pos;
      const one = at === undefined ? undefined : words.all().find(({ from, to }) => from <= at && at <= to);
      if (one !== undefined) correct(one);
      return one !== undefined;
    },
    follow: (transaction) => {
      words.follow(transaction);
      const now = open.current;
      const { selection } = transaction;
      if (now !== null && (transaction.docChanged || selection.from !== now.one.from || selection.to !== now.one.to))
        show(null);
    },
    onKey: (event) => {
      const now = open.current;
      if (now === null || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
      const count = optionsOf(now).length;
      switch (event.key) {
        case 'ArrowDown':
        case 'ArrowUp':
          // Before they are here there is nothing to choose.
          if (now.suggestions !== null)
            show({ ...now, at: (now.at + (event.key === 'ArrowDown' ? 1 : -1) + count) % count });
          return true;
        case 'Enter':
          take(now.at);
          return true;
        case 'Escape':
          show(null);
          return true;
        default:
          return false;
      }
    },
    help:
      help === null ? null : (
        <SpellingHelp
          word={help.one.word}
          top={help.top}
          suggestions={help.suggestions}
          options={optionsOf(help)}
          at={help.at}
          onTake={take}
        />
      ),
  };
}

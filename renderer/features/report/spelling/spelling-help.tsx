import { useEffect, useId, useRef } from 'react';
import type { WordOwner } from './own-words.ts';

export type SpellingOption =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'add'; readonly owner: WordOwner };

export function spellingOptions(suggestions: readonly string[], mayGroup: boolean): readonly SpellingOption[] {
  return [
    ...suggestions.map((word) => ({ kind: 'word', word }) as const),
    { kind: 'add', owner: 'own' },
    ...(mayGroup ? [{ kind: 'add', owner: 'group' } as const] : []),
  ];
}

function optionWords(option: SpellingOption): string {
  if (option.kind === 'word') return option.word;
  return option.owner === 'own' ? 'Add to my words' : 'Add to the group’s words';
}

/** What may be meant by a word that no dictionary has. Never takes the focus: arrows, Enter and Esc reach it from the text. */
export function SpellingHelp(props: {
  readonly word: string;
  /** Pixels below the top of the section. */
  readonly top: number;
  /** Null while they are looked for. */
  readonly suggestions: readonly string[] | null;
  readonly options: readonly SpellingOption[];
  readonly at: number;
  readonly onTake: (at: number) => void;
}) {
  const { word, suggestions } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it has grown when the words are here.
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' });
  }, [suggestions]);
  return (
    <div className="field-help" ref={box} style={{ top: props.top }}>
      <p id={id} role="status" className="field-hint">
        <b>{word}</b>{' '}
        {suggestions === null
          ? 'is in no word list'
          : suggestions.length === 0
            ? 'is in no word list, and no word is near it'
            : 'is in no word list; meant may be'}
      </p>
      {suggestions === null ? null : (
        <div role="listbox" aria-labelledby={id} className="field-choices">
          {props.options.map((option, at) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the section's own: arrows, Enter, Esc.
            <div
              key={optionWords(option)}
              role="option"
              tabIndex={-1}
              aria-selected={at === props.at}
              className={option.kind === 'add' ? 'spelling-add' : undefined}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => props.onTake(at)}
            >
              {optionWords(option)}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

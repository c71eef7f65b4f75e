import { type KeyboardEvent, type ReactNode, useState } from 'react';

/** Whether a line has every word that is typed, in any case and order. */
export function hasWords(line: string, typed: string): boolean {
  const found = line.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => found.includes(word));
}

/** What is typed, what is found by it, and which line is marked. */
export type Find<Row> = {
  readonly text: string;
  readonly rows: readonly Row[];
  readonly at: number;
  readonly onText: (text: string) => void;
  readonly onMove: (to: number) => void;
};

/** A list that is found by typing: with each change of the words its first line is marked again. */
export function useFind<Row>(
  search: (text: string) => readonly Row[],
  start = '',
): Find<Row> & { readonly row: Row | undefined } {
  const [text, setText] = useState(start);
  const [moved, onMove] = useState(0);
  const rows = search(text);
  const at = Math.min(moved, Math.max(0, rows.length - 1));
  const onText = (next: string): void => {
    setText(next);
    onMove(0);
  };
  return { text, rows, at, row: rows[at], onText, onMove };
}

export type FindLine = {
  readonly key: string;
  readonly shown: ReactNode;
  /** Less than the others: it stands grey. */
  readonly grey?: boolean;
  /** Enter does nothing with it now. */
  readonly disabled?: boolean;
};

/** A name with what it is beneath it, and whose beside it. */
export function twoLines(name: string, beneath: ReactNode, beside: ReactNode): ReactNode {
  return (
    <>
      <span className="grow">
        <b>{name}</b>
        <span className="command-beneath">{beneath}</span>
      </span>
      <span className="mute small">{beside}</span>
    </>
  );
}

/**
 * A field and the list that is found by typing in it (WAI-ARIA combobox pattern): the hand stays in the field, Up and Down go round the
 * list, Enter takes what is marked.
 */
export function FindList<Row>(props: {
  readonly find: Find<Row>;
  readonly label: string;
  readonly placeholder: string;
  /** Accessible name of the list. */
  readonly listName: string;
  readonly id: string;
  readonly line: (row: Row) => FindLine;
  /** What is marked, if anything is; `shift` where Shift was held. */
  readonly onTake: (row: Row | undefined, shift: boolean) => void;
  /** What the pointer does: `takes` at once, or `marks` what is to be seen first and takes by a double press. */
  readonly press: 'takes' | 'marks';
  /** Beneath the list: how many, or why none. */
  readonly told: string | null;
  /** Between field and list. */
  readonly between?: ReactNode;
  readonly maxLength?: number;
}) {
  const { find, id, onTake, press } = props;
  const { rows, at, onMove } = find;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const to = (at + (event.key === 'ArrowDown' ? 1 : rows.length - 1)) % Math.max(1, rows.length);
      onMove(to);
      document.getElementById(`${id}-${to}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      onTake(rows[at], event.shiftKey);
    }
  };
  return (
    <>
      <input
        className="find-input"
        type="text"
        role="combobox"
        aria-label={props.label}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={rows.length === 0 ? undefined : `${id}-${at}`}
        placeholder={props.placeholder}
        value={find.text}
        maxLength={props.maxLength}
        spellCheck={false}
        autoComplete="off"
        // biome-ignore lint/a11y/noAutofocus: the dialog has one thing to type, and the reader's hands are on the keys.
        autoFocus
        onChange={(event) => find.onText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {props.between}
      <div className="commands" id={id} role="listbox" aria-label={props.listName}>
        {rows.map((row, index) => {
          const { key, shown, grey, disabled } = props.line(row);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys (combobox pattern).
            <div
              key={key}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              aria-disabled={disabled}
              className={`command ${index === at ? 'chosen' : ''} ${grey === true ? 'off' : ''}`}
              onPointerMove={press === 'takes' ? () => onMove(index) : undefined}
              onClick={() => (press === 'takes' ? onTake(row, false) : onMove(index))}
              onDoubleClick={press === 'takes' ? undefined : () => onTake(row, false)}
            >
              {shown}
            </div>
          );
        })}
      </div>
      {props.told === null ? null : (
        <p className="none mute small" role="status">
          {props.told}
        </p>
      )}
    </>
  );
}

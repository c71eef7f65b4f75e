import { type ReactNode, useRef } from 'react';
import { Button } from './button.tsx';
import type { Command } from './commands.ts';
import { Mark, type MarkShape } from './marks.tsx';
import { unbroken } from './unbroken.tsx';
import type { AskedLines } from './use-asked-lines.ts';
import { useCommands } from './use-commands.ts';

/** The way to a board's first line, by key and palette. */
export type BoardCommand = Pick<Command, 'id' | 'title'> & { readonly keys: string };

/**
 * What waits for somebody, a line each. It comes and goes by itself, so it belongs below the list's rows: above them it would move them
 * under the hand. There is nothing here while there is nothing to say.
 */
export function Board<Line>(props: {
  readonly name: string;
  readonly title: string;
  readonly asked: AskedLines<Line>;
  readonly goTo: BoardCommand;
  /** What came of something that was pressed here. */
  readonly note?: string | null;
  readonly children: ReactNode;
}) {
  const { asked, goTo, note = null } = props;
  const { lines, trouble } = asked;
  const list = useRef<HTMLUListElement>(null);
  useCommands([
    {
      ...goTo,
      group: 'Worklist',
      run: () => list.current?.querySelector('button')?.focus(),
      enabled: () => lines.length > 0,
    },
  ]);
  if (lines.length === 0 && trouble === null) return null;
  return (
    <section className="board" aria-label={props.name}>
      <h2>
        {props.title} <span className="dim">{lines.length === 0 ? '' : lines.length}</span>
      </h2>
      {trouble === null ? null : (
        <p className="signal" role="status">
          {lines.length === 0 ? 'It could not be asked' : 'This may be older'}: {trouble}{' '}
          <Button kind="quiet" onClick={asked.ask}>
            Ask again
          </Button>
        </p>
      )}
      {note === null ? null : (
        <p className="signal" role="alert">
          {note}
        </p>
      )}
      {lines.length === 0 ? null : <ul ref={list}>{props.children}</ul>}
    </section>
  );
}

/** One line of a board: how it stands, whose it is, what it says, and the way to it. */
export function BoardLine(props: {
  readonly tone: 'danger' | 'signal' | 'dim';
  readonly shape: MarkShape;
  readonly who: string;
  readonly about: string;
  readonly onOpen: () => void;
  /** The board's key, on its first line. */
  readonly plate: string | null;
  /** What else can be done from here. */
  readonly more?: ReactNode;
  readonly children: ReactNode;
}) {
  const { plate } = props;
  return (
    <li>
      <span className={props.tone}>
        <Mark shape={props.shape} />
      </span>
      <div className="board-words">
        <span className="board-who">
          <b>{props.who}</b> <span className="dim">{unbroken(props.about)}</span>
        </span>
        {props.children}
      </div>
      <Button {...(plate === null ? {} : { keys: plate })} onClick={props.onOpen}>
        Open
      </Button>
      {props.more}
    </li>
  );
}

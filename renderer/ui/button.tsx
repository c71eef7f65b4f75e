import type { MouseEventHandler, ReactNode, Ref } from 'react';
import { shownKeys } from './commands.ts';

/** The key that runs an action, as a small plate beside it. */
export function KeyPlate({ keys }: { readonly keys: string }) {
  return <kbd className="key">{shownKeys(keys)}</kbd>;
}

export type ButtonProps = {
  readonly children: ReactNode;
  /** `go` is the one filled button of a screen. */
  readonly kind?: 'plain' | 'go' | 'quiet';
  readonly keys?: string;
  readonly onClick?: MouseEventHandler<HTMLButtonElement>;
  readonly type?: 'button' | 'submit';
  readonly disabled?: boolean;
  /** Why it is off; a blocked button says what blocks it. */
  readonly title?: string;
  readonly ref?: Ref<HTMLButtonElement>;
  /** Its name where the words alone do not say which of many it is. */
  readonly label?: string;
  /** Whether what it shows stands open. */
  readonly expanded?: boolean;
};

export function Button({ children, kind = 'plain', keys, type = 'button', label, expanded, ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      aria-label={label}
      aria-expanded={expanded}
      type={type}
      className={kind === 'plain' ? 'button' : `button ${kind}`}
    >
      {children}
      {keys === undefined ? null : (
        <span aria-hidden="true">
          <KeyPlate keys={keys} />
        </span>
      )}
    </button>
  );
}

/** A filter that is on or off, with the count of what it would show. */
export function Chip(props: {
  readonly children: ReactNode;
  readonly pressed: boolean;
  readonly count?: number;
  readonly title?: string;
  readonly onClick: () => void;
}) {
  return (
    <button type="button" className="chip" title={props.title} aria-pressed={props.pressed} onClick={props.onClick}>
      {props.children}
      {props.count === undefined ? null : <b>{props.count}</b>}
    </button>
  );
}

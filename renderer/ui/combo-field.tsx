import type { KeyboardEvent } from 'react';

/**
 * The field of a list that is found by typing (WAI-ARIA combobox pattern): the hand stays in the field, Up and Down go round the list,
 * Enter takes what is marked. Option `n` has the id `${option}-n`.
 */
export function ComboField(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Id of the list below it. */
  readonly list: string;
  readonly option: string;
  readonly count: number;
  readonly at: number;
  readonly onMove: (to: number) => void;
  /** Enter; `shift` where Shift was held. */
  readonly onTake: (shift: boolean) => void;
  readonly maxLength?: number;
}) {
  const { count, at, option } = props;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const to = (at + (event.key === 'ArrowDown' ? 1 : count - 1)) % Math.max(1, count);
      props.onMove(to);
      document.getElementById(`${option}-${to}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      props.onTake(event.shiftKey);
    }
  };
  return (
    <input
      className="find-input"
      type="text"
      role="combobox"
      aria-label={props.label}
      aria-expanded="true"
      aria-controls={props.list}
      aria-activedescendant={count === 0 ? undefined : `${option}-${at}`}
      placeholder={props.placeholder}
      value={props.text}
      maxLength={props.maxLength}
      spellCheck={false}
      autoComplete="off"
      // biome-ignore lint/a11y/noAutofocus: the dialog has one thing to type, and the reader's hands are on the keys.
      autoFocus
      onChange={(event) => props.onText(event.target.value)}
      onKeyDown={onKeyDown}
    />
  );
}

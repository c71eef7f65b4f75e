import { type Ref, useId } from 'react';

export type TextFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly rows?: number;
  readonly autoFocus?: boolean;
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly autoComplete?: string;
  /** Drawn as dots, never copied. */
  readonly secret?: boolean;
  readonly inputRef?: Ref<HTMLInputElement>;
};

/** One line, or several where `rows` is given, with its label above. */
export function TextField(props: TextFieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const described = props.hint === undefined ? undefined : hintId;
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      {props.rows === undefined ? (
        <input
          id={id}
          ref={props.inputRef}
          type={props.secret === true ? 'password' : 'text'}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
          // biome-ignore lint/a11y/noAutofocus: the screen has one thing to type, and the reader's hands are on the keys.
          autoFocus={props.autoFocus}
          required={props.required}
          maxLength={props.maxLength}
          autoComplete={props.autoComplete ?? 'off'}
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          aria-describedby={described}
        />
      ) : (
        <textarea
          id={id}
          rows={props.rows}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
          // biome-ignore lint/a11y/noAutofocus: as above.
          autoFocus={props.autoFocus}
          required={props.required}
          maxLength={props.maxLength}
          // Chromium writes what stands in a field into its session files, unless the field says no: words about a patient never may.
          autoComplete="off"
          spellCheck={false}
          aria-describedby={described}
        />
      )}
      {props.hint === undefined ? null : (
        <span className="hint" id={hintId}>
          {props.hint}
        </span>
      )}
    </div>
  );
}

import { useId } from 'react';

/** One line with its label beside it. Enter leaves it. */
export function SmallText(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onEnter?: (() => void) | undefined;
  readonly hint?: string;
  readonly place?: string;
  readonly lines?: number;
  readonly most?: number;
}) {
  const id = useId();
  const common = {
    id,
    value: props.value,
    autoComplete: 'off',
    spellCheck: false,
    maxLength: props.most ?? 500,
    'data-place': props.place,
    placeholder: props.hint,
  };
  return (
    <div className="tpe-field">
      <label htmlFor={id}>{props.label}</label>
      {props.lines === undefined ? (
        <input
          {...common}
          type="text"
          autoComplete="off"
          onChange={(event) => props.onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || props.onEnter === undefined) return;
            event.preventDefault();
            props.onEnter();
          }}
        />
      ) : (
        <textarea
          {...common}
          autoComplete="off"
          rows={props.lines}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </div>
  );
}

export function SmallSelect<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChange: (value: Value) => void;
  readonly place?: string;
}) {
  const id = useId();
  return (
    <div className="tpe-field">
      <label htmlFor={id}>{props.label}</label>
      <select
        id={id}
        value={props.value}
        autoComplete="off"
        data-place={props.place}
        onChange={(event) => {
          const chosen = props.options.find(([value]) => value === event.target.value);
          if (chosen !== undefined) props.onChange(chosen[0]);
        }}
      >
        {props.options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

export function SmallCheck(props: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  return (
    <label className="tpe-check">
      <input
        type="checkbox"
        autoComplete="off"
        checked={props.checked}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      {props.label}
    </label>
  );
}

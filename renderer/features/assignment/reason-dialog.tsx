import { type FormEvent, useRef, useState } from 'react';
import { Button, Dialog, KeyPlate, TextField } from '../../ui/index.ts';

export type Choice<Value extends string> = {
  readonly value: Value;
  readonly words: string;
  /** Why it cannot be chosen; null where it can. */
  readonly refusal?: string | null;
  /** Said beside it, where it may be chosen: "on shift until 07:00 CST". */
  readonly note?: string;
};

/** One typed choice and a few words: the form of pass, hold, give and ask. Digits choose, Enter does it. */
export function ChoiceDialog<Value extends string>(props: {
  readonly title: string;
  readonly about: string;
  readonly legend: string;
  readonly choices: readonly Choice<Value>[];
  readonly wordsLabel: string;
  readonly wordsRows?: number;
  /** What is missing before it can be done, in words; null when nothing is. */
  readonly missing: (choice: Value | null, words: string) => string | null;
  readonly doIt: string;
  /** Null when it is done; else why not, in words. */
  readonly onDo: (choice: Value, words: string) => Promise<string | null>;
  readonly onClose: () => void;
}) {
  const [choice, setChoice] = useState<Value | null>(null);
  const [words, setWords] = useState('');
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const free = props.choices.filter((one) => (one.refusal ?? null) === null);
  const missing = props.missing(choice, words);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy || choice === null || missing !== null) {
      setRefused(missing);
      return;
    }
    setBusy(true);
    const why = await props.onDo(choice, words.trim());
    setBusy(false);
    if (why !== null) setRefused(why);
  }

  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form
        ref={form}
        className="dialog-body choice-form"
        onSubmit={(event) => void submit(event)}
        onKeyDown={(event) => {
          if (event.target instanceof HTMLTextAreaElement) {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.current?.requestSubmit();
            return;
          }
          const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
          const chosen =
            digit === 0 || (event.target as HTMLElement).matches('input[type=text]') ? null : free[digit - 1];
          if (chosen == null) return;
          event.preventDefault();
          setChoice(chosen.value);
        }}
      >
        <p className="dim">{props.about}</p>
        <fieldset className="choices">
          <legend>{props.legend}</legend>
          {props.choices.map((one) => {
            const refusal = one.refusal ?? null;
            const place = free.indexOf(one);
            return (
              <label key={one.value} className={refusal === null ? 'choice' : 'choice off'}>
                <input
                  type="radio"
                  autoComplete="off"
                  name="choice"
                  value={one.value}
                  checked={choice === one.value}
                  disabled={refusal !== null}
                  // The dialog asks one thing, and the hands are on the keys.
                  autoFocus={place === 0}
                  onChange={() => setChoice(one.value)}
                />
                <span>{one.words}</span>
                {(refusal ?? one.note ?? '') === '' ? null : <span className="mute small">{refusal ?? one.note}</span>}
                <span className="grow" />
                {place >= 0 && place < 9 ? (
                  <span aria-hidden="true">
                    <KeyPlate keys={String(place + 1)} />
                  </span>
                ) : null}
              </label>
            );
          })}
          {props.choices.length === 0 ? <p className="mute">Nobody else reads here yet.</p> : null}
        </fieldset>
        <TextField
          label={props.wordsLabel}
          value={words}
          onChange={setWords}
          maxLength={props.wordsRows === undefined ? 400 : 2_000}
          {...(props.wordsRows === undefined ? {} : { rows: props.wordsRows })}
        />
        <p className={refused === null ? 'choice-why dim' : 'choice-why signal'} role="status">
          {refused ?? missing ?? ''}
        </p>
        <div className="dialog-actions">
          <Button kind="go" type="submit" disabled={busy || missing !== null} title={missing ?? undefined}>
            {props.doIt}
          </Button>
          <Button keys="Esc" onClick={props.onClose}>
            Back
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

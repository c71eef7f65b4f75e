import { type FormEvent, useState } from 'react';
import { type LookReason, lackOfLookReason, lookReasons } from '../../shared/domain/audit/index.ts';
import { Button, Dialog, TextField } from '../ui/index.ts';

const kinds = Object.entries(lookReasons) as readonly (readonly [LookReason, string])[];

/** Asked before somebody looks at a study outside her own list; the answer goes into the access log. */
export function LookReasonDialog(props: {
  /** Why it is outside her list, in the host's words. */
  readonly why: string;
  readonly onLook: (reason: { readonly kind: LookReason; readonly words: string }) => void;
  readonly onLeave: () => void;
}) {
  const [kind, setKind] = useState<LookReason | null>(null);
  const [words, setWords] = useState('');
  const [lack, setLack] = useState<string | null>(null);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const lacking = lackOfLookReason(kind, words);
    setLack(lacking);
    if (lacking === null && kind !== null) props.onLook({ kind, words });
  };
  return (
    <Dialog title="Why do you look at this study?" onClose={props.onLeave}>
      <form className="dialog-body look-reason" onSubmit={submit}>
        <p className="dim">{props.why}</p>
        <fieldset>
          <legend className="visually-hidden">Reason</legend>
          {kinds.map(([value, label]) => (
            <label key={value} className="look-choice">
              <input
                type="radio"
                name="look-reason"
                value={value}
                checked={kind === value}
                onChange={() => setKind(value)}
                autoComplete="off"
              />
              {label}
            </label>
          ))}
        </fieldset>
        <TextField label="In your words" value={words} onChange={setWords} maxLength={400} />
        {lack === null ? null : (
          <p className="signal" role="alert">
            {lack}
          </p>
        )}
        <p className="hint">Look is read-only and claims nothing. The reason is kept in the access log.</p>
        <div className="dialog-actions">
          <Button kind="go" type="submit" keys="Enter">
            Look
          </Button>
          <Button kind="quiet" keys="Esc" onClick={props.onLeave}>
            Back to the list
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

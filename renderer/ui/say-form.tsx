import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from './button.tsx';

/**
 * A few fields within a panel and one press. `act` answers null where it was done, and the form goes; else the reason, which stands below
 * the fields with everything that was typed.
 */
export function SayForm(props: {
  readonly name: string;
  /** What the press does, on its button. */
  readonly go: string;
  readonly ready: boolean;
  readonly act: () => Promise<string | null>;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy || !props.ready) return;
    setBusy(true);
    const why = await props.act();
    setBusy(false);
    setTrouble(why);
    if (why === null) props.onCancel();
  };
  return (
    <form className="say-form" aria-label={props.name} onSubmit={(event) => void submit(event)}>
      <div className="say-fields">{props.children}</div>
      {trouble === null ? null : (
        <p className="signal" role="alert">
          Not done: {trouble} What you typed is still here.
        </p>
      )}
      <div className="say-actions">
        <Button type="submit" disabled={busy || !props.ready}>
          {props.go}
        </Button>
        <Button kind="quiet" onClick={props.onCancel}>
          Not now
        </Button>
      </div>
    </form>
  );
}

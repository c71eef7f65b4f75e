import { type FormEvent, useState } from 'react';
import type { CaseCritical } from '../../../shared/api/index.ts';
import { longestCriticalWords, longestName } from '../../../shared/domain/critical/index.ts';
import { isPhone } from '../../../shared/domain/question/index.ts';
import { Button, TextField } from '../../ui/index.ts';

type Answer = string | null;

/** A colleague takes it over: the clock runs on. */
export function HandOverForm(props: {
  readonly colleagues: CaseCritical['colleagues'];
  readonly onHandOver: (to: CaseCritical['colleagues'][number]) => Promise<Answer>;
  readonly onCancel: () => void;
}) {
  const [to, setTo] = useState('');
  const chosen = props.colleagues.find((one) => one.id === to);
  return (
    <EndingForm
      name="Hand over"
      go="Hand over"
      ready={chosen !== undefined}
      act={async () => (chosen === undefined ? null : props.onHandOver(chosen))}
      onCancel={props.onCancel}
    >
      <label className="field">
        Who takes it over
        {/* biome-ignore lint/a11y/noAutofocus: the form has one thing to choose, and the reader's hands are on the keys. */}
        <select autoFocus value={to} autoComplete="off" onChange={(event) => setTo(event.target.value)}>
          <option value="">Choose a colleague</option>
          {props.colleagues.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
    </EndingForm>
  );
}

/** Level 3 alone: a named person takes it into follow-up. */
export function FollowUpForm(props: {
  readonly onDelegate: (to: { name: string; role: string; phone: string }, words: string) => Promise<Answer>;
  readonly onCancel: () => void;
}) {
  const [name, setName] = useState('');
  const [role, setRole] = useState('');
  const [phone, setPhone] = useState('');
  const [words, setWords] = useState('');
  return (
    <EndingForm
      name="Hand to follow-up"
      go="Hand to follow-up"
      ready={name.trim() !== '' && isPhone(phone) && words.trim() !== ''}
      act={() => props.onDelegate({ name, role, phone }, words)}
      onCancel={props.onCancel}
    >
      <TextField label="Who takes it, by name" value={name} onChange={setName} maxLength={longestName} autoFocus />
      <TextField label="What that person is" value={role} onChange={setRole} maxLength={longestName} />
      <TextField label="Number" value={phone} onChange={setPhone} maxLength={60} />
      <div className="wide">
        <TextField label="What was agreed" value={words} onChange={setWords} maxLength={longestCriticalWords} />
      </div>
    </EndingForm>
  );
}

/** Begun by a slip of the hand, before anybody was tried. */
export function MistakenForm(props: {
  readonly onMistaken: (words: string) => Promise<Answer>;
  readonly onCancel: () => void;
}) {
  const [words, setWords] = useState('');
  return (
    <EndingForm
      name="Begun by mistake"
      go="Take it back"
      ready={words.trim() !== ''}
      act={() => props.onMistaken(words)}
      onCancel={props.onCancel}
    >
      <div className="wide">
        <TextField
          label="Why it was no critical result"
          value={words}
          onChange={setWords}
          maxLength={longestCriticalWords}
          autoFocus
        />
      </div>
    </EndingForm>
  );
}

function EndingForm(props: {
  readonly name: string;
  readonly go: string;
  readonly ready: boolean;
  readonly act: () => Promise<Answer>;
  readonly onCancel: () => void;
  readonly children: React.ReactNode;
}) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Answer>(null);
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
    <form className="critical-form" aria-label={props.name} onSubmit={(event) => void submit(event)}>
      <div className="critical-fields">{props.children}</div>
      {trouble === null ? null : (
        <p className="signal" role="alert">
          Not done: {trouble} What you typed is still here.
        </p>
      )}
      <div className="critical-actions">
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

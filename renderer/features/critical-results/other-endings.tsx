import { useState } from 'react';
import type { CaseCritical } from '../../../shared/api/index.ts';
import { longestCriticalWords, longestName } from '../../../shared/domain/critical/index.ts';
import { isPhone } from '../../../shared/domain/question/index.ts';
import { SayForm, TextField } from '../../ui/index.ts';

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
    <SayForm
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
    </SayForm>
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
    <SayForm
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
    </SayForm>
  );
}

/** Begun by a slip of the hand, before anybody was tried. */
export function MistakenForm(props: {
  readonly onMistaken: (words: string) => Promise<Answer>;
  readonly onCancel: () => void;
}) {
  const [words, setWords] = useState('');
  return (
    <SayForm
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
    </SayForm>
  );
}

import { useState } from 'react';
import {
  type ClosingReason,
  closingReasons,
  closingWords,
  longestExam,
  longestFollowUpWords,
} from '../../../shared/domain/follow-up/index.ts';
import { isPhone } from '../../../shared/domain/question/index.ts';
import { SayForm, TextField } from '../../ui/index.ts';

type Answer = string | null;

/** Who holds it from now on: a named person or a role. */
export function HandOnForm(props: {
  readonly onHandOn: (to: { name: string; role: string; phone: string }, words: string) => Promise<Answer>;
  readonly onCancel: () => void;
}) {
  const [name, setName] = useState('');
  const [role, setRole] = useState('');
  const [phone, setPhone] = useState('');
  const [words, setWords] = useState('');
  const named = name.trim() !== '' || role.trim() !== '';
  return (
    <SayForm
      name="Hand on"
      go="Hand on"
      ready={named && (phone.trim() === '' || isPhone(phone))}
      act={() => props.onHandOn({ name, role, phone }, words)}
      onCancel={props.onCancel}
    >
      <TextField label="Who takes it, by name" value={name} onChange={setName} maxLength={longestExam} autoFocus />
      <TextField label="Or what that person is" value={role} onChange={setRole} maxLength={longestExam} />
      <TextField label="Number" value={phone} onChange={setPhone} maxLength={60} />
      <div className="wide">
        <TextField label="What was agreed" value={words} onChange={setWords} maxLength={longestFollowUpWords} />
      </div>
    </SayForm>
  );
}

/** Ends it without an exam here: why, and who said so. */
export function CloseForm(props: {
  readonly onClose: (reason: ClosingReason, words: string) => Promise<Answer>;
  readonly onCancel: () => void;
}) {
  const [reason, setReason] = useState<ClosingReason>('elsewhere');
  const choose = (value: string): void => setReason(closingReasons.find((one) => one === value) ?? reason);
  const [words, setWords] = useState('');
  return (
    <SayForm
      name="Close without an exam here"
      go="Close it"
      ready={words.trim() !== ''}
      act={() => props.onClose(reason, words)}
      onCancel={props.onCancel}
    >
      <label className="field">
        Why
        {/* biome-ignore lint/a11y/noAutofocus: the form was asked for, and the hands are on the keys. */}
        <select autoFocus value={reason} autoComplete="off" onChange={(event) => choose(event.target.value)}>
          {closingReasons.map((one) => (
            <option key={one} value={one}>
              {closingWords[one]}
            </option>
          ))}
        </select>
      </label>
      <div className="wide">
        <TextField
          label="Who said so, where it was done"
          value={words}
          onChange={setWords}
          maxLength={longestFollowUpWords}
        />
      </div>
    </SayForm>
  );
}

/** One line of words: why it is open again, or why it was no recommendation. */
export function ReasonForm(props: {
  readonly name: string;
  readonly go: string;
  readonly label: string;
  readonly onSay: (words: string) => Promise<Answer>;
  readonly onCancel: () => void;
}) {
  const [words, setWords] = useState('');
  return (
    <SayForm
      name={props.name}
      go={props.go}
      ready={words.trim() !== ''}
      act={() => props.onSay(words)}
      onCancel={props.onCancel}
    >
      <div className="wide">
        <TextField label={props.label} value={words} onChange={setWords} maxLength={longestFollowUpWords} autoFocus />
      </div>
    </SayForm>
  );
}

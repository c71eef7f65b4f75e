import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { longestMessage, type Party, partyWords } from '../../../shared/domain/message/index.ts';
import { Button } from '../../ui/index.ts';

/** What messages are not, where somebody is about to write one. */
export const messageLimits =
  'A critical finding is phoned. Messages are no part of the report and do not reach the ordering physician.';

/** A message to one of those who may be written to. The words leave the form when they are sent or kept on this machine. */
export function MessageForm(props: {
  readonly to: readonly Party[];
  /** Grows when the hand has asked to write. */
  readonly writing: number;
  readonly onSend: (to: Party, words: string) => Promise<boolean>;
}) {
  const id = useId();
  const [chosen, setChosen] = useState<Party | null>(null);
  const [words, setWords] = useState('');
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const to = chosen !== null && props.to.includes(chosen) ? chosen : props.to[0];
  useEffect(() => {
    if (props.writing > 0) field.current?.focus();
  }, [props.writing]);
  if (to === undefined) return null;
  const send = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    if (busy || words.trim() === '') return;
    setBusy(true);
    if (await props.onSend(to, words)) setWords('');
    setBusy(false);
  };
  return (
    <form className="message-form" onSubmit={(event) => void send(event)} aria-label="Write a message">
      <fieldset>
        <legend>To</legend>
        {props.to.map((one) => (
          <label key={one}>
            <input
              type="radio"
              autoComplete="off"
              name={`${id}-to`}
              checked={to === one}
              onChange={() => setChosen(one)}
            />
            {partyWords[one]}
          </label>
        ))}
      </fieldset>
      <div className="field">
        <label htmlFor={`${id}-words`}>Message about this case</label>
        <textarea
          id={`${id}-words`}
          ref={field}
          rows={2}
          value={words}
          maxLength={longestMessage}
          autoComplete="off"
          spellCheck={false}
          aria-describedby={`${id}-limits`}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
          }}
        />
        <small id={`${id}-limits`} className="dim">
          {messageLimits}
        </small>
      </div>
      <div className="row">
        <Button type="submit" disabled={busy || words.trim() === ''} keys="Ctrl+Enter">
          Send
        </Button>
      </div>
    </form>
  );
}

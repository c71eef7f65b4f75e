import { useState } from 'react';
import type { CallRequest } from '../../../shared/domain/question/index.ts';
import { shownTime } from '../../case/index.ts';
import { Button, Mark, TextField } from '../../ui/index.ts';

/** "Call me about this patient": the number to dial, and what came of it. */
export function CallItem(props: {
  readonly call: CallRequest;
  readonly zone: string | null;
  readonly busy: boolean;
  readonly onEnd: ((words: string) => Promise<boolean>) | null;
}) {
  const { call, zone } = props;
  const [words, setWords] = useState('');
  return (
    <li className="desk-item">
      <div className="row">
        <Mark shape={call.done === null ? 'diamond' : 'tick'} />
        <b>{call.done === null ? 'Call me about this patient' : 'Called back'}</b>
        <span className="grow" />
        <span className="mono">{call.phone}</span>
      </div>
      {call.words === '' ? null : <p>{call.words}</p>}
      <small className="dim">
        {call.from.name}, {shownTime(call.at, zone)}
      </small>
      {call.done !== null ? (
        <p>
          {call.done.words}{' '}
          <small className="dim">
            {call.done.by.name}, {shownTime(call.done.at, zone)}
          </small>
        </p>
      ) : props.onEnd === null ? null : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (words.trim() !== '') void props.onEnd?.(words);
          }}
        >
          <TextField label="What came of the call" value={words} onChange={setWords} maxLength={2_000} />
          <Button type="submit" disabled={props.busy || words.trim() === ''}>
            Called
          </Button>
        </form>
      )}
    </li>
  );
}

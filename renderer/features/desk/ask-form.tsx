import { type FormEvent, useState } from 'react';
import { needsWords, type QuestionKind, questionKinds, questionWords } from '../../../shared/domain/question/index.ts';
import { Button, TextField } from '../../ui/index.ts';

/** One question, typed: what is asked, and in words what the site has to look at. */
export function AskForm(props: {
  readonly siteName: string;
  readonly busy: boolean;
  /** Kinds while which the contract lets the clock stand still. */
  readonly pausing: readonly QuestionKind[];
  /** The drawer was opened to ask. */
  readonly focus: boolean;
  /** True when it was taken; the words stay in the form otherwise. */
  readonly onAsk: (kind: QuestionKind, words: string) => Promise<boolean>;
}) {
  const [kind, setKind] = useState<QuestionKind>('side');
  const [words, setWords] = useState('');
  const wanting = needsWords(kind) && words.trim() === '';
  const ask = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!wanting && (await props.onAsk(kind, words))) setWords('');
  };
  return (
    <form className="desk-ask" onSubmit={(event) => void ask(event)} aria-label="Ask the site">
      <fieldset>
        <legend>Ask {props.siteName}</legend>
        {questionKinds.map((one, index) => (
          <label key={one}>
            <input
              type="radio"
              autoComplete="off"
              name="desk-kind"
              checked={kind === one}
              onChange={() => setKind(one)}
              // biome-ignore lint/a11y/noAutofocus: the drawer was opened to ask, and the hands are on the keys.
              autoFocus={props.focus && index === 0}
            />
            {questionWords[one].title}
          </label>
        ))}
      </fieldset>
      <TextField
        label={needsWords(kind) ? 'In words' : 'In words, if the choice does not say it all'}
        value={words}
        onChange={setWords}
        rows={2}
        maxLength={2_000}
      />
      <p className="dim small">
        {props.pausing.includes(kind)
          ? 'The clock stands still until this is answered, as the site’s contract says.'
          : 'The clock runs on while this waits: the site’s contract does not let it pause for this.'}
      </p>
      <Button
        kind="go"
        type="submit"
        disabled={props.busy || wanting}
        {...(wanting ? { title: 'Say in words what you want to know.' } : {})}
      >
        Ask
      </Button>
    </form>
  );
}

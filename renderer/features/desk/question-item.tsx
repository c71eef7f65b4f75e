import { useState } from 'react';
import type { Priority } from '../../../shared/domain/order/index.ts';
import {
  type Answer,
  choiceWords,
  type Question,
  questionWords,
  standingOfQuestion,
  waited,
} from '../../../shared/domain/question/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { shownLeft, shownTime } from '../../case/index.ts';
import { Button, Mark, TextField } from '../../ui/index.ts';

const sides = { L: 'left', R: 'right', B: 'both sides' } as const;

function standingWords(question: Question, priority: Priority, now: number): string {
  const standing = standingOfQuestion(question, priority, instant(now));
  const time = shownLeft(waited(question, instant(now)));
  switch (standing) {
    case 'asked':
      return `waits ${time}`;
    case 'escalated':
      return `no answer for ${time}: the lead is told`;
    case 'answered':
      return `answered after ${time}`;
    case 'withdrawn':
      return 'withdrawn';
  }
}

/** A picture of a note, or its text: shown here, never opened as a page. */
function AttachedNote({ attachment }: { readonly attachment: NonNullable<Answer['attachment']> }) {
  if (attachment.mediaType !== 'text/plain')
    return (
      <img
        className="desk-note"
        src={`data:${attachment.mediaType};base64,${attachment.data}`}
        alt={`Note from the site: ${attachment.name}`}
      />
    );
  const bytes = Uint8Array.from(atob(attachment.data), (letter) => letter.charCodeAt(0));
  return (
    <figure>
      <figcaption className="dim small">{attachment.name}</figcaption>
      <pre className="desk-note">{new TextDecoder().decode(bytes)}</pre>
    </figure>
  );
}

export function AnswerWords({ question, zone }: { readonly question: Question; readonly zone: string | null }) {
  const { state } = question;
  if (state.kind !== 'answered') return null;
  const { choice, words, attachment, correction, by, at } = state.answer;
  return (
    <div className="desk-answer">
      <b>{choiceWords(question.kind, choice)}</b>
      {words === '' ? null : <p>{words}</p>}
      {correction === null ? null : (
        <p className="signal">
          <Mark shape="diamond" /> Order corrected:{' '}
          {[
            correction.laterality === null ? '' : `side is ${sides[correction.laterality]}`,
            correction.reason === null ? '' : `reason is “${correction.reason}”`,
          ]
            .filter((one) => one !== '')
            .join(', ')}
        </p>
      )}
      {attachment === null ? null : <AttachedNote attachment={attachment} />}
      <small className="dim">
        {by.name}, {shownTime(at, zone)}
      </small>
    </div>
  );
}

/** A question as it stands: who asked when, how long it waits, and the answer. */
export function QuestionItem(props: {
  readonly question: Question;
  readonly priority: Priority;
  readonly zone: string | null;
  readonly now: number;
  readonly busy: boolean;
  /** Null where this person may not withdraw it. */
  readonly onWithdraw: ((reason: string) => Promise<boolean>) | null;
}) {
  const { question, zone } = props;
  const [reason, setReason] = useState<string | null>(null);
  const { state } = question;
  const silent = standingOfQuestion(question, props.priority, instant(props.now)) === 'escalated';
  return (
    <li className="desk-item">
      <div className="row">
        {silent ? <Mark shape="diamond" /> : state.kind === 'answered' ? <Mark shape="tick" /> : <Mark shape="ring" />}
        <b>{questionWords[question.kind].title}</b>
        <span className="grow" />
        <span className={silent ? 'signal small' : 'dim small'}>
          {standingWords(question, props.priority, props.now)}
        </span>
      </div>
      {question.words === '' ? null : <p>{question.words}</p>}
      <small className="dim">
        {question.asker.name}, {shownTime(question.askedAt, zone)}
      </small>
      <AnswerWords question={question} zone={zone} />
      {state.kind === 'withdrawn' ? (
        <p className="dim">
          {state.by.name}: {state.reason}
        </p>
      ) : null}
      {state.kind !== 'asked' || props.onWithdraw === null ? null : reason === null ? (
        <Button kind="quiet" onClick={() => setReason('')}>
          Withdraw
        </Button>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (reason.trim() !== '') void props.onWithdraw?.(reason).then((done) => done && setReason(null));
          }}
        >
          <TextField label="Why it needs no answer" value={reason} onChange={setReason} autoFocus maxLength={2_000} />
          <div className="row">
            <Button type="submit" disabled={props.busy || reason.trim() === ''}>
              Withdraw it
            </Button>
            <Button kind="quiet" onClick={() => setReason(null)}>
              Keep it
            </Button>
          </div>
        </form>
      )}
    </li>
  );
}

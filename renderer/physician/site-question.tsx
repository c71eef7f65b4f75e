import { useState } from 'react';
import {
  type Attachment,
  attachmentTypes,
  choiceWords,
  lateralityOfChoice,
  longestAttachment,
  type Question,
  questionWords,
  waited,
} from '../../shared/domain/question/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { shownLeft, shownTime } from '../case/index.ts';
import { Button, Mark, TextField } from '../ui/index.ts';

export type AnswerInput = {
  readonly choice: string | null;
  readonly words: string;
  readonly attachment: Attachment | null;
  readonly correctSide: boolean;
  readonly reason: string | null;
};

async function readNote(file: File): Promise<Attachment | string> {
  const mediaType = attachmentTypes.find((one) => one === file.type);
  if (mediaType === undefined) return 'A note is a text file, a PNG or a JPEG picture.';
  const bytes = new Uint8Array(await file.arrayBuffer());
  const data = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  if (data === '') return 'That file is empty.';
  if (data.length > longestAttachment) return 'That file is too large: at most 400 kB.';
  return { name: file.name.slice(0, 200), mediaType, data };
}

/** A question as the desk sees it. One press answers; words, a note and a correction of the order go along when given first. */
export function SiteQuestion(props: {
  readonly question: Question;
  readonly about: string;
  readonly zone: string;
  readonly now: number;
  readonly onAnswer: ((input: AnswerInput) => Promise<string | null>) | null;
}) {
  const { question, onAnswer } = props;
  const { asks, choices } = questionWords[question.kind];
  const [words, setWords] = useState('');
  const [note, setNote] = useState<Attachment | null>(null);
  const [correct, setCorrect] = useState(true);
  const [reason, setReason] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { state } = question;
  const sided = choices.some((one) => lateralityOfChoice(question.kind, one.code) !== null);
  const answer = async (choice: string | null): Promise<void> => {
    if (onAnswer === null || busy) return;
    setBusy(true);
    const why = await onAnswer({
      choice,
      words,
      attachment: note,
      correctSide: sided && correct && choice !== null,
      reason: reason.trim() === '' ? null : reason,
    });
    setBusy(false);
    setTrouble(why);
  };
  return (
    <li className="site-question">
      <div className="row">
        <Mark shape={state.kind === 'asked' ? 'diamond' : 'tick'} />
        <b>{props.about}</b>
        <span className="grow" />
        <span className="dim">
          {question.asker.name}, {shownTime(question.askedAt, props.zone)}, waited{' '}
          {shownLeft(waited(question, instant(props.now)))}
        </span>
      </div>
      <p>
        {asks} {question.words === '' ? null : <q>{question.words}</q>}
      </p>
      {state.kind === 'answered' ? (
        <p>
          {choiceWords(question.kind, state.answer.choice)} {state.answer.words}{' '}
          <small className="dim">{state.answer.by.name}</small>
        </p>
      ) : null}
      {state.kind === 'withdrawn' ? <p className="dim">Withdrawn: {state.reason}</p> : null}
      {state.kind !== 'asked' || onAnswer === null ? null : (
        <div className="site-answer">
          <div className="row">
            {choices.map((one) => (
              <Button key={one.code} disabled={busy} onClick={() => void answer(one.code)}>
                {one.words}
              </Button>
            ))}
          </div>
          <details>
            <summary>With words, a note or a correction of the order</summary>
            <TextField label="In words" value={words} onChange={setWords} rows={2} maxLength={2_000} />
            <label>
              Note (text, PNG or JPEG){' '}
              <input
                type="file"
                autoComplete="off"
                accept={attachmentTypes.join(',')}
                onChange={(event) => {
                  const file = event.target.files?.[0];
                  if (file === undefined) setNote(null);
                  else
                    void readNote(file).then((read) => {
                      setNote(typeof read === 'string' ? null : read);
                      setTrouble(typeof read === 'string' ? read : null);
                    });
                }}
              />
            </label>
            {sided ? (
              <label>
                <input
                  autoComplete="off"
                  type="checkbox"
                  checked={correct}
                  onChange={(event) => setCorrect(event.target.checked)}
                />{' '}
                Put the side that I choose into the order
              </label>
            ) : null}
            <TextField
              label="Reason for exam, to correct the order"
              value={reason}
              onChange={setReason}
              maxLength={2_000}
            />
            <Button
              disabled={busy || (words.trim() === '' && note === null && reason.trim() === '')}
              onClick={() => void answer(null)}
            >
              Answer with these
            </Button>
          </details>
          {trouble === null ? null : <p role="alert">{trouble}</p>}
        </div>
      )}
    </li>
  );
}

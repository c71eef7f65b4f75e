import { type ReactNode, useState } from 'react';
import type { FollowUpLine } from '../../../shared/api/index.ts';
import { type ClosingReason, readingOf, standingOfFollowUp } from '../../../shared/domain/follow-up/index.ts';
import { Button, Mark } from '../../ui/index.ts';
import { CloseForm, HandOnForm, ReasonForm } from './ending-forms.tsx';
import type { PressedMove } from './follow-up-outbox.ts';
import { dueWords, endWords, holderWords, markOf, standingWords, toneOf } from './follow-up-words.ts';
import { ReadingForm } from './reading-form.tsx';
import './follow-up.css';

/** One that is tracked: what is due and how it stands, who holds it, what may be it, and what a person says of it. */
export function TrackedLine(props: {
  readonly line: FollowUpLine;
  /** What goes before it: the patient on a board, nothing beside her report. */
  readonly head?: ReactNode;
  /** False at a site’s desk: the words of the report and how they are read are the reader’s. */
  readonly mayCorrect: boolean;
  readonly onMove: (move: PressedMove) => Promise<string | null>;
}) {
  const { line, onMove } = props;
  const { followUp, today, suggestions } = line;
  const [form, setForm] = useState<'correct' | 'hand-on' | 'close' | 'reopen' | 'mistaken' | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const { state } = standingOfFollowUp(followUp, today);
  const cancel = (): void => setForm(null);
  const fresh = () => ({ id: `press-${crypto.randomUUID()}` });
  const press = async (move: PressedMove): Promise<void> => setTrouble(await onMove(move));
  const kept = async (move: PressedMove): Promise<string | null> => {
    const why = await onMove(move);
    if (why === null) cancel();
    return why;
  };
  const name = readingOf(followUp).exam;
  const { ending } = followUp;
  const reopens = ending !== null && ending.kind !== 'not-said' && ending.kind !== 'withdrawn';
  return (
    <li className="follow-up-line" data-state={state}>
      <p className="follow-up-head">
        <span className={toneOf(state)}>
          <Mark shape={markOf[state]} />
        </span>
        {props.head}
        <b>{dueWords(followUp, today)}</b>
        <span className={`${toneOf(state)} follow-up-state`}>{standingWords(followUp, today)}</span>
      </p>
      <p className="follow-up-note">
        {props.mayCorrect ? <q>{followUp.quote}</q> : null}{' '}
        <span className="dim">
          {ending === null ? holderWords(followUp) : endWords(followUp)}
          {followUp.basis === null
            ? '; not in a signed report yet'
            : `; version ${followUp.basis.version} of the report`}
        </span>
      </p>
      {ending === null && followUp.basis !== null
        ? suggestions.map((one) => (
            <p key={one.taskId} className="follow-up-note follow-up-suggestion">
              May be it: {one.exam}, {one.accession ?? 'no accession'}, {one.day ?? 'ordered, not made yet'}.{' '}
              <span className={one.verdict === 'same' ? 'dim' : 'signal'}>
                {one.verdict === 'same' ? 'Same patient' : 'Probably the same patient'}: {one.evidence}.
              </span>{' '}
              <Button
                label={`This is it: ${one.exam}, ${one.accession ?? 'no accession'}`}
                onClick={() => void press({ ...fresh(), kind: 'done', taskId: one.taskId })}
              >
                This is it
              </Button>
              <Button
                kind="quiet"
                label={`Not this one: ${one.exam}, ${one.accession ?? 'no accession'}`}
                onClick={() => void press({ ...fresh(), kind: 'not-this', taskId: one.taskId })}
              >
                Not this one
              </Button>
            </p>
          ))
        : null}
      {trouble === null ? null : (
        <p className="follow-up-note signal" role="alert">
          Not done: {trouble}
        </p>
      )}
      {form === null ? (
        <div className="follow-up-actions">
          {ending === null ? (
            <>
              {props.mayCorrect ? (
                <Button kind="quiet" label={`Correct… ${name}`} onClick={() => setForm('correct')}>
                  Correct…
                </Button>
              ) : null}
              <Button kind="quiet" label={`Hand on… ${name}`} onClick={() => setForm('hand-on')}>
                Hand on…
              </Button>
              {followUp.basis === null ? null : (
                <Button kind="quiet" label={`Close… ${name}`} onClick={() => setForm('close')}>
                  Close…
                </Button>
              )}
              {props.mayCorrect ? (
                <Button kind="quiet" label={`Confirmed by mistake… ${name}`} onClick={() => setForm('mistaken')}>
                  Confirmed by mistake…
                </Button>
              ) : null}
            </>
          ) : reopens ? (
            <Button kind="quiet" label={`Open again… ${name}`} onClick={() => setForm('reopen')}>
              Open again…
            </Button>
          ) : null}
        </div>
      ) : null}
      {form === 'correct' ? (
        <ReadingForm
          name="Correct the recommended exam"
          go="Keep"
          reading={readingOf(followUp)}
          onKeep={(reading) => kept({ ...fresh(), kind: 'correct', reading })}
          onCancel={cancel}
        />
      ) : null}
      {form === 'hand-on' ? (
        <HandOnForm onHandOn={(to, words) => onMove({ ...fresh(), kind: 'hand-over', to, words })} onCancel={cancel} />
      ) : null}
      {form === 'close' ? (
        <CloseForm
          onClose={(reason: ClosingReason, words) => onMove({ ...fresh(), kind: 'close', reason, words })}
          onCancel={cancel}
        />
      ) : null}
      {form === 'reopen' ? (
        <ReasonForm
          name="Open again"
          go="Open it again"
          label="Why it is open again"
          onSay={(words) => onMove({ ...fresh(), kind: 'reopen', words })}
          onCancel={cancel}
        />
      ) : null}
      {form === 'mistaken' ? (
        <ReasonForm
          name="Confirmed by mistake"
          go="Take it back"
          label="Why it is no recommendation"
          onSay={(words) => onMove({ ...fresh(), kind: 'mistaken', words })}
          onCancel={cancel}
        />
      ) : null}
    </li>
  );
}

import { type Ref, useState } from 'react';
import type { CaseCritical } from '../../../shared/api/index.ts';
import {
  type CriticalResult,
  conversationMove,
  isSpoken,
  levelWords,
  standingOfCritical,
} from '../../../shared/domain/critical/index.ts';
import type { Person } from '../../../shared/domain/question/index.ts';
import { type Instant, millis } from '../../../shared/lib/instant.ts';
import { Button, Mark, Tag } from '../../ui/index.ts';
import { type Contact, ContactForm, type ContactFormHandle } from './contact-form.tsx';
import type { PressedMove } from './critical-outbox.ts';
import { attemptWords, isPressing, leftWords, ownerWords, rungsWords } from './critical-words.ts';
import { FollowUpForm, HandOverForm, MistakenForm } from './other-endings.tsx';

/** One that nobody has read back: what has to be told, how long there is left, whom to call, what was tried, and the form. */
export function OpenCritical(props: {
  readonly result: CriticalResult;
  readonly me: Person;
  readonly colleagues: CaseCritical['colleagues'];
  readonly zone: string | null;
  readonly now: Instant;
  readonly onMove: (move: PressedMove) => Promise<string | null>;
  readonly form: Ref<ContactFormHandle>;
}) {
  const { result, zone, now, me } = props;
  const [other, setOther] = useState<'hand-over' | 'follow-up' | 'mistaken' | null>(null);
  const late = standingOfCritical(result, now).state === 'overdue';
  const cancel = (): void => setOther(null);
  const fresh = () => ({ id: `press-${crypto.randomUUID()}`, before: 0 });

  const record = (contact: Contact): Promise<string | null> => {
    const { rung, whom, way, role, callBack, canAct, words, minutesAgo } = contact;
    const { id } = fresh();
    const before = minutesAgo * 60_000;
    if (!isSpoken(way)) return props.onMove({ id, before, kind: 'attempt', rung, whom, way, words });
    const said = { id, by: me, ago: millis(before) };
    const {
      by: _by,
      ago: _ago,
      ...move
    } = conversationMove(said, { who: whom, role, callBack, way, canAct, words }, rung, result.level);
    return props.onMove({ ...move, before });
  };
  return (
    <div className="critical-open">
      <p className="critical-head">
        <span className={late ? 'danger' : isPressing(result, now) ? 'signal' : ''}>
          <Mark shape={late ? 'octagon' : 'diamond'} />
        </span>
        <Tag form={result.level === 1 ? 'filled' : 'boxed'}>{`Level ${result.level}`}</Tag>
        <b>{result.finding}</b>
        <span className={late ? 'danger clock' : 'clock'}>{leftWords(result, zone, now)}</span>
      </p>
      <p className="critical-note">
        {rungsWords(result, zone, now)} {levelWords[result.level].closes}{' '}
        <span className="dim">{ownerWords(result)}.</span>
      </p>
      {result.attempts.length === 0 ? null : (
        <ul className="critical-attempts" aria-label="Attempts">
          {result.attempts.map((one) => (
            <li key={one.id}>
              {attemptWords(one, zone)} <span className="dim">{one.by.name}</span>
            </li>
          ))}
        </ul>
      )}
      <ContactForm result={result} now={now} onRecord={record} ref={props.form} />
      {other === null ? (
        <div className="critical-actions">
          <Button kind="quiet" onClick={() => setOther('hand-over')}>
            Hand over…
          </Button>
          {result.level === 3 ? (
            <Button kind="quiet" onClick={() => setOther('follow-up')}>
              Hand to follow-up…
            </Button>
          ) : null}
          {result.attempts.length === 0 && result.origin !== 'wrong-patient' ? (
            <Button kind="quiet" onClick={() => setOther('mistaken')}>
              Begun by mistake…
            </Button>
          ) : null}
        </div>
      ) : null}
      {other === 'hand-over' ? (
        <HandOverForm
          colleagues={props.colleagues.filter((one) => one.id !== me.id)}
          onHandOver={(to) => props.onMove({ ...fresh(), kind: 'hand-over', to })}
          onCancel={cancel}
        />
      ) : null}
      {other === 'follow-up' ? (
        <FollowUpForm
          onDelegate={(to, words) => props.onMove({ ...fresh(), kind: 'delegate', to, words })}
          onCancel={cancel}
        />
      ) : null}
      {other === 'mistaken' ? (
        <MistakenForm onMistaken={(words) => props.onMove({ ...fresh(), kind: 'mistaken', words })} onCancel={cancel} />
      ) : null}
    </div>
  );
}

import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
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
  /** Opens its form, as the key does. */
  readonly onContact: () => void;
}) {
  const { result, zone, now, me } = props;
  const [contacting, setContacting] = useState(false);
  const contact = useRef<ContactFormHandle>(null);
  const again = useRef<HTMLButtonElement>(null);
  const goTo = useRef<'form' | 'button' | null>(null);
  useImperativeHandle(props.form, () => ({
    focus: () => {
      goTo.current = 'form';
      setContacting(true);
      contact.current?.focus();
    },
  }));
  // The hand goes along: into the form when it opens, and to the way back into it when an attempt is recorded.
  useEffect(() => {
    if (goTo.current === 'form' && contacting) contact.current?.focus();
    if (goTo.current === 'button' && !contacting) again.current?.focus();
    goTo.current = null;
  }, [contacting]);
  const close = (): void => {
    goTo.current = 'button';
    setContacting(false);
  };
  const [other, setOther] = useState<'hand-over' | 'follow-up' | 'mistaken' | null>(null);
  const late = standingOfCritical(result, now).state === 'overdue';
  const cancel = (): void => setOther(null);
  const fresh = () => ({ id: `press-${crypto.randomUUID()}`, before: 0 });

  const moveOf = (told: Contact): PressedMove => {
    const { rung, whom, way, role, callBack, canAct, words, minutesAgo } = told;
    const { id } = fresh();
    const before = minutesAgo * 60_000;
    if (!isSpoken(way)) return { id, before, kind: 'attempt', rung, whom, way, words };
    const said = { id, by: me, ago: millis(before) };
    const {
      by: _by,
      ago: _ago,
      ...move
    } = conversationMove(said, { who: whom, role, callBack, way, canAct, words }, rung, result.level);
    return { ...move, before };
  };
  const record = async (told: Contact): Promise<string | null> => {
    const why = await props.onMove(moveOf(told));
    if (why === null) close();
    return why;
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
              {attemptWords(one, zone, now)} <span className="dim">{one.by.name}</span>
            </li>
          ))}
        </ul>
      )}
      {contacting ? <ContactForm result={result} now={now} onRecord={record} onCancel={close} ref={contact} /> : null}
      {other === null ? (
        <div className="critical-actions">
          {contacting ? null : (
            <Button ref={again} keys="Shift+F4" onClick={() => props.onContact()}>
              Record a contact
            </Button>
          )}
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

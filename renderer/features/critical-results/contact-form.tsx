import { type FormEvent, type Ref, useId, useImperativeHandle, useRef, useState } from 'react';
import {
  type CaregiverRole,
  type CriticalResult,
  caregiverRoles,
  caregiverWords,
  closesLevel,
  contactWays,
  isSpoken,
  lackingOf,
  longestCriticalWords,
  longestName,
  type Rung,
  type RungRole,
  rungWords,
  type SpokenWay,
  standingOfCritical,
  wayWords,
} from '../../../shared/domain/critical/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { Button, TextField } from '../../ui/index.ts';

/** What a page is told by people; the physician's own page tells by itself. */
type Way = Exclude<(typeof contactWays)[number], 'page'>;
const ways = contactWays.filter((one): one is Way => one !== 'page');
const spokenTitles: Readonly<Record<SpokenWay, string>> = {
  phone: 'Spoke by phone',
  'in-person': 'Spoke in person',
  video: 'Spoke by video',
};
const titleOf = (way: Way): string => {
  const words = isSpoken(way) ? spokenTitles[way] : wayWords[way];
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export type Contact = {
  readonly rung: RungRole | null;
  readonly whom: string;
  readonly way: Way;
  readonly role: CaregiverRole;
  readonly callBack: string;
  readonly canAct: boolean;
  readonly words: string;
  readonly minutesAgo: number;
};
export type ContactFormHandle = { focus(): void };

/**
 * Whom one tried to reach or spoke with. One form for both: what closes is decided by the rule as she types, and said on the button, so
 * that nobody takes a voice mail for a read-back.
 */
export function ContactForm(props: {
  readonly result: CriticalResult;
  readonly now: Instant;
  /** Answers why it was not recorded; null when it was. */
  readonly onRecord: (contact: Contact) => Promise<string | null>;
  readonly onCancel: () => void;
  readonly ref?: Ref<ContactFormHandle>;
}) {
  const { result } = props;
  const id = useId();
  const current = standingOfCritical(result, props.now).rung;
  const fallback: Rung = { role: 'ordering', name: '', phone: null };
  const first = current?.role === 'duty' ? (result.ladder[0] ?? fallback) : (current ?? fallback);
  const [rung, setRung] = useState<RungRole | null>(first.role === 'duty' ? null : first.role);
  const [whom, setWhom] = useState(first.name);
  const [way, setWay] = useState<Way>('phone');
  const [role, setRole] = useState<CaregiverRole | ''>('');
  const [callBack, setCallBack] = useState('');
  const [canAct, setCanAct] = useState(false);
  const [words, setWords] = useState('');
  const [ago, setAgo] = useState('0');
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const wayField = useRef<HTMLSelectElement>(null);
  useImperativeHandle(props.ref, () => ({ focus: () => wayField.current?.focus() }));

  const spoken = isSpoken(way);
  const verdict = spoken && role !== '' ? closesLevel(result.level, { way, role, canAct }) : null;
  const lacking =
    whom.trim() === ''
      ? 'Say whom, by name.'
      : spoken && role === ''
        ? 'Say what that person is.'
        : verdict?.closes === true
          ? lackingOf({ who: whom, callBack, words })
          : null;
  const minutesAgo = /^\d{1,4}$/.test(ago.trim()) ? Number(ago) : null;
  const against = lacking ?? (minutesAgo === null ? 'Say how many minutes ago it was.' : null);
  const closes = verdict?.closes === true;

  const record = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy || against !== null || minutesAgo === null) return;
    setBusy(true);
    const why = await props.onRecord({
      ...{ rung, whom, way, callBack, canAct, words, minutesAgo },
      role: role === '' ? 'other' : role,
    });
    setBusy(false);
    setTrouble(why);
  };
  const choose = (value: string): void => {
    const [at, one] = [Number(value), result.ladder[Number(value)]];
    if (value === '' || one === undefined || Number.isNaN(at)) {
      setRung(null);
      setWhom('');
      return;
    }
    setRung(one.role);
    setWhom(one.name);
    setCallBack(one.phone ?? '');
  };
  return (
    <form className="say-form" aria-label="Record a contact" onSubmit={(event) => void record(event)}>
      <div className="say-fields">
        <div className="field">
          <label htmlFor={`${id}-way`}>How</label>
          <select
            id={`${id}-way`}
            ref={wayField}
            value={way}
            autoComplete="off"
            onChange={(event) => setWay(ways.find((one) => one === event.target.value) ?? way)}
          >
            {ways.map((one) => (
              <option key={one} value={one}>
                {titleOf(one)}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${id}-rung`}>On the ladder</label>
          <select
            id={`${id}-rung`}
            value={result.ladder.findIndex((one) => one.role === rung && one.name === whom)}
            autoComplete="off"
            onChange={(event) => choose(event.target.value)}
          >
            {result.ladder.map((one, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the ladder does not change once it has begun.
              <option key={place} value={place}>
                {rungWords[one.role].charAt(0).toUpperCase() + rungWords[one.role].slice(1)}
                {one.name === '' ? '' : `: ${one.name}`}
              </option>
            ))}
            <option value={-1}>Somebody else</option>
          </select>
        </div>
        <TextField label="Whom, by name" value={whom} onChange={setWhom} maxLength={longestName} />
        {spoken ? (
          <>
            <div className="field">
              <label htmlFor={`${id}-role`}>Who that is</label>
              <select
                id={`${id}-role`}
                value={role}
                autoComplete="off"
                onChange={(event) => setRole(caregiverRoles.find((one) => one === event.target.value) ?? '')}
              >
                <option value="">Choose</option>
                {caregiverRoles.map((one) => (
                  <option key={one} value={one}>
                    {caregiverWords[one].charAt(0).toUpperCase() + caregiverWords[one].slice(1)}
                  </option>
                ))}
              </select>
            </div>
            <TextField label="Call-back number" value={callBack} onChange={setCallBack} maxLength={60} />
          </>
        ) : null}
        <TextField label="Minutes ago" value={ago} onChange={setAgo} maxLength={4} />
        <div className="wide">
          <TextField
            label={spoken ? 'Read back, in their words' : 'What was left or said'}
            value={words}
            onChange={setWords}
            maxLength={longestCriticalWords}
          />
        </div>
        {spoken ? (
          <label className="critical-check wide">
            <input
              type="checkbox"
              autoComplete="off"
              checked={canAct}
              onChange={(event) => setCanAct(event.target.checked)}
            />
            Can act on it for this patient
          </label>
        ) : null}
      </div>
      {verdict !== null && !verdict.closes ? <p className="critical-note">{verdict.words}</p> : null}
      {trouble === null ? null : (
        <p className="signal" role="alert">
          Not recorded: {trouble} What you typed is still here.
        </p>
      )}
      <div className="say-actions">
        <Button
          type="submit"
          kind={closes ? 'go' : 'plain'}
          disabled={busy || against !== null}
          title={against ?? undefined}
        >
          {closes ? 'Close: read back' : 'Record the attempt'}
        </Button>
        <Button kind="quiet" onClick={props.onCancel}>
          Not now
        </Button>
        <span className="dim">{against ?? (closes ? 'This closes it.' : 'An attempt: it stays open.')}</span>
      </div>
    </form>
  );
}

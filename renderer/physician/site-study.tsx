import { useRef, useState } from 'react';
import type { SiteStudy } from '../../shared/api/index.ts';
import type { Message } from '../../shared/domain/message/index.ts';
import { shownDate, shownLeft, shownName, shownTime } from '../case/index.ts';
import { Button, Mark, TextField } from '../ui/index.ts';
import { SiteMessages, type SiteWrites } from './site-messages.tsx';

export type { SiteWrites };
export type CallInput = { readonly commandId: string; readonly phone: string; readonly words: string };

const stateWords: Readonly<Record<SiteStudy['state'], string>> = {
  'images-awaited': 'waits for your images',
  waiting: 'waits to be read',
  reading: 'is being read',
  held: 'on hold',
  preliminary: 'preliminary report sent',
  reported: 'reported',
  cancelled: 'cancelled',
};

/** When the report is expected, as time left and on the site's wall clock with its zone. */
function expectedWords(study: SiteStudy, now: number, zone: string): string {
  if (study.state === 'reported' || study.state === 'cancelled') return '';
  if (study.dueAt === null) return 'no time agreed yet';
  if (study.clockPausedAt !== null) return `the clock stands still since ${shownTime(study.clockPausedAt, zone)}`;
  const left = study.dueAt - now;
  return left < 0
    ? `late by ${shownLeft(-left)}`
    : `expected within ${shownLeft(left)}, by ${shownTime(study.dueAt, zone)}`;
}

/** One study of the desk's: where it stands, a call and the messages about it. */
export function SiteStudyLine(props: {
  readonly study: SiteStudy;
  readonly now: number;
  readonly zone: string;
  readonly waits: boolean;
  /** Of this study, oldest first. */
  readonly messages: readonly Message[];
  readonly writes: SiteWrites;
  readonly onCallMe: (input: CallInput) => Promise<string | null>;
}) {
  const { study, now, messages } = props;
  const [writing, setWriting] = useState(false);
  const unseen = messages.filter((one) => one.to === 'site' && one.seen === null).length;
  const [open, setOpen] = useState(false);
  const [phone, setPhone] = useState('');
  const [words, setWords] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  const command = useRef<string | null>(null);
  const { present, expected } = study.images;
  const late =
    study.dueAt !== null &&
    study.clockPausedAt === null &&
    study.dueAt < now &&
    study.state !== 'reported' &&
    study.state !== 'cancelled';
  const name = shownName(study.patient.name).whole;
  return (
    <>
      <tr>
        <td>
          <b>{name}</b>
        </td>
        <td>{shownDate(study.patient.birthDate)}</td>
        <td className="mono">{study.accession ?? 'none'}</td>
        <td>{study.exam}</td>
        <td>
          {study.images.atMost === true ? 'at most ' : ''}
          {expected === null ? present : `${present} of ${expected}`}
        </td>
        <td>{stateWords[study.state]}</td>
        <td className={late ? 'danger' : ''}>
          {late ? <Mark shape="octagon" /> : null} {expectedWords(study, now, props.zone)}
        </td>
        <td>
          {props.waits ? (
            <span className="signal">
              <Mark shape="diamond" /> A call is asked for
            </span>
          ) : (
            <Button onClick={() => setOpen(!open)} label={`Call me about this patient: ${name}`}>
              Call me about this patient
            </Button>
          )}{' '}
          <Button
            expanded={writing}
            onClick={() => setWriting(!writing)}
            label={`${messageCount(messages.length, unseen)}, about ${name}`}
          >
            {unseen > 0 ? <Mark shape="diamond" /> : null} {messageCount(messages.length, unseen)}
          </Button>
        </td>
      </tr>
      {open && !props.waits ? (
        <tr>
          <td colSpan={8}>
            <form
              className="site-call"
              aria-label={`Call about ${name}`}
              onSubmit={(event) => {
                event.preventDefault();
                command.current ??= crypto.randomUUID();
                void props.onCallMe({ commandId: command.current, phone, words }).then((why) => {
                  setTrouble(why);
                  if (why === null) {
                    command.current = null;
                    setOpen(false);
                  }
                });
              }}
            >
              <TextField label="Number to call" value={phone} onChange={setPhone} autoFocus required maxLength={40} />
              <TextField label="What about" value={words} onChange={setWords} maxLength={2_000} />
              <Button type="submit" kind="go">
                Ask for the call
              </Button>
              {trouble === null ? null : <p role="alert">{trouble}</p>}
            </form>
          </td>
        </tr>
      ) : null}
      {writing ? (
        <tr>
          <td colSpan={8}>
            <SiteMessages study={study} about={name} messages={messages} zone={props.zone} writes={props.writes} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function messageCount(count: number, unseen: number): string {
  if (unseen > 0) return unseen === 1 ? '1 new message' : `${unseen} new messages`;
  return count === 0 ? 'Write' : count === 1 ? '1 message' : `${count} messages`;
}

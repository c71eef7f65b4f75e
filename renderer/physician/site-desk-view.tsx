import { useRef, useState } from 'react';
import type { SiteDesk, SiteStudy } from '../../shared/api/index.ts';
import { shownDate, shownLeft, shownName, shownTime } from '../case/index.ts';
import { Button, Mark, TextField, useNow } from '../ui/index.ts';
import { type AnswerInput, SiteQuestion } from './site-question.tsx';

type CallInput = { readonly commandId: string; readonly phone: string; readonly words: string };

const stateWords: Readonly<Record<SiteStudy['state'], string>> = {
  'images-awaited': 'waits for your images',
  waiting: 'waits to be read',
  reading: 'is being read',
  held: 'on hold',
  preliminary: 'preliminary report sent',
  reported: 'reported',
  cancelled: 'cancelled',
};

function expectedWords(study: SiteStudy, now: number): string {
  if (study.state === 'reported' || study.state === 'cancelled') return '';
  if (study.dueAt === null) return 'no time agreed yet';
  const left = study.dueAt - now;
  return left < 0 ? `late by ${shownLeft(-left)}` : `expected within ${shownLeft(left)}`;
}

/** The one page of a site: what it is asked, where its studies are, whom to call. */
export function SiteDeskView(props: {
  readonly desk: SiteDesk;
  readonly onLeave: () => void;
  /** The page to print for the hour in which Overread does not answer. */
  readonly onDowntime: () => void;
  readonly onAnswer: (questionId: string, input: AnswerInput) => Promise<string | null>;
  readonly onCallMe: (taskId: string, input: CallInput) => Promise<string | null>;
}) {
  const { desk } = props;
  const now = useNow(10_000);
  const open = desk.questions.filter((one) => one.state.kind === 'asked');
  const ended = desk.questions.filter((one) => one.state.kind !== 'asked').slice(0, 20);
  const studies = new Map(desk.studies.map((study) => [study.taskId as string, study]));
  const nameOf = (taskId: string): string => {
    const study = studies.get(taskId);
    return study === undefined
      ? 'A study that is no longer listed'
      : `${shownName(study.patient.name).whole}, ${study.accession ?? 'no accession'}, ${study.exam}`;
  };
  return (
    <>
      <header className="site-head">
        <h1>{desk.site.name}</h1>
        <span className="grow" />
        <span>
          {desk.onCall === null ? (
            <span className="dim">No number of the reading group is known here.</span>
          ) : (
            <>
              Reader on call: {desk.onCall.name} <b className="mono">{desk.onCall.phone}</b>
            </>
          )}
        </span>
        <Button onClick={props.onDowntime}>Downtime page</Button>
        <Button kind="quiet" onClick={props.onLeave}>
          Sign out
        </Button>
      </header>
      <section aria-label="Open questions">
        <h2>{open.length === 0 ? 'No open question' : `Open questions: ${open.length}`}</h2>
        {open.length === 0 ? <p className="dim">Questions of the readers appear here by themselves.</p> : null}
        <ul className="site-list">
          {open.map((question) => (
            <SiteQuestion
              key={question.id}
              question={question}
              about={nameOf(question.taskId)}
              zone={desk.site.zone}
              now={now}
              onAnswer={(input) => props.onAnswer(question.id, input)}
            />
          ))}
        </ul>
      </section>
      <section aria-label="Studies">
        <h2>Studies</h2>
        {desk.more > 0 ? <p className="dim">{desk.more} more are not shown.</p> : null}
        <table className="site-table">
          <thead>
            <tr>
              <th>Patient</th>
              <th>Born</th>
              <th>Accession</th>
              <th>Exam</th>
              <th>Images</th>
              <th>State</th>
              <th>Report</th>
              <th>Call</th>
            </tr>
          </thead>
          <tbody>
            {desk.studies.map((study) => (
              <StudyLine
                key={study.taskId}
                study={study}
                now={now}
                waits={desk.calls.some((call) => call.taskId === study.taskId && call.done === null)}
                onCallMe={(input) => props.onCallMe(study.taskId, input)}
              />
            ))}
          </tbody>
        </table>
      </section>
      {ended.length === 0 ? null : (
        <section aria-label="Answered">
          <h2>Answered or withdrawn</h2>
          <ul className="site-list">
            {ended.map((question) => (
              <SiteQuestion
                key={question.id}
                question={question}
                about={nameOf(question.taskId)}
                zone={desk.site.zone}
                now={now}
                onAnswer={null}
              />
            ))}
          </ul>
        </section>
      )}
      <p className="dim">As of {shownTime(desk.now, desk.site.zone)}</p>
    </>
  );
}

function StudyLine(props: {
  readonly study: SiteStudy;
  readonly now: number;
  readonly waits: boolean;
  readonly onCallMe: (input: CallInput) => Promise<string | null>;
}) {
  const { study, now } = props;
  const [open, setOpen] = useState(false);
  const [phone, setPhone] = useState('');
  const [words, setWords] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  const command = useRef<string | null>(null);
  const { present, expected } = study.images;
  const late = study.dueAt !== null && study.dueAt < now && study.state !== 'reported' && study.state !== 'cancelled';
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
        <td>{expected === null ? present : `${present} of ${expected}`}</td>
        <td>{stateWords[study.state]}</td>
        <td className={late ? 'danger' : ''}>
          {late ? <Mark shape="octagon" /> : null} {expectedWords(study, now)}
        </td>
        <td>
          {props.waits ? (
            <span className="signal">
              <Mark shape="diamond" /> A call is asked for
            </span>
          ) : (
            <Button onClick={() => setOpen(!open)}>Call me about this patient</Button>
          )}
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
    </>
  );
}

import type { ReactNode } from 'react';
import type { SiteDesk } from '../../shared/api/index.ts';
import { shownName, shownTime } from '../case/index.ts';
import { Button, useNow } from '../ui/index.ts';
import { SiteCriticals } from './site-criticals.tsx';
import { type AnswerInput, SiteQuestion } from './site-question.tsx';
import { type CallInput, SiteStudyLine, type SiteWrites } from './site-study.tsx';

const contactWords: Readonly<Record<SiteDesk['contacts'][number]['role'], string>> = {
  desk: 'Desk',
  'on-call': 'Physician on call',
  ordering: 'Ordering physicians',
  covering: 'Covering physician',
  lead: 'Reading group',
  it: 'Imaging systems',
};

/** The one page of a site: what it is asked, where its studies are, whom to call. */
export function SiteDeskView(props: {
  readonly desk: SiteDesk;
  readonly onLeave: () => void;
  /** The page to print for the hour in which Overread does not answer. */
  readonly onDowntime: () => void;
  readonly onAnswer: (questionId: string, input: AnswerInput) => Promise<string | null>;
  readonly onCallMe: (taskId: string, input: CallInput) => Promise<string | null>;
  readonly writes: SiteWrites;
  /** Exams that reports of the site recommend. */
  readonly followUps: ReactNode;
  /** What the site's billing lacks. */
  readonly billing: ReactNode;
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
        <div className="site-numbers">
          {desk.onCall.length === 0 ? (
            <span className="dim">No number of the reading group is known here.</span>
          ) : (
            desk.onCall.map((one) => (
              <span key={`${one.name}${one.phone}`}>
                Reader on call: {one.name} <b className="mono">{one.phone}</b> <span className="dim">{one.words}</span>
              </span>
            ))
          )}
        </div>
        <Button onClick={props.onDowntime}>Downtime page</Button>
        <Button kind="quiet" onClick={props.onLeave}>
          Sign out
        </Button>
      </header>
      <SiteCriticals {...{ criticals: desk.criticals, onCall: desk.onCall, nameOf, now }} zone={desk.site.zone} />
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
              <th scope="col">Patient</th>
              <th scope="col">Born</th>
              <th scope="col">Accession</th>
              <th scope="col">Exam</th>
              <th scope="col">Images</th>
              <th scope="col">State</th>
              <th scope="col">Report</th>
              <th scope="col">Call or write</th>
            </tr>
          </thead>
          <tbody>
            {desk.studies.map((study) => (
              <SiteStudyLine
                key={study.taskId}
                study={study}
                now={now}
                waits={desk.calls.some((call) => call.taskId === study.taskId && call.done === null)}
                messages={desk.messages.filter((one) => one.taskId === study.taskId)}
                zone={desk.site.zone}
                writes={props.writes}
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
      {props.followUps}
      {props.billing}
      {desk.contacts.length === 0 ? null : (
        <section aria-label="Contacts">
          <h2>Whom the group phones here</h2>
          <ul className="site-defects">
            {desk.contacts.map((one) => (
              <li key={`${one.role}${one.name}${one.phone}`}>
                {contactWords[one.role]}: {one.name} <b className="mono">{one.phone}</b>
              </li>
            ))}
          </ul>
          <p className="dim">If a number is wrong, tell the reading group: it is what a reader dials at night.</p>
        </section>
      )}
      <p className="dim">As of {shownTime(desk.now, desk.site.zone)}</p>
    </>
  );
}

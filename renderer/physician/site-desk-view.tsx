import type { SiteDesk } from '../../shared/api/index.ts';
import { shownName, shownTime } from '../case/index.ts';
import { Button, useNow } from '../ui/index.ts';
import { type AnswerInput, SiteQuestion } from './site-question.tsx';
import { type CallInput, SiteStudyLine, type SiteWrites } from './site-study.tsx';

/** The one page of a site: what it is asked, where its studies are, whom to call. */
export function SiteDeskView(props: {
  readonly desk: SiteDesk;
  readonly onLeave: () => void;
  /** The page to print for the hour in which Overread does not answer. */
  readonly onDowntime: () => void;
  readonly onAnswer: (questionId: string, input: AnswerInput) => Promise<string | null>;
  readonly onCallMe: (taskId: string, input: CallInput) => Promise<string | null>;
  readonly writes: SiteWrites;
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
              <th>Call or write</th>
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
      <p className="dim">As of {shownTime(desk.now, desk.site.zone)}</p>
    </>
  );
}

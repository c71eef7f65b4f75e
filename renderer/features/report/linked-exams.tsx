import { displayDate } from '../../../shared/domain/study/index.ts';
import { Button, Mark } from '../../ui/index.ts';
import './linked-exams.css';
import type { LinkedExamsInUse } from './use-linked-exams.ts';

/**
 * The same patient's exams that go with the open one: which, why, who has them, and one press that claims them all. Those under the same
 * patient id that do not go with it are named with the reason, so that nobody has to guess why they are missing.
 */
export function LinkedExamsList(props: { readonly linked: LinkedExamsInUse; readonly mayClaim: boolean }) {
  const { view, words, claiming, claim } = props.linked;
  if (view === null || (view.exams.length === 0 && view.apart.length === 0)) return null;
  const free = view.exams.some((one) => one.standing !== 'yours');
  return (
    <section className="report-block linked-exams" aria-label="Linked exams">
      <div className="report-block-head">
        <h3>Linked exams</h3>
        <span className="grow" />
        {props.mayClaim && free ? (
          <Button disabled={claiming} onClick={claim}>
            {claiming ? 'Claiming…' : view.exams.length === 1 ? 'Claim it too' : 'Claim them too'}
          </Button>
        ) : null}
      </div>
      <ul>
        {view.exams.map((one) => (
          <li key={one.context.taskId}>
            <span className={one.standing === 'refused' ? 'mute' : 'signal'}>
              <Mark shape={one.standing === 'yours' ? 'disc' : one.standing === 'free' ? 'ring' : 'padlock'} />
            </span>{' '}
            {one.exam}, <span className="mono">{one.context.accession ?? 'no accession'}</span>
            <small>
              {displayDate(one.studyDate ?? '')} · {one.images} images · {one.why} · {one.words}
            </small>
          </li>
        ))}
        {view.apart.map((one) => (
          <li key={`${one.accession}${one.exam}`} className="mute">
            <Mark shape="cross" /> Not with this one: {one.exam},{' '}
            <span className="mono">{one.accession ?? 'no accession'}</span>
            <small>{one.why}</small>
          </li>
        ))}
      </ul>
      {words === null ? null : (
        <p className="report-line" role="status">
          {words}
        </p>
      )}
    </section>
  );
}

import type { SiteDesk } from '../../shared/api/index.ts';
import { levelWords } from '../../shared/domain/critical/index.ts';
import { shownLeft, shownTime } from '../case/index.ts';
import { Mark } from '../ui/index.ts';

/** Findings for which the reading group has to speak with somebody of this site now. What was found is told on the phone, to who can act. */
export function SiteCriticals(props: {
  readonly criticals: SiteDesk['criticals'];
  readonly nameOf: (taskId: string) => string;
  readonly onCall: SiteDesk['onCall'];
  readonly zone: string;
  readonly now: number;
}) {
  const { criticals, onCall, now } = props;
  if (criticals.length === 0) return null;
  const [number] = onCall;
  return (
    <section aria-label="Critical results">
      <h2>Critical results: the reading group has to speak with somebody who can act</h2>
      <ul className="site-list">
        {criticals.map((one) => {
          const left = one.dueAt - now;
          return (
            <li key={one.id} className="site-critical">
              <span className={left <= 0 ? 'danger' : 'signal'}>
                <Mark shape={left <= 0 ? 'octagon' : 'diamond'} />
              </span>{' '}
              <b>{props.nameOf(one.taskId)}</b>. {levelWords[one.level].title}:{' '}
              <span className={left <= 0 ? 'danger' : ''}>
                {left <= 0
                  ? `overdue since ${shownTime(one.dueAt, props.zone)}`
                  : `${shownLeft(left)} left, by ${shownTime(one.dueAt, props.zone)}`}
              </span>
              .{' '}
              {one.orderedBy === null ? 'Bring a physician of this patient' : `Bring ${one.orderedBy}, or who covers,`}{' '}
              to the phone
              {number === undefined ? '.' : `: ${number.name} `}
              {number === undefined ? null : <b className="mono">{number.phone}</b>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

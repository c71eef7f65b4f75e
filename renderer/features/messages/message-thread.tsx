import { type Message, type Party, partyWords } from '../../../shared/domain/message/index.ts';
import { shownTime } from '../../case/index.ts';
import { Mark } from '../../ui/index.ts';
import './messages.css';

/** Who wrote to whom, when, and who saw it. The words are text and nothing else. */
export function MessageThread(props: {
  readonly messages: readonly Message[];
  /** Ids of those that wait for whoever looks. */
  readonly waiting: ReadonlySet<string>;
  readonly me: Party;
  readonly zone: string | null;
}) {
  const { zone, me } = props;
  return (
    <ul className="message-thread" aria-label="Messages">
      {props.messages.map((one) => (
        <li key={one.id} className={one.from === me ? 'mine' : ''}>
          <div className="message-head">
            {props.waiting.has(one.id) ? (
              <span className="signal">
                <Mark shape="diamond" /> new
              </span>
            ) : null}
            <b>{one.sender.name}</b>
            <span className="dim">
              {one.from} to {partyWords[one.to]}
            </span>
            <span className="grow" />
            <span className="dim">{shownTime(one.sentAt, zone)}</span>
          </div>
          <p className="message-words">{one.words}</p>
          <small className="dim">
            {one.seen === null ? 'not seen yet' : `seen by ${one.seen.by.name}, ${shownTime(one.seen.at, zone)}`}
          </small>
        </li>
      ))}
    </ul>
  );
}

import type { HostStatus } from '../../shared/api/index.ts';
import type { Reader } from '../../shared/domain/reader/index.ts';
import type { Silent } from '../../shared/domain/reading/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { timeInZone } from '../../shared/lib/zoned-time.ts';
import { Button, KeyPlate, Mark, useNow } from '../ui/index.ts';
import type { LinkState } from './signed-in.ts';

function Standing(props: {
  readonly link: LinkState;
  readonly status: HostStatus | null;
  readonly silent: Silent;
  readonly now: number;
}) {
  const { link, status, silent } = props;
  if (link.link === 'lost') {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return (
      <span className="signal">
        <Mark shape="diamond" /> Offline since {timeInZone(instant(link.since), zone, instant(props.now))}
      </span>
    );
  }
  // Its own host may be well and events may come: what others do reaches nobody here all the same.
  if (silent === 'group' || silent === 'host') {
    return (
      <span className="signal">
        <Mark shape="diamond" /> {silent === 'group' ? 'No group host answers' : 'The host gives no list'}
      </span>
    );
  }
  const down = [
    ...(status?.record.state === 'down' ? [`${status.record.name} silent`] : []),
    ...(status?.archive.state === 'down' ? [`${status.archive.name} silent`] : []),
  ];
  if (down.length > 0) {
    return (
      <span className="signal">
        <Mark shape="diamond" /> {down.join(' · ')}
      </span>
    );
  }
  return (
    <span className="dim">
      <Mark shape="dot" /> {link.link === 'live' ? 'Live' : 'Joining'}
    </span>
  );
}

/** Rooms, links, clock and reader; on the reading screen the way back. */
export function TopBar(props: {
  readonly place: 'list' | 'case';
  readonly reader: Reader;
  /** Where she said that she reads from, in words; null when she did not say. */
  readonly from: string | null;
  readonly demo: boolean;
  readonly link: LinkState;
  readonly status: HostStatus | null;
  readonly silent: Silent;
  readonly onFind: () => void;
  readonly onList: () => void;
  readonly onLock: () => void;
  /** Null while the open study has to be ended first. */
  readonly onNext: (() => void) | null;
  readonly asking: boolean;
  /** What is to be said of the screen under this window; null where its check is good. */
  readonly display: string | null;
  readonly onDisplay: () => void;
}) {
  const now = useNow(10_000);
  const clock = new Intl.DateTimeFormat('en-US', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).formatToParts(now);
  const time = clock.filter((part) => part.type === 'hour' || part.type === 'minute').map((part) => part.value);
  const zone = clock.find((part) => part.type === 'timeZoneName')?.value ?? '';
  return (
    <header className="top">
      <span className="wordmark">
        Over<i>read</i>
      </span>
      <nav aria-label="Rooms">
        <button
          type="button"
          className="room"
          aria-current={props.place === 'list' ? 'page' : undefined}
          onClick={props.onList}
        >
          Worklist <KeyPlate keys="Alt+Home" />
        </button>
      </nav>
      {props.onNext === null || (props.reader.role !== 'radiologist' && props.reader.role !== 'lead') ? null : (
        <Button keys="Alt+N" onClick={props.onNext} disabled={props.asking}>
          Next study
        </Button>
      )}
      <span className="grow" />
      {props.display === null ? null : (
        <button type="button" className="room signal display-due" onClick={props.onDisplay}>
          <Mark shape="diamond" /> {props.display}
        </button>
      )}
      {props.demo ? <span className="mute">Demo day · not for clinical use</span> : null}
      <Standing link={props.link} status={props.status} silent={props.silent} now={now} />
      <button type="button" className="find" onClick={props.onFind}>
        Find or do <KeyPlate keys="Ctrl+K" />
      </button>
      <span>
        <b>{time.join(':')}</b>
        <span className="mute">{zone}</span>
      </span>
      <button type="button" className="room dim" onClick={props.onLock} title="Lock the screen (Alt L)">
        {props.reader.name}
        {props.from === null ? null : <span className="mute"> · {props.from}</span>}
      </button>
    </header>
  );
}

import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import type { HostStatus, Trouble } from '../../shared/api/index.ts';
import { can, type Role } from '../../shared/domain/reader/index.ts';
import { shownTime } from '../case/index.ts';
import { backupLine, clockLine, type Upkeep } from '../features/upkeep/index.ts';
import type { WorklistFeed } from '../features/worklist/index.ts';
import { Dialog, KeyPlate, Mark, Message } from '../ui/index.ts';
import type { LinkState } from './signed-in.ts';

const keys = {
  list: [
    ['ArrowUp+ArrowDown', 'row'],
    ['Enter', 'read'],
    ['L', 'look'],
    ['N', 'next best'],
    ['U', 'show changes'],
    ['/', 'filter'],
    ['Ctrl+K', 'all'],
  ],
  case: [
    ['Q', 'window'],
    ['D', 'length'],
    ['M', 'to report'],
    ['F12', 'sign final'],
    ['Esc', 'back'],
    ['Ctrl+K', 'all'],
  ],
} as const;

/** Whose role reads nothing looks with the same key, and signs nothing. */
function keysFor(place: keyof typeof keys, role: Role): readonly (readonly [string, string])[] {
  const all: readonly (readonly [string, string])[] = keys[place];
  if (can(role, 'read')) return all;
  return all
    .filter(([key]) => !['F12', 'L', 'M', 'N'].includes(key))
    .map(([key, words]) => [key, key === 'Enter' ? 'look' : words]);
}

/** What a host of one person cannot promise (DESIGN 2.6). */
const sleepWords = 'No group host: deliveries and escalations stop when this computer sleeps';

/** What is wrong, in the words of what was asked, what came back and what still works. */
function Troubles({ troubles, onClose }: { readonly troubles: readonly Trouble[]; readonly onClose: () => void }) {
  return (
    <Dialog title="What does not work now" onClose={onClose}>
      <div className="dialog-body">
        {troubles.map((trouble) => (
          <Message
            key={`${trouble.where}${trouble.since}${trouble.asked}`}
            form="block"
            tone="ask"
            title={`${trouble.where}, since ${shownTime(trouble.since, null)}`}
          >
            Asked: {trouble.asked} Came back: {trouble.cameBack} Still works: {trouble.stillWorks}
          </Message>
        ))}
      </div>
    </Dialog>
  );
}

/** The keys of this screen, and how the host and this machine stand. */
export function StatusFoot(props: {
  readonly place: 'list' | 'case';
  readonly role: Role;
  readonly troubles: readonly Trouble[];
  readonly status: HostStatus | null;
  readonly link: LinkState;
  readonly feed: WorklistFeed;
  /** No group host stands behind this one. */
  readonly singleUser: boolean;
  /** Null for whoever is not to see it. */
  readonly upkeep: Upkeep | null;
  readonly onUpkeep: () => void;
  readonly onChannels: () => void;
  /** Deliveries that need a person, in words; null where there are none. */
  readonly deliveries: string | null;
  readonly onDeliveries: () => void;
  /** How far the next studies are here; null for whoever reads none. */
  readonly ahead: ReactNode;
}) {
  const { status, troubles, link } = props;
  const [shown, setShown] = useState(false);
  const count = useStore(props.feed.state, (state) => state.rows.size);
  const waiting = status?.waitingReports ?? 0;
  const first = troubles[0];
  const backup = props.upkeep === null ? null : backupLine(props.upkeep);
  const clocks = props.upkeep === null ? null : clockLine(props.upkeep);
  return (
    <footer className="foot">
      {keysFor(props.place, props.role).map(([key, words]) => (
        <span key={key} className="foot-key">
          <KeyPlate keys={key} />
          {words}
        </span>
      ))}
      <span className="grow" />
      {link.mirrorTrouble === null ? null : (
        <span className="signal cut" title={link.mirrorTrouble}>
          <Mark shape="diamond" /> {link.mirrorTrouble}
        </span>
      )}
      {first === undefined ? null : (
        <span>
          <button type="button" className="as-link signal" onClick={() => setShown(true)}>
            <Mark shape="diamond" /> {first.where}: {first.cameBack.slice(0, 60)}
            {troubles.length > 1 ? ` and ${troubles.length - 1} more` : ''}
          </button>
        </span>
      )}
      {waiting === 0 ? null : (
        <span className="signal">
          <Mark shape="diamond" /> {waiting} {waiting === 1 ? 'report waits' : 'reports wait'}
        </span>
      )}
      {props.deliveries === null ? null : (
        <button type="button" className="as-link signal" onClick={props.onDeliveries}>
          <Mark shape="octagon" /> {props.deliveries}
        </button>
      )}
      {clocks === null || props.place !== 'list' ? null : (
        <button type="button" className="as-link signal" title={clocks.title} onClick={props.onChannels}>
          <Mark shape="diamond" /> {clocks.words}
        </button>
      )}
      {backup === null || props.place !== 'list' ? null : (
        <button type="button" className={backup.signal ? 'as-link signal' : 'as-link mute'} onClick={props.onUpkeep}>
          {backup.signal ? <Mark shape="diamond" /> : null} {backup.words}
        </button>
      )}
      {props.ahead}
      {props.singleUser && props.place === 'list' ? (
        <span className="mute cut" title={sleepWords}>
          {sleepWords}
        </span>
      ) : null}
      {props.place === 'list' ? (
        <span>
          <b>{count}</b> {count === 1 ? 'study' : 'studies'}
        </span>
      ) : null}
      {shown ? <Troubles troubles={troubles} onClose={() => setShown(false)} /> : null}
    </footer>
  );
}

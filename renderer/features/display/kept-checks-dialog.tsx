import { useCallback } from 'react';
import type { CallOutput, DisplayChecksOfPlace } from '../../../shared/api/index.ts';
import {
  type DisplayStanding,
  digitSteps,
  keyWords,
  type ScreenStanding,
  screensOf,
  strips,
} from '../../../shared/domain/display/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { formatInZone } from '../../../shared/lib/zoned-time.ts';
import type { HostClient } from '../../host/index.ts';
import { AskedTrouble, Button, Dialog, FigureTable, Mark, useAskedView, useNow } from '../../ui/index.ts';
import { dueWords } from './display-words.ts';
import './kept-checks.css';

type KeptChecks = CallOutput<'displayChecks'>;
type Row = { readonly place: DisplayChecksOfPlace; readonly screen: ScreenStanding | null };

const askEvery = 15_000;

const isWell = ({ screen }: Row): boolean =>
  screen !== null && screen.usual.kind === 'checked' && screen.mammography.kind === 'checked';

/** What wants somebody first: a failure or no check at all, then what is overdue, then the oldest. */
function rowsOf({ places, every }: KeptChecks, now: number): readonly Row[] {
  const rows = places.flatMap((place): Row[] => {
    const screens = screensOf(place.checks, every, instant(now));
    return screens.length === 0 ? [{ place, screen: null }] : screens.map((screen) => ({ place, screen }));
  });
  const rank = (row: Row): number =>
    row.screen === null ? 1 : row.screen.usual.kind === 'failed' ? 0 : isWell(row) ? 3 : 2;
  return rows.toSorted(
    (one, other) => rank(one) - rank(other) || (one.screen?.newest.at ?? 0) - (other.screen?.newest.at ?? 0),
  );
}

function placeWords({ kind, name }: DisplayChecksOfPlace): string {
  if (kind === 'host') return 'The host’s own computer';
  return kind === 'browser' ? 'A browser' : (name ?? 'A computer that is not listed');
}

/** Checks of the screens of all readers, as their computers told the host: for the lead and the reviewer. */
export function KeptChecksDialog(props: { readonly host: Pick<HostClient, 'call'>; readonly onClose: () => void }) {
  const { host } = props;
  const now = useNow(60_000);
  const question = useCallback((signal: AbortSignal) => host.call('displayChecks', { signal }), [host]);
  const { view: kept, trouble, ask } = useAskedView(question, askEvery);
  const rows = kept === null ? [] : rowsOf(kept, now);

  return (
    <Dialog title="Checks of displays" className="kept-checks" onClose={props.onClose}>
      <div className="dialog-body kept-checks-body">
        <AskedTrouble trouble={trouble} ask={ask} byItself />
        {kept === null ? (
          trouble === null ? (
            <p className="mute">Asking the host…</p>
          ) : null
        ) : rows.length === 0 ? (
          <p className="dim">
            No check of a screen has been told yet. A reader makes one by <b>Check this display</b> (Ctrl K); it is here
            as soon as her computer reaches the host.
          </p>
        ) : (
          <>
            <p className="dim">
              By the strictest rule of your sites a screen is checked every {kept.every.usual} days, for mammography
              every {kept.every.mammography}. A reader’s own look, no measurement. A screen that nobody has ever checked
              is not known here.
            </p>
            <CheckTable kept={kept} rows={rows} />
          </>
        )}
        <div className="dialog-actions">
          <Button keys="Esc" onClick={props.onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function CheckTable({ kept, rows }: { readonly kept: KeptChecks; readonly rows: readonly Row[] }) {
  return (
    <FigureTable
      label="Screens"
      heads={['Computer', 'Screen', 'Last checked', 'By', 'Result', 'Next check', 'For mammography']}
    >
      {rows.map(({ place, screen }) => (
        <tr key={`${place.kind}${place.id}${screen?.newest.screen ?? ''}`}>
          <th scope="row">
            {placeWords(place)}
            {place.kind === 'host' ? null : <small className="mono">{place.id.slice(0, 8)}</small>}
          </th>
          {screen === null ? (
            <td colSpan={6} className="signal">
              <Mark shape="diamond" /> no screen of it was ever checked
            </td>
          ) : (
            <ScreenCells screen={screen} kept={kept} />
          )}
        </tr>
      ))}
    </FigureTable>
  );
}

function ScreenCells({ screen, kept }: { readonly screen: ScreenStanding; readonly kept: KeptChecks }) {
  const { newest, usual, mammography } = screen;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [fault] = newest.faults;
  return (
    <>
      <td>{keyWords(newest.screen, newest.devicePixelRatio) ?? newest.screen}</td>
      <td className="unbroken">{formatInZone(newest.at, zone).replace(/:\d\d (?=\S+$)/, ' ')}</td>
      <td>{newest.by}</td>
      <td title={newest.faults.join(' ')}>
        {fault === undefined ? (
          <>
            <Mark shape="tick" /> passed
            <small>
              {strips.map((strip) => `${newest.read[strip]} ${strip}`).join(', ')} of {digitSteps.length} digits
            </small>
          </>
        ) : (
          <>
            <span className="signal">
              <Mark shape="diamond" /> failed
            </span>
            <small>
              {fault}
              {newest.faults.length === 1 ? '' : ` And ${newest.faults.length - 1} more.`}
            </small>
          </>
        )}
      </td>
      <Due standing={usual} every={kept.every.usual} />
      <Due standing={mammography} every={kept.every.mammography} />
    </>
  );
}

function Due({ standing, every }: { readonly standing: DisplayStanding; readonly every: number }) {
  const isDue = standing.kind !== 'checked';
  return (
    <td className={`unbroken ${isDue ? 'signal' : ''}`}>
      {isDue ? <Mark shape="diamond" /> : null} {dueWords(standing, every)}
    </td>
  );
}

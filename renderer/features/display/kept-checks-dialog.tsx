import { useEffect, useState } from 'react';
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
import { Button, Dialog, Mark, Message, useNow } from '../../ui/index.ts';
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
  const [kept, setKept] = useState<KeptChecks | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    let over = false;
    const ask = async (): Promise<void> => {
      const answered = await host.call('displayChecks');
      if (over) return;
      setTrouble(answered.ok ? null : answered.error.message);
      if (answered.ok) setKept(answered.value);
    };
    void ask();
    const timer = setInterval(() => void ask(), askEvery);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [host]);
  const rows = kept === null ? [] : rowsOf(kept, now);

  return (
    <Dialog title="Checks of displays" className="kept-checks" onClose={props.onClose}>
      <div className="dialog-body kept-checks-body">
        {trouble === null ? null : (
          <Message tone="ask" title="The host could not be asked.">
            {trouble} It is asked again by itself.
          </Message>
        )}
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
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take focus (WCAG 2.1.1).
    <section className="kept-checks-scroll" aria-label="Screens" tabIndex={0}>
      <table className="kept-checks-table">
        <thead>
          <tr>
            <th scope="col">Computer</th>
            <th scope="col">Screen</th>
            <th scope="col">Last checked</th>
            <th scope="col">By</th>
            <th scope="col">Result</th>
            <th scope="col">Next check</th>
            <th scope="col">For mammography</th>
          </tr>
        </thead>
        <tbody>
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
        </tbody>
      </table>
    </section>
  );
}

function ScreenCells({ screen, kept }: { readonly screen: ScreenStanding; readonly kept: KeptChecks }) {
  const { newest, usual, mammography } = screen;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [fault] = newest.faults;
  return (
    <>
      <td>{keyWords(newest.screen, newest.devicePixelRatio) ?? newest.screen}</td>
      <td className="kept-checks-whole">{formatInZone(newest.at, zone).replace(/:\d\d (?=\S+$)/, ' ')}</td>
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
    <td className={`kept-checks-whole ${isDue ? 'signal' : ''}`}>
      {isDue ? <Mark shape="diamond" /> : null} {dueWords(standing, every)}
    </td>
  );
}

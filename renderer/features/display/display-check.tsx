import { useId, useMemo, useState } from 'react';
import {
  type CheckAnswers,
  type DisplayCheck,
  digitSteps,
  judgeCheck,
  notTold,
  type ScreenFacts,
  type Strip,
  screenKey,
  screenTroubles,
  screenWords,
  strips,
} from '../../../shared/domain/display/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { Button, Dialog, Mark } from '../../ui/index.ts';
import { lastCheckWords, toldWords } from './display-words.ts';
import { PatternCanvas } from './pattern-canvas.tsx';
import { readScreen } from './read-screen.ts';
import './display.css';

const nothingRead: Readonly<Record<Strip, string>> = { dark: '', middle: '', bright: '' };
const stripWords: Readonly<Record<Strip, string>> = { dark: 'Dark', middle: 'Middle', bright: 'Bright' };

/** New digits for each check: what is known by heart is not read. */
function newDigits(): Readonly<Record<Strip, string>> {
  const dice = crypto.getRandomValues(new Uint32Array(strips.length * digitSteps.length));
  const of = (place: number): string =>
    [...dice.slice(place * digitSteps.length, (place + 1) * digitSteps.length)].map((one) => one % 10).join('');
  return { dark: of(0), middle: of(1), bright: of(2) };
}

/** One screen checked: a pattern, what the reader reads on it, and what the system tells; kept with its date. */
export function DisplayCheckDialog(props: {
  readonly reader: string;
  readonly checks: readonly DisplayCheck[];
  /** Checks that the host has not taken yet; null where this window tells nobody. */
  readonly waiting: number | null;
  readonly onKeep: (check: DisplayCheck) => boolean;
  readonly onClose: () => void;
}) {
  const [facts, setFacts] = useState<ScreenFacts>(readScreen);
  const [digits, setDigits] = useState(newDigits);
  const [read, setRead] = useState(nothingRead);
  const [seen, setSeen] = useState({ endSquares: false, lines: false, ramps: false });
  const [done, setDone] = useState<{ readonly check: DisplayCheck; readonly kept: boolean } | null>(null);
  const ids = useId();
  const troubles = useMemo(() => screenTroubles(facts), [facts]);
  const mine = props.checks.filter((one) => one.screen === screenKey(facts));

  const judge = (): void => {
    const now = readScreen();
    setFacts(now);
    const answers: CheckAnswers = {
      ...seen,
      digits: {
        dark: { shown: digits.dark, read: read.dark },
        middle: { shown: digits.middle, read: read.middle },
        bright: { shown: digits.bright, read: read.bright },
      },
    };
    const check: DisplayCheck = {
      screen: screenKey(now),
      at: instant(Date.now()),
      by: props.reader,
      devicePixelRatio: now.devicePixelRatio,
      ...judgeCheck(answers, now),
    };
    setDone({ check, kept: props.onKeep(check) });
  };
  const again = (): void => {
    setDone(null);
    setDigits(newDigits());
    setRead(nothingRead);
    setSeen({ endSquares: false, lines: false, ramps: false });
    setFacts(readScreen());
  };
  const box = (name: keyof typeof seen, words: string) => (
    <label className="display-seen">
      <input
        type="checkbox"
        autoComplete="off"
        checked={seen[name]}
        onChange={(event) => setSeen((before) => ({ ...before, [name]: event.target.checked }))}
      />{' '}
      {words}
    </label>
  );

  return (
    <Dialog
      title="Check of this display"
      className="display-check"
      onClose={props.onClose}
      head={<span className="mute">{screenWords(facts)}</span>}
    >
      <PatternCanvas digits={digits} />
      {done === null ? (
        <form
          className="display-questions"
          onSubmit={(event) => {
            event.preventDefault();
            judge();
          }}
        >
          <fieldset>
            <legend>Type the digits that you can read, from the left</legend>
            {strips.map((strip, place) => (
              <span key={strip} className="display-digits">
                <label htmlFor={`${ids}-${strip}`}>{stripWords[strip]}</label>
                <input
                  id={`${ids}-${strip}`}
                  inputMode="numeric"
                  autoComplete="off"
                  size={8}
                  maxLength={12}
                  autoFocus={place === 0}
                  value={read[strip]}
                  onChange={(event) => setRead((before) => ({ ...before, [strip]: event.target.value }))}
                />
              </span>
            ))}
          </fieldset>
          <fieldset>
            <legend>Tick what you see</legend>
            {box('endSquares', 'the small square on black, and the one on white')}
            {box('lines', 'lines of one pixel, sharp and even in all five places')}
            {box('ramps', 'ramps without steps or colour')}
          </fieldset>
          <div className="display-told">
            {troubles.map((one) => (
              <p key={one} className="signal">
                <Mark shape="diamond" /> {one}
              </p>
            ))}
            <p className="mute">{notTold}</p>
            <p className="mute">{lastCheckWords(mine, instant(Date.now()))}</p>
          </div>
          <div className="dialog-actions">
            <Button kind="go" type="submit" keys="Enter">
              Keep this check
            </Button>
            <Button keys="Esc" kind="quiet" onClick={props.onClose}>
              Close, keep nothing
            </Button>
          </div>
        </form>
      ) : (
        <div className="display-questions" role="status">
          {done.check.faults.length === 0 ? (
            <p>
              <Mark shape="dot" /> Passed: {strips.map((strip) => `${done.check.read[strip]} ${strip}`).join(', ')} of{' '}
              {digitSteps.length} digits each.
            </p>
          ) : (
            <ul>
              {done.check.faults.map((one) => (
                <li key={one} className="signal">
                  <Mark shape="diamond" /> {one}
                </li>
              ))}
            </ul>
          )}
          <p className="mute">
            {done.kept
              ? 'Kept for this screen, with its date and your name.'
              : 'This machine keeps nothing for the page: the check counts until this window is closed.'}{' '}
            {toldWords(props.waiting)} A reader’s own look, no measurement: luminance and the greyscale function (DICOM
            PS3.14) want a meter.
          </p>
          <div className="dialog-actions">
            <Button onClick={again}>Check again</Button>
            <Button keys="Esc" kind="go" onClick={props.onClose}>
              Close
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

import { useId, useState } from 'react';
import {
  cardHeight,
  cardWidth,
  measuredSize,
  pixelsPerMillimetre,
  screenKey,
  screenWords,
} from '../../../shared/domain/display/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { Button, Dialog, Mark } from '../../ui/index.ts';
import { keepSize, readSizes } from './kept-sizes.ts';
import { readScreen } from './read-screen.ts';
import './display.css';

const narrowest = 150;
const widest = 900;

/** The screen under this window is measured by hand: a box on the glass is made as wide as a card, or its width is read from a ruler. */
export function ScreenSizeDialog(props: { readonly reader: string; readonly onClose: () => void }) {
  const [facts] = useState(readScreen);
  const known = pixelsPerMillimetre(readSizes(), screenKey(facts), facts.devicePixelRatio);
  const [width, setWidth] = useState(() => Math.round((known ?? 96 / 25.4) * cardWidth));
  const [ruler, setRuler] = useState(String(cardWidth));
  const [done, setDone] = useState<string | null>(null);
  const ids = useId();
  const millimetres = Number(ruler.replace(',', '.'));
  const found = measuredSize(width, millimetres, facts.devicePixelRatio);
  const last = readSizes()
    .filter((one) => one.screen === screenKey(facts))
    .at(-1);

  const keep = (): void => {
    if (found === null) return;
    const kept = keepSize({
      screen: screenKey(facts),
      at: instant(Date.now()),
      by: props.reader,
      devicePixelsPerMillimetre: found,
    });
    setDone(
      kept
        ? `Kept for this screen: a pixel is ${(1 / found).toFixed(3)} mm. Images with a known size are shown in true size by Alt+Shift+T.`
        : 'This machine keeps nothing for the page: the screen stays unmeasured.',
    );
  };

  return (
    <Dialog
      title="Measure this screen"
      className="screen-size"
      onClose={props.onClose}
      head={<span className="mute">{screenWords(facts)}</span>}
    >
      <div className="screen-size-bed">
        <div
          className="screen-size-box"
          role="img"
          aria-label="A box to hold a card against"
          style={{ width, height: (width * cardHeight) / cardWidth }}
        />
      </div>
      <form
        className="screen-size-fields"
        onSubmit={(event) => {
          event.preventDefault();
          keep();
        }}
      >
        <p>
          Hold a bank card or identity card against the glass and make the box as wide as the card: by the slider, or by
          the arrow keys on it. Without a card make it any width and type what a ruler says.
        </p>
        <label htmlFor={`${ids}-width`}>Width of the box</label>
        <input
          id={`${ids}-width`}
          type="range"
          autoComplete="off"
          autoFocus
          min={narrowest}
          max={widest}
          step={1}
          value={width}
          onChange={(event) => setWidth(Number(event.target.value))}
        />
        <label htmlFor={`${ids}-ruler`}>On the glass, in mm</label>
        <input
          id={`${ids}-ruler`}
          inputMode="decimal"
          autoComplete="off"
          size={8}
          maxLength={8}
          value={ruler}
          onChange={(event) => setRuler(event.target.value)}
        />
        <div className="screen-size-told" role="status">
          {done !== null ? (
            <p>
              <Mark shape="dot" /> {done}
            </p>
          ) : found === null ? (
            <p className="signal">
              <Mark shape="diamond" /> No screen has such pixels: look at the width in mm.
            </p>
          ) : (
            <p className="mute">
              A pixel of this screen would be {(1 / found).toFixed(3)} mm.{' '}
              {last === undefined
                ? 'It was never measured here.'
                : `Measured before by ${last.by}: ${(1 / last.devicePixelsPerMillimetre).toFixed(3)} mm.`}
            </p>
          )}
        </div>
        <div className="dialog-actions">
          <Button kind="go" type="submit" keys="Enter" disabled={found === null}>
            Keep this size
          </Button>
          <Button keys="Esc" kind="quiet" onClick={props.onClose}>
            Close
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

import { useId } from 'react';
import { useStore } from 'zustand';
import { Button, Dialog, Mark } from '../../ui/index.ts';
import { dragActions, keepMouse, type MouseMap, mouse, thumbActions, usualMouse, wheelActions } from './mouse-map.ts';

const words: Readonly<Record<string, string>> = {
  window: 'Window',
  pan: 'Pan',
  zoom: 'Zoom',
  scroll: 'Scroll through slices',
  slices: 'One slice a notch',
  'five-slices': 'Five slices a notch',
  nothing: 'Nothing',
  'previous-series': 'Previous series',
  'next-series': 'Next series',
  'next-viewport': 'Next viewport',
  'next-prior': 'Next prior',
};

/** What each button and the wheel do over an image. The left button holds the chosen tool. */
export function MouseSettings(props: { readonly onClose: () => void }) {
  const map = useStore(mouse);
  const ids = useId();
  const choice = <Name extends keyof MouseMap>(name: Name, label: string, choices: readonly MouseMap[Name][]) => (
    <div className="fact">
      <dt>
        <label htmlFor={`${ids}-${name}`}>{label}</label>
      </dt>
      <dd>
        <select
          id={`${ids}-${name}`}
          autoComplete="off"
          value={String(map[name])}
          onChange={(event) => {
            const chosen = choices.find((one) => String(one) === event.target.value);
            if (chosen !== undefined) keepMouse({ ...map, [name]: chosen });
          }}
        >
          {choices.map((one) => (
            <option key={String(one)} value={String(one)}>
              {words[String(one)] ?? String(one)}
            </option>
          ))}
        </select>
      </dd>
    </div>
  );
  return (
    <Dialog title="Mouse and touch pad" onClose={props.onClose} className="help">
      <div className="dialog-body">
        <p className="dim">Over an image. The left button holds the tool that is chosen in the bar; a pinch zooms.</p>
        <dl className="facts mouse-map">
          {choice('middle', 'Middle button, held', dragActions)}
          {choice('right', 'Right button, held', dragActions)}
          {choice('back', 'Back button', thumbActions)}
          {choice('forward', 'Forward button', thumbActions)}
          {choice('wheel', 'Wheel', wheelActions)}
          {choice('shiftWheel', 'Wheel with Shift', wheelActions)}
          {choice('ctrlWheel', 'Wheel with Ctrl', wheelActions)}
        </dl>
        <label className="mouse-turned">
          <input
            type="checkbox"
            autoComplete="off"
            checked={map.wheelTurned}
            onChange={(event) => keepMouse({ ...map, wheelTurned: event.target.checked })}
          />{' '}
          Turn the wheel's direction round
        </label>
        {map.middle === map.right ? (
          <p className="signal small">
            <Mark shape="diamond" /> Middle and right button do the same.
          </p>
        ) : null}
        {[map.wheel, map.shiftWheel, map.ctrlWheel].some((one) => one === 'slices' || one === 'five-slices') ? null : (
          <p className="signal small">
            <Mark shape="diamond" /> No turn of the wheel goes through slices; the arrow keys do.
          </p>
        )}
        <div className="dialog-actions">
          <Button onClick={() => keepMouse(usualMouse)}>As delivered</Button>
          <Button keys="Esc" kind="quiet" onClick={props.onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

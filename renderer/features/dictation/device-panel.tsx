import { Button, Mark } from '../../ui/index.ts';
import { noDevicesWords } from './dictation-devices.ts';
import type { Devices } from './use-devices.ts';

/** Dictation devices: which are connected, how to connect one, and what their buttons do. */
export function DevicePanel({ devices }: { readonly devices: Devices }) {
  const { support, names, trouble } = devices.state;
  return (
    <section className="dictation-devices" aria-label="Dictation device">
      <h3>Dictation device</h3>
      {support === 'none' ? (
        <p className="dim">{noDevicesWords}</p>
      ) : (
        <>
          <div className="dictation-devices-line">
            <p role="status" aria-label="Dictation device">
              {names.length === 0 ? (
                <span className="dim">
                  {support === 'opening'
                    ? 'Looking for devices…'
                    : 'No SpeechMike, PowerMic or foot pedal is connected.'}
                </span>
              ) : (
                <>
                  <Mark shape="tick" /> {names.join(', ')}
                </>
              )}
            </p>
            <Button kind="quiet" disabled={support === 'opening'} onClick={devices.connect}>
              Connect a device
            </Button>
          </div>
          {trouble === null ? null : (
            <p className="signal" role="alert">
              {trouble}
            </p>
          )}
          <dl className="dictation-device-keys dim">
            <dt>Record, or the middle pedal</dt>
            <dd>hold to talk: all of it is words; press to begin, and again to end</dd>
            <dt>Command</dt>
            <dd>hold: what is said is a command</dd>
            <dt>Stop, or the slide off record</dt>
            <dd>end, with the words that were said</dd>
            <dt>Tab or forward, tab back or rewind, outer pedals</dt>
            <dd>next field, previous field</dd>
            <dt>Enter, EOL or priority</dt>
            <dd>opens the sign dialog; it never signs</dd>
          </dl>
        </>
      )}
    </section>
  );
}

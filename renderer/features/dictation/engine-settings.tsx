import type { HostClient } from '../../host/index.ts';
import { Dialog } from '../../ui/index.ts';
import { DevicePanel } from './device-panel.tsx';
import { type EngineChoice, engineChoices } from './engines.ts';
import { SpeechModelPanel } from './speech-model-panel.tsx';
import type { Devices } from './use-devices.ts';

/** Which engine turns speech into words, each with what was measured of it. */
export function EngineSettings(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly engine: EngineChoice;
  readonly devices: Devices;
  readonly onChoose: (engine: EngineChoice) => void;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title="Speech engine" onClose={props.onClose}>
      <div className="dialog-body">
        <p className="dim">
          What you say is turned into words on this computer. No sound is kept, and none leaves Overread’s host.
        </p>
        <fieldset className="engine-choices" aria-label="Speech engine">
          {engineChoices.map((one) => (
            <label key={one.id} className="engine-choice">
              <input
                type="radio"
                name="speech-engine"
                autoComplete="off"
                value={one.id}
                checked={props.engine === one.id}
                onChange={() => props.onChoose(one.id)}
              />
              <b>{one.name}</b>
              <span className="dim">{one.words}</span>
            </label>
          ))}
        </fieldset>
        {props.engine === 'sherpa' ? <SpeechModelPanel host={props.host} /> : null}
        <DevicePanel devices={props.devices} />
      </div>
    </Dialog>
  );
}

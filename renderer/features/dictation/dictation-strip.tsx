import { useRef, useState } from 'react';
import type { CaseStore } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, KeyPlate, Mark, useCommands } from '../../ui/index.ts';
import './dictation.css';
import type { DictationDevices } from './dictation-devices.ts';
import { EngineSettings } from './engine-settings.tsx';
import { type EngineChoice, engineChoices, keepEngine, readEngine } from './engines.ts';
import { useDevices } from './use-devices.ts';
import { type Dictation, useDictation } from './use-dictation.ts';
import { useHeldKey } from './use-held-key.ts';

const bars = Array.from({ length: 14 }, (_, index) => index);

/** The line of dictation between the words of the report and its signature. */
export function DictationStrip(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: CaseStore;
  readonly epoch: number;
  readonly devices: DictationDevices;
  /** Words of the open case, which an engine that can prefers. */
  readonly words: () => readonly string[];
}) {
  const [engine, setEngine] = useState<EngineChoice>(readEngine);
  const [choosing, setChoosing] = useState(false);
  const engineName = engineChoices.find((one) => one.id === engine)?.name ?? 'None';
  const dictation = useDictation({ ...props, engine });
  const strip = useRef<HTMLDivElement>(null);
  const devices = useDevices({ ...props, dictation, strip });
  const press = useHeldKey({ press: dictation.toggle, letGo: () => dictation.stop() });
  const { phase } = dictation.state;
  const isOn = phase !== 'off';
  useCommands([
    {
      id: 'dictation.dictate',
      title: 'Dictate (hold: push to talk)',
      group: 'Report',
      keys: 'F9',
      run: press,
      enabled: () => engine !== 'none',
    },
    {
      id: 'dictation.engine',
      title: 'Choose the speech engine, or connect a dictation device',
      group: 'Report',
      keys: null,
      run: () => setChoosing(true),
    },
  ]);
  return (
    <div className="dictation-strip" ref={strip}>
      <button
        type="button"
        className="button dictation-button"
        aria-label="Dictate"
        aria-pressed={isOn}
        disabled={engine === 'none'}
        title={
          engine === 'none'
            ? 'No speech engine is chosen: choose one beside this.'
            : 'Hold its key to talk, or press it to leave the microphone open.'
        }
        // The caret stays in the section that is written.
        onMouseDown={(event) => event.preventDefault()}
        onClick={dictation.toggle}
      >
        <span className="dictation-ring" aria-hidden="true" />
        {phase === 'off'
          ? 'Dictate'
          : phase === 'listening'
            ? 'Listening'
            : phase === 'starting'
              ? 'Starting'
              : 'Ending'}
      </button>
      <span className={phase === 'listening' ? 'dictation-level' : 'dictation-level quiet'} aria-hidden="true">
        {bars.map((bar) => (
          <i key={bar} className={dictation.state.level * bars.length > bar ? 'on' : ''} />
        ))}
      </span>
      <span className="dictation-grow" />
      {devices.state.names.length === 0 ? null : (
        <span className="dictation-device-name dim" title={devices.state.names.join(', ')}>
          {devices.state.names[0]}
        </span>
      )}
      <Button kind="quiet" label={`${engineName}: choose the speech engine`} onClick={() => setChoosing(true)}>
        {engineName}
      </Button>
      <span aria-hidden="true">
        <KeyPlate keys="F9" />
      </span>
      <span role="status" aria-label="Dictation" className="dictation-words">
        <Said dictation={dictation} />
      </span>
      {dictation.doubts.length === 0 ? null : (
        <span className="dictation-doubts">
          <Mark shape="diamond" /> Not sure of <b>{dictation.doubts.join(', ')}</b>
          <Button kind="quiet" label="The words that were not sure were seen" onClick={dictation.clearDoubts}>
            Seen
          </Button>
        </span>
      )}
      {choosing ? (
        <EngineSettings
          host={props.host}
          engine={engine}
          devices={devices}
          onChoose={(next) => {
            keepEngine(next);
            setEngine(next);
          }}
          onClose={() => setChoosing(false)}
        />
      ) : null}
    </div>
  );
}

/** What is heard, what was done, or what the reader has to know. */
function Said({ dictation }: { readonly dictation: Dictation }) {
  const { state, told } = dictation;
  if (state.partial !== '') return <i className="dictation-partial">{state.partial}</i>;
  if (told !== null)
    return told.tone === 'done' ? (
      <>
        Heard: “{told.words}” <Mark shape="tick" />
      </>
    ) : (
      <b className="signal">{told.words}</b>
    );
  if (state.trouble !== null)
    return (
      <>
        <Mark shape="diamond" /> <b className="signal">{state.trouble}</b>
      </>
    );
  return null;
}

import { useState } from 'react';
import type { HostClient } from '../../host/index.ts';
import { Button, Mark, TextField } from '../../ui/index.ts';
import { useSpeechModel } from './use-speech-model.ts';

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;

/** The speech model of sherpa-onnx: what there is, a download, or a folder. */
export function SpeechModelPanel({ host }: { readonly host: Pick<HostClient, 'call'> }) {
  const { state, refused, change } = useSpeechModel(host);
  const [folder, setFolder] = useState('');
  if (state === null)
    return (
      <section className="speech-model" aria-label="Speech model">
        <p className={refused === null ? 'dim' : 'signal'}>{refused ?? 'Looking for a speech model…'}</p>
      </section>
    );
  const { chosen, trouble, has, download, offered } = state;
  const running = download?.phase === 'running' ? download : null;
  const chosenName =
    chosen === null
      ? null
      : chosen.kind === 'folder'
        ? chosen.path
        : (offered.find((one) => one.id === chosen.id)?.name ?? chosen.id);
  return (
    <section className="speech-model" aria-label="Speech model">
      {state.installed ? null : (
        <p className="signal">
          sherpa-onnx has no library for this kind of computer, or it was not installed. Choose another engine.
        </p>
      )}
      <p role="status" aria-label="Speech model">
        {has !== null ? (
          <>
            <Mark shape="tick" /> Model: <b>{chosenName}</b>
            {has.voice ? '' : ', without Silero’s voice detector: utterances are cut by loudness'}
            {has.pieces ? '' : ', without its word pieces: words of the case are not preferred'}
          </>
        ) : trouble !== null ? (
          <>
            <Mark shape="diamond" /> <b className="signal">{trouble}</b>
          </>
        ) : (
          'No speech model yet: download one, or give the folder of one.'
        )}
      </p>
      {offered.map((one) => (
        <div key={one.id} className="speech-model-offer">
          <span>
            <b>{one.name}</b>, {megabytes(one.bytes)}
            <br />
            <span className="dim">
              {one.licence}. From {one.source}; each file is checked by its SHA-256 before it is used. Trained on books
              that were read aloud, not on reports.
            </span>
          </span>
          {running?.id === one.id ? (
            <Button
              kind="quiet"
              label={`Stop the download of ${one.name}`}
              onClick={() => change({ type: 'stop-download' })}
            >
              Stop
            </Button>
          ) : (
            <Button
              kind="quiet"
              label={`Download ${one.name}`}
              disabled={running !== null}
              onClick={() => change({ type: 'download', id: one.id })}
            >
              Download
            </Button>
          )}
          {download?.id !== one.id ? null : download.phase === 'failed' ? (
            <p className="speech-model-wide signal" role="alert">
              {download.words}
            </p>
          ) : download.phase === 'running' ? (
            <progress
              className="speech-model-wide"
              aria-label="Downloaded"
              max={download.bytes}
              value={download.received}
            />
          ) : null}
        </div>
      ))}
      <form
        className="speech-model-folder"
        onSubmit={(event) => {
          event.preventDefault();
          if (folder.trim() !== '') change({ type: 'use-folder', path: folder.trim() });
        }}
      >
        <TextField
          label="Or a folder on this computer that holds a streaming model"
          value={folder}
          maxLength={4_000}
          onChange={setFolder}
        />
        <Button kind="quiet" type="submit" disabled={folder.trim() === ''}>
          Use this folder
        </Button>
      </form>
      {refused === null ? null : (
        <p className="signal" role="alert">
          {refused}
        </p>
      )}
    </section>
  );
}

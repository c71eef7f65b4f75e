import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { EngineWish, FromEngine, ToEngine } from './engine-messages.ts';
import { createListener } from './listener.ts';
import { openPocketSphinx } from './pocketsphinx.ts';
import { EngineMissing, type Recogniser } from './recogniser.ts';
import { openSherpa } from './sherpa.ts';

/** The speech engine's own process: a child of Node, or a utility process of Electron. Its memory and its crashes are its own. */
type Port = { post(message: FromEngine): void; onMessage(listener: (message: ToEngine) => void): void };

type ElectronPort = {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
};

function portOfProcess(): Port {
  const { parentPort } = process as unknown as { readonly parentPort?: ElectronPort };
  if (parentPort !== undefined)
    return {
      post: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data as ToEngine)),
    };
  // Its host is gone: an engine without one would stay behind with the microphone's last words in it.
  process.on('disconnect', () => process.exit(0));
  return {
    post: (message) => void process.send?.(message),
    onMessage: (listener) => process.on('message', (message) => listener(message as ToEngine)),
  };
}

function open(wish: EngineWish): Recogniser {
  switch (wish.engine) {
    case 'pocketsphinx':
      return openPocketSphinx(wish.folder, wish.words);
    case 'sherpa':
      return openSherpa(wish.model, wish.words);
    default:
      return assertNever(wish);
  }
}

const port = portOfProcess();
let listener: ReturnType<typeof createListener> | null = null;
port.onMessage((message) => {
  switch (message.type) {
    case 'open':
      try {
        listener = createListener(open(message.wish), (event) => port.post({ type: 'event', event }));
        port.post({ type: 'ready' });
      } catch (reason) {
        if (!(reason instanceof EngineMissing)) throw reason;
        port.post({ type: 'missing', words: reason.message });
      }
      return;
    case 'sound':
      listener?.push(message.pcm);
      port.post({ type: 'heard' });
      return;
    case 'finish':
      listener?.finish();
      port.post({ type: 'finished' });
  }
});

import { ok, type Result } from '../../../shared/lib/result.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import { threadEntry } from '../threads/rpc.ts';
import { type EngineChild, forkEngine } from './engine-child.ts';
import type { EngineId, EngineWish, SpeechEvent } from './engine-messages.ts';
import type { ModelShelf } from './models/model-shelf.ts';
import { type EngineTrouble, type SupervisedEngine, superviseEngine } from './supervised-engine.ts';

export type DictationEvent = SpeechEvent | EngineTrouble;
type Stream = {
  readonly id: string;
  readonly engineId: EngineId;
  readonly engine: SupervisedEngine;
  next: number;
  lastAt: number;
  events: DictationEvent[];
};

export type Heard =
  | { readonly kind: 'heard'; readonly events: readonly DictationEvent[] }
  | { readonly kind: 'no-stream' };
export type DictationRoom = {
  readonly models: ModelShelf;
  /** One stream for each session; another one ends the first. `refused`: why not, in words. */
  start(
    session: LiveSession,
    engine: EngineId,
    /** Of the open case, preferred by the engine. They live as long as the stream, in the engine's process. */
    words: readonly string[],
  ): Promise<
    { readonly kind: 'started'; readonly stream: string } | { readonly kind: 'refused'; readonly words: string }
  >;
  /** `sequence` counts from 0: a piece that comes twice, or after one that was lost, ends nothing and is not heard. */
  push(session: LiveSession, stream: string, sequence: number, pcm: Int16Array): Heard;
  stop(session: LiveSession, stream: string): Promise<Heard>;
  close(): void;
};

/** Engines at the same time: a desktop has one reader, a browser host a few. Each is a process of some 70 MB. */
const mostEngines = 4;
/** An engine that hears nothing for so long is closed: its page is gone. */
const silentFor = 120_000;

/**
 * Speech of signed-in readers. Sound goes through and is kept nowhere: no file, no log, no audit entry holds any of it, and words leave
 * only in the answer to the very session that spoke.
 */
export function createDictationRoom(options: {
  readonly sessions: Pick<Sessions, 'onChange'>;
  readonly ports: Ports;
  /** Folder of PocketSphinx's language model and dictionary. */
  readonly vocabulary: string;
  readonly models: ModelShelf;
  /** The desktop shell's own kind of process. */
  readonly startProcess?: (entry: URL) => EngineChild;
}): DictationRoom {
  const { sessions, ports, vocabulary, models } = options;
  const startProcess = options.startProcess ?? forkEngine;
  const entry = threadEntry(new URL('./engine-process.ts', import.meta.url), 'dictation-engine');
  const streams = new Map<string, Stream>();

  const end = (token: string): void => {
    streams.get(token)?.engine.close();
    streams.delete(token);
  };
  // A locked session hears nothing either: nobody knows who speaks.
  const stopListening = sessions.onChange((token) => end(token));
  const tidy = setInterval(() => {
    for (const [token, stream] of streams) if (performance.now() - stream.lastAt > silentFor) end(token);
  }, 15_000);
  tidy.unref();
  const find = (session: LiveSession, id: string): Stream | null => {
    const stream = streams.get(session.token);
    return stream === undefined || stream.id !== id ? null : stream;
  };
  const take = (stream: Stream): Heard => {
    const { events } = stream;
    stream.events = [];
    stream.lastAt = performance.now();
    return { kind: 'heard', events };
  };
  const wishFor = async (engine: EngineId, words: readonly string[]): Promise<Result<EngineWish, string>> => {
    if (engine === 'pocketsphinx') return ok({ engine, folder: vocabulary, words });
    const model = await models.forUse();
    return model.ok ? ok({ engine, model: model.value, words }) : model;
  };
  return {
    models,
    start: async (session, engineId, words) => {
      end(session.token);
      const wish = await wishFor(engineId, words);
      if (!wish.ok) return { kind: 'refused', words: wish.error };
      // Another start of the same session may have come while the model was checked.
      end(session.token);
      if (streams.size >= mostEngines)
        return {
          kind: 'refused',
          words: `${mostEngines} readers dictate on this host already. Type, or try again later.`,
        };
      const id = ports.newId();
      const stream: Stream = {
        id,
        engineId,
        next: 0,
        lastAt: performance.now(),
        events: [],
        engine: superviseEngine({
          start: () => startProcess(entry),
          wish: wish.value,
          ports,
          emit: (event) => void stream.events.push(event),
        }),
      };
      streams.set(session.token, stream);
      const why = await stream.engine.opened;
      if (why === null) return { kind: 'started', stream: id };
      if (streams.get(session.token) === stream) end(session.token);
      return { kind: 'refused', words: why };
    },
    push: (session, id, sequence, pcm) => {
      const stream = find(session, id);
      if (stream === null) return { kind: 'no-stream' };
      if (sequence === stream.next) {
        stream.next += 1;
        stream.engine.push(pcm);
      }
      return take(stream);
    },
    stop: async (session, id) => {
      const stream = find(session, id);
      if (stream === null) return { kind: 'no-stream' };
      await stream.engine.finish();
      const heard = take(stream);
      if (streams.get(session.token) === stream) end(session.token);
      return heard;
    },
    close: () => {
      stopListening();
      models.close();
      clearInterval(tidy);
      for (const token of [...streams.keys()]) end(token);
    },
  };
}

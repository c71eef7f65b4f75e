import type { Ports } from '../ports.ts';
import type { EngineChild } from './engine-child.ts';
import type { EngineWish, SpeechEvent } from './engine-messages.ts';

/** What the reader is told of beside words. */
export type EngineTrouble = { readonly type: 'trouble'; readonly words: string; readonly isOver: boolean };

export type SupervisedEngine = {
  /** Null when the engine is ready; otherwise why not, in words. */
  readonly opened: Promise<string | null>;
  push(pcm: Int16Array): void;
  /** Ends the utterance under way. Settles when its words have come, or when the engine did not answer. */
  finish(): Promise<void>;
  close(): void;
};

/** An engine that has not answered a piece of sound for so long hangs, in milliseconds. */
const stalledAfter = 4_000;
/** An engine that has not opened for so long hangs: a large model from a slow disk takes some seconds. */
const opensWithin = 30_000;
/** So many times within `restartsWithin` it is started again; after that it is left alone, since each time costs the reader words. */
const restarts = 3;
const restartsWithin = 60_000;

/** Keeps one engine going: a crash or a stall ends its process alone, which is started again and said in words. */
export function superviseEngine(options: {
  readonly start: () => EngineChild;
  readonly wish: EngineWish;
  readonly ports: Pick<Ports, 'now' | 'log'>;
  readonly emit: (event: SpeechEvent | EngineTrouble) => void;
  readonly stalledAfter?: number;
}): SupervisedEngine {
  const { wish, ports, emit } = options;
  const limit = options.stalledAfter ?? stalledAfter;
  const first = Promise.withResolvers<string | null>();
  let child: EngineChild | null = null;
  let isReady = false;
  let wasReady = false;
  let startedAt = 0;
  let isClosed = false;
  let ended: number[] = [];
  /** When each piece of sound that is not answered yet was sent. */
  let unanswered: number[] = [];
  let finishing: (() => void)[] = [];

  const settleFinish = (): void => {
    const all = finishing;
    finishing = [];
    for (const settle of all) settle();
  };
  const begin = (): void => {
    const mine = options.start();
    child = mine;
    isReady = false;
    startedAt = performance.now();
    unanswered = [];
    mine.onMessage((message) => {
      if (child !== mine) return;
      switch (message.type) {
        case 'ready':
          isReady = true;
          wasReady = true;
          first.resolve(null);
          return;
        case 'missing':
          first.resolve(message.words);
          close();
          return;
        case 'heard':
          unanswered.shift();
          return;
        case 'event':
          emit(message.event);
          return;
        case 'finished':
          unanswered = [];
          settleFinish();
      }
    });
    mine.onEnd(() => {
      if (child === mine) lost('stopped');
    });
    mine.send({ type: 'open', wish });
  };
  const lost = (how: 'stopped' | 'did not answer'): void => {
    const mine = child;
    child = null;
    mine?.kill();
    settleFinish();
    if (isClosed) return;
    const now = ports.now();
    ended = [...ended.filter((one) => now - one < restartsWithin), now];
    ports.log.warn('the speech engine was lost', { engine: wish.engine, how, times: ended.length });
    if (ended.length > restarts) {
      const words = wasReady
        ? `The speech engine failed ${ended.length} times within a minute and is left alone. Type, or choose another engine.`
        : `The speech engine ${how} each time it opened its model: a file of the model is damaged, or of another kind. Download it anew or give another folder where the engine is chosen; type meanwhile.`;
      first.resolve(words);
      emit({ type: 'trouble', words, isOver: true });
      close();
      return;
    }
    emit({
      type: 'trouble',
      words: `The speech engine ${how} and is started again. What you said in the last seconds may be missing: look, and say it again.`,
      isOver: false,
    });
    begin();
  };
  const close = (): void => {
    isClosed = true;
    clearInterval(watch);
    const mine = child;
    child = null;
    mine?.kill();
    first.resolve('The speech engine was closed.');
    settleFinish();
  };
  const watch = setInterval(
    () => {
      const [oldest] = unanswered;
      const now = performance.now();
      const hangs = isReady ? oldest !== undefined && now - oldest > limit : now - startedAt > opensWithin;
      if (child !== null && hangs) lost('did not answer');
    },
    Math.min(500, limit / 2),
  );
  watch.unref();
  begin();
  return {
    opened: first.promise,
    push: (pcm) => {
      // Sound for an engine that is being started again is lost with what it had: said when it was lost.
      if (child === null || !isReady) return;
      unanswered.push(performance.now());
      child.send({ type: 'sound', pcm });
    },
    finish: () => {
      if (child === null || !isReady) return Promise.resolve();
      const settled = Promise.withResolvers<void>();
      finishing.push(settled.resolve);
      unanswered.push(performance.now());
      child.send({ type: 'finish' });
      return settled.promise;
    },
    close,
  };
}

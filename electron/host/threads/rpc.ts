import { type MessagePort, parentPort, type Transferable, Worker, workerData } from 'node:worker_threads';

/** Functions that a worker thread offers; arguments and answers are structured-cloned. */
export type ThreadFunctions = { readonly [name: string]: (...parameters: never[]) => unknown };

/** The same functions as seen from the host's thread: each answers a promise. */
export type Remote<Functions extends ThreadFunctions> = {
  readonly [Name in keyof Functions]: (
    ...parameters: Parameters<Functions[Name]>
  ) => Promise<Awaited<ReturnType<Functions[Name]>>>;
} & { stop(): Promise<void> };

type Ask = { readonly id: number; readonly name: string; readonly parameters: unknown[] };
type Waiting = {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
  readonly settled: Promise<unknown>;
};
type Answer = { readonly id: number; readonly value?: unknown; readonly failure?: string };

/**
 * Where a thread's entry file is: beside its caller while the sources run as they are (Node strips types), in `threads/NAME.js` of the
 * build otherwise. `sourceUrl` is the caller's `new URL('./NAME-thread.ts', import.meta.url)`.
 */
export function threadEntry(sourceUrl: URL, name: string): URL {
  return import.meta.url.endsWith('.ts') ? sourceUrl : new URL(`./threads/${name}.js`, import.meta.url);
}

/** Milliseconds that `stop` waits for what a thread has in hand. */
const stopAfter = 5_000;

/**
 * Starts a worker thread so that the host's own thread is never busy with databases or codecs (DESIGN 2.1). `stop` takes no more calls,
 * lets those that were sent end (5 s at most), and only then ends the thread: a thread that is ended while it reads or writes can take the
 * whole process with it.
 */
export function startThread<Functions extends ThreadFunctions>(entry: URL, data: unknown): Remote<Functions> {
  const worker = new Worker(entry, { workerData: data });
  worker.unref();
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let ended: Error | null = null;
  const endWith = (reason: Error): void => {
    ended = reason;
    for (const one of waiting.values()) one.reject(reason);
    waiting.clear();
  };
  worker.on('message', (answer: Answer) => {
    const one = waiting.get(answer.id);
    if (one === undefined) return;
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if (answer.failure === undefined) one.resolve(answer.value);
    else one.reject(new Error(answer.failure));
  });
  worker.on('error', (reason) => endWith(reason instanceof Error ? reason : new Error(String(reason))));
  worker.on('exit', (code) => endWith(new Error(`the thread ended (${code})`)));
  const call = (name: string, parameters: unknown[]): Promise<unknown> => {
    if (ended !== null) return Promise.reject(ended);
    const id = nextId++;
    const answer = Promise.withResolvers<unknown>();
    try {
      // First, since it throws for what cannot be cloned, and a call that was never sent must not be waited for.
      worker.postMessage({ id, name, parameters } satisfies Ask);
    } catch (reason) {
      return Promise.reject(reason);
    }
    waiting.set(id, { resolve: answer.resolve, reject: answer.reject, settled: answer.promise });
    worker.ref();
    return answer.promise;
  };
  const stop = async (): Promise<void> => {
    ended ??= new Error('the thread was stopped');
    const sent = [...waiting.values()].map((one) => one.settled);
    if (sent.length > 0) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, stopAfter);
      });
      await Promise.race([Promise.allSettled(sent), late]);
      clearTimeout(timer);
    }
    await worker.terminate();
  };
  return new Proxy({} as Remote<Functions>, {
    get: (_target, name) => {
      if (name === 'stop') return stop;
      // A promise-like would be awaited by accident; a thread is none.
      if (typeof name !== 'string' || name === 'then') return undefined;
      return (...parameters: unknown[]) => call(name, parameters);
    },
  });
}

/** Called once in the thread's entry file. Large answers may name what to transfer instead of copying. */
export function serveThread<Data>(
  make: (data: Data) => ThreadFunctions | Promise<ThreadFunctions>,
  transfer: (value: unknown) => Transferable[] = () => [],
): void {
  const port: MessagePort | null = parentPort;
  if (port === null) throw new Error('serveThread runs in a worker thread only');
  const ready = Promise.resolve(make(workerData as Data));
  port.on('message', async (ask: Ask) => {
    try {
      const functions = await ready;
      const found = functions[ask.name] as ((...parameters: unknown[]) => unknown) | undefined;
      if (found === undefined) throw new Error(`no function ${ask.name} in this thread`);
      const value = await found(...ask.parameters);
      port.postMessage({ id: ask.id, value } satisfies Answer, transfer(value));
    } catch (reason) {
      port.postMessage({
        id: ask.id,
        failure: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason),
      } satisfies Answer);
    }
  });
}

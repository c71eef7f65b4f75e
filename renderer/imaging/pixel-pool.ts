import type { FromPixelWorker, ToPixelWorker } from './pixel-messages.ts';

export type JobEvents = {
  onImage(message: Extract<FromPixelWorker, { type: 'image' }>): void;
  onFailed(message: Extract<FromPixelWorker, { type: 'failed' }>): void;
  /** Bytes of a series that came since it was said last. */
  onBytes?(bytes: number): void;
  onDone(message: Extract<FromPixelWorker, { type: 'done' }>): void;
};

export type PixelJob = {
  readonly job: number;
  send(message: ToPixelWorker, transfer?: Transferable[]): void;
  /** Nothing of this job is heard afterwards. */
  drop(): void;
};

export type PixelPool = {
  /** `single` jobs (one wanted frame) never wait behind a streaming series. */
  open(kind: 'series' | 'single', events: JobEvents): PixelJob;
  /** Starts the workers before there is work: their program is loaded by then. */
  warm(): void;
  /**
   * Whether the processor alone draws here, tried by a worker, so that the page is not held up meanwhile. Null where it cannot tell or
   * says nothing in time.
   */
  hasNoGraphics(): Promise<boolean | null>;
  close(): void;
};

/** `silent`: milliseconds, while it had work, in which it said nothing; `allowed`: how long it may. */
type Lane = { readonly worker: Worker; busy: number; silent: number; allowed: number };

export type PixelWatch = {
  /** Milliseconds between two questions to a worker that has work. */
  readonly every: number;
  /** Milliseconds without a word after which it is stopped while it takes an answer apart. */
  readonly parsing: number;
  /** The same for a decoder that makes so many samples. */
  decoding(samples: number): number;
};

/**
 * A CT slice has under two seconds, of which it needs a twentieth; the largest mammogram (some two seconds alone on a processor) has
 * sixteen, so that a busy machine is not taken for a decoder that hangs. Counted question by question: a computer that slept is none either.
 */
const usualWatch: PixelWatch = {
  every: 250,
  parsing: 8_000,
  decoding: (samples) => Math.min(20_000, 1_400 + 600 * (samples / 1_000_000)),
};

/** Milliseconds for a worker that is on its way up to try what draws. */
const graphicsWithin = 1_500;

/**
 * Workers that parse and decode: one kept for single wanted frames, the rest for series. One that is caught in a decoder is stopped and
 * another takes its place; what it was at is told as failed.
 */
export function pixelPool(
  count: number,
  makeWorker: () => Worker = makePixelWorker,
  watch: PixelWatch = usualWatch,
): PixelPool {
  let lastJob = 0;
  const open = new Map<number, { readonly events: JobEvents; readonly lane: Lane }>();
  const lanes: (Lane | undefined)[] = [];
  let tellGraphics: (none: boolean | null) => void = () => undefined;

  function lane(index: number): Lane {
    const present = lanes[index];
    if (present !== undefined) return present;
    const made: Lane = { worker: makeWorker(), busy: 0, silent: 0, allowed: watch.parsing };
    lanes[index] = made;
    made.worker.onmessage = (event: MessageEvent<FromPixelWorker>) => {
      made.silent = 0;
      if (event.data.type === 'pong') return;
      if (event.data.type === 'graphics') return tellGraphics(event.data.none);
      made.allowed = event.data.type === 'decoding' ? watch.decoding(event.data.samples) : watch.parsing;
      if (event.data.type !== 'decoding') heard(event.data);
    };
    made.worker.onerror = () => stop(made);
    return made;
  }

  /** Ends a worker and tells what it was at. */
  function stop(made: Lane): void {
    const index = lanes.indexOf(made);
    if (index >= 0) delete lanes[index];
    made.worker.terminate();
    for (const [job, entry] of [...open]) {
      if (entry.lane !== made) continue;
      const failure = { code: 'undecodable', words: 'The decoder stopped. Open the series again.' } as const;
      heard({ type: 'failed', job, instanceUid: null, frame: null, failure });
      heard({ type: 'done', job, parts: 0, closed: false });
    }
  }

  const ask = setInterval(() => {
    for (const one of lanes) {
      if (one === undefined || one.busy === 0) continue;
      one.silent += watch.every;
      if (one.silent >= one.allowed) stop(one);
      else one.worker.postMessage({ type: 'ping' } satisfies ToPixelWorker);
    }
  }, watch.every);

  function heard(message: Exclude<FromPixelWorker, { type: 'pong' | 'graphics' | 'decoding' }>): void {
    const entry = open.get(message.job);
    if (entry === undefined) return;
    if (message.type === 'image') entry.events.onImage(message);
    else if (message.type === 'failed') entry.events.onFailed(message);
    else if (message.type === 'bytes') entry.events.onBytes?.(message.bytes);
    else {
      forget(message.job);
      entry.events.onDone(message);
    }
  }

  function forget(job: number): void {
    const entry = open.get(job);
    if (entry === undefined) return;
    entry.lane.busy -= 1;
    open.delete(job);
  }

  return {
    open(kind, events) {
      lastJob += 1;
      const job = lastJob;
      const seriesLanes = Array.from({ length: Math.max(1, count - 1) }, (_, index) => lane(index + 1));
      const chosen =
        kind === 'single' ? lane(0) : seriesLanes.reduce((least, one) => (one.busy < least.busy ? one : least));
      chosen.busy += 1;
      open.set(job, { events, lane: chosen });
      return {
        job,
        send: (message, transfer = []) => {
          if (open.has(job)) chosen.worker.postMessage(message, transfer);
        },
        drop: () => {
          if (!open.has(job)) return;
          chosen.worker.postMessage({ type: 'drop', job } satisfies ToPixelWorker);
          forget(job);
        },
      };
    },
    warm() {
      for (let index = 0; index < Math.max(2, count); index += 1) lane(index);
    },
    hasNoGraphics: () =>
      new Promise((resolve) => {
        const late = setTimeout(() => resolve(null), graphicsWithin);
        tellGraphics = (none) => {
          clearTimeout(late);
          resolve(none);
        };
        lane(0).worker.postMessage({ type: 'graphics' } satisfies ToPixelWorker);
      }),
    close() {
      clearInterval(ask);
      open.clear();
      for (const one of lanes) one?.worker.terminate();
      lanes.length = 0;
    },
  };
}

/** As many workers as this computer has use for, at least 2 (one is kept for the slice that the reader looks at), on their way up. */
export function startedPool(): PixelPool {
  const pool = pixelPool(Math.max(2, Math.min(5, navigator.hardwareConcurrency || 2)));
  pool.warm();
  return pool;
}

function makePixelWorker(): Worker {
  return new Worker(new URL('./pixel-worker.ts', import.meta.url), { type: 'module', name: 'pixels' });
}

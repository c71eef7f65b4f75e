import type { FromPixelWorker, ToPixelWorker } from './pixel-messages.ts';

export type JobEvents = {
  onImage(message: Extract<FromPixelWorker, { type: 'image' }>): void;
  onFailed(message: Extract<FromPixelWorker, { type: 'failed' }>): void;
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
  close(): void;
};

type Lane = { readonly worker: Worker; busy: number };

/** Workers that parse and decode: one kept for single wanted frames, the rest for series. */
export function pixelPool(count: number, makeWorker: () => Worker = makePixelWorker): PixelPool {
  let lastJob = 0;
  const open = new Map<number, { readonly events: JobEvents; readonly lane: Lane }>();
  const lanes: Lane[] = [];

  function lane(index: number): Lane {
    const present = lanes[index];
    if (present !== undefined) return present;
    const made: Lane = { worker: makeWorker(), busy: 0 };
    lanes[index] = made;
    made.worker.onmessage = (event: MessageEvent<FromPixelWorker>) => heard(event.data);
    made.worker.onerror = () => {
      for (const [job, entry] of open) {
        if (entry.lane !== made) continue;
        heard({
          type: 'failed',
          job,
          instanceUid: null,
          frame: null,
          failure: { code: 'undecodable', words: 'The decoder stopped. Open the series again.' },
        });
        heard({ type: 'done', job, parts: 0, closed: false });
      }
      delete lanes[index];
      made.worker.terminate();
    };
    return made;
  }

  function heard(message: FromPixelWorker): void {
    const entry = open.get(message.job);
    if (entry === undefined) return;
    if (message.type === 'image') entry.events.onImage(message);
    else if (message.type === 'failed') entry.events.onFailed(message);
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
    close() {
      open.clear();
      for (const one of lanes) one?.worker.terminate();
      lanes.length = 0;
    },
  };
}

function makePixelWorker(): Worker {
  return new Worker(new URL('./pixel-worker.ts', import.meta.url), { type: 'module', name: 'pixels' });
}

import { type HostEvent, hostEventSchema } from '../../shared/api/index.ts';

/** `live`: lines come. `lost`: nothing came for longer than two heartbeats, or the host is away; joining goes on. */
export type Link = 'live' | 'lost';

export type EventStreamOptions = {
  readonly onEvent: (event: HostEvent) => void;
  /** Told on each change. After `lost` then `live` the page must ask for everything again: events may have been missed. */
  readonly onLink: (link: Link) => void;
  /** The host says that this session is over; reading stops. */
  readonly onSignedOut: () => void;
  readonly signal: AbortSignal;
  /** Waits so many milliseconds, or less when the signal ends it. Tests pass their own. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

type Streaming = EventStreamOptions & {
  readonly origin: string;
  readonly send: typeof fetch;
  readonly headers: () => Record<string, string>;
};

/** Two heartbeats (15 s each) and some air: after that the line is dead, whatever TCP says. */
const silence = 40_000;
const firstPause = 500;
const longestPause = 15_000;
/** A line of ours is well below this; a longer one is not ours. */
const longestLine = 65_536;

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Splits a byte stream into lines; throws where a line is longer than ours ever are. */
export async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      rest += decoder.decode(value, { stream: true });
      let end = rest.indexOf('\n');
      while (end >= 0) {
        yield rest.slice(0, end);
        rest = rest.slice(end + 1);
        end = rest.indexOf('\n');
      }
      if (rest.length > longestLine) throw new Error('a line of the event stream has no end');
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function eventOf(line: string): HostEvent | null {
  try {
    const parsed = hostEventSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** One connection, until it ends by itself, by silence or by the signal. True when at least one line came. */
async function listenOnce(options: Streaming): Promise<'signed-out' | 'heard' | 'silent'> {
  const watch = new AbortController();
  const signal = AbortSignal.any([options.signal, watch.signal]);
  let timer = setTimeout(() => watch.abort(), silence);
  let heard: 'heard' | 'silent' = 'silent';
  try {
    const response = await options.send(`${options.origin}/events`, {
      headers: options.headers(),
      signal,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
    });
    if (response.status === 401) return 'signed-out';
    if (!response.ok || response.body === null) return 'silent';
    for await (const line of readLines(response.body)) {
      clearTimeout(timer);
      timer = setTimeout(() => watch.abort(), silence);
      if (heard === 'silent') options.onLink('live');
      heard = 'heard';
      // A kind of event that this page does not know is of a newer host: it is passed over, never guessed at.
      const event = line === '' ? null : eventOf(line);
      if (event !== null) options.onEvent(event);
    }
  } catch {
    // A broken connection is the usual end of one; what matters is that the next is tried.
  } finally {
    clearTimeout(timer);
    watch.abort();
  }
  return heard;
}

/** Joins, reads, and joins again with growing pauses until the signal ends it or the session is over. */
export async function streamHostEvents(options: Streaming): Promise<void> {
  const wait = options.wait ?? pause;
  let next = firstPause;
  while (!options.signal.aborted) {
    const ended = await listenOnce(options);
    if (options.signal.aborted) return;
    if (ended === 'signed-out') return options.onSignedOut();
    options.onLink('lost');
    if (ended === 'heard') next = firstPause;
    await wait(next, options.signal);
    next = Math.min(longestPause, next * 2);
  }
}

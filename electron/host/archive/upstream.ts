import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { FetchHandler, Ports } from '../ports.ts';
import type { Credentials } from '../settings/types.ts';
import { linePace } from './line-pace.ts';
import { parseContentType } from './multipart.ts';
import type { ArchiveFailure } from './types.ts';

/** What one archive may cost. All times in milliseconds, all sizes in bytes. */
export type ArchiveLimits = {
  /** Until the answer's header is there. */
  readonly headerTime: number;
  /** Between two chunks of an answer. */
  readonly idleTime: number;
  /** While an answer is waited for, so much must come in so long: a byte now and then is no answer. */
  readonly slowTime: number;
  readonly slowBytes: number;
  /** A whole answer that is read into memory. */
  readonly jsonBytes: number;
  readonly jsonTime: number;
  /** A whole answer that is streamed through. */
  readonly streamBytes: number;
  readonly parts: number;
  /** Rows of one search, over all its pages. */
  readonly rows: number;
  /** Rows asked for in one page. */
  readonly page: number;
};

export const defaultLimits: ArchiveLimits = {
  headerTime: 30_000,
  idleTime: 30_000,
  slowTime: 60_000,
  slowBytes: 16 * 1024,
  // What is parsed is parsed on the host's thread.
  jsonBytes: 64 * 1024 * 1024,
  jsonTime: 120_000,
  streamBytes: 16 * 1024 * 1024 * 1024,
  parts: 100_000,
  rows: 200_000,
  page: 200,
};

export type Asking = {
  readonly method: 'GET' | 'POST';
  /** Built from checked parts, beginning at `/`. */
  readonly path: string;
  readonly accept: string;
  readonly body?: Uint8Array;
  readonly contentType?: string;
  readonly range?: string;
  /** True for pixels: on a fast line they are asked for as they are (RFC 9110 12.5.3), since packing them takes longer than it saves. */
  readonly pixels?: boolean;
  readonly signal?: AbortSignal;
};

/** An answer whose header has come and was found fit to be read on. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
  /** Told once at the end of the body: all its bytes, and the milliseconds in which they were waited for. */
  came?(bytes: number, milliseconds: number): void;
  /** Ends the request upstream; safe to call at any time, also after the end. */
  stop(): void;
};

export type Upstream = {
  readonly name: string;
  ask(asking: Asking): Promise<Result<Answer, ArchiveFailure>>;
  /** Reads the whole body within the budget. `tooMuch` looks at each piece and says why no more is read; null while it is. */
  readAll(
    answer: Answer,
    asking: Asking,
    tooMuch?: (chunk: Uint8Array) => ArchiveFailure | null,
  ): Promise<Result<Uint8Array, ArchiveFailure>>;
  failure(code: ArchiveFailure['code'], asking: Asking, cameBack: string, message: string): ArchiveFailure;
  readonly limits: ArchiveLimits;
};

/** Base of a DICOMweb service: scheme, host and path, without credentials, query or trailing slash; null when it is none. */
export function parseBaseUrl(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null;
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function authorization(credentials: Credentials): string | null {
  switch (credentials.kind) {
    case 'none':
      return null;
    case 'basic':
      return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
    case 'bearer':
      return `Bearer ${credentials.token}`;
  }
}

/**
 * Asks one archive and nobody else: every URL is the configured base and a path of ours; a redirect is an answer that we refuse, so
 * credentials can reach no other origin. A GET that dies before its header came is asked once more: servers close idle connections.
 */
export function createUpstream(options: {
  readonly name: string;
  readonly baseUrl: string;
  readonly fetch: FetchHandler;
  readonly credentials: Credentials;
  readonly ports: Ports;
  readonly limits: ArchiveLimits;
}): Upstream {
  const base = parseBaseUrl(options.baseUrl);
  const { limits, name } = options;
  const pace = linePace();
  const secret = authorization(options.credentials);

  const failure: Upstream['failure'] = (code, asking, cameBack, message) => ({
    code,
    // The query holds patient data: what is shown and logged names the resource alone.
    asked: `${asking.method} ${base ?? options.baseUrl}${asking.path.split('?')[0]}`,
    cameBack,
    message,
  });

  async function once(asking: Asking): Promise<Result<Answer, ArchiveFailure>> {
    if (base === null) {
      return err(failure('unreachable', asking, 'nothing', `The address of archive ${name} is not a web address.`));
    }
    const controller = new AbortController();
    const stop = (): void => controller.abort();
    if (asking.signal?.aborted) stop();
    asking.signal?.addEventListener('abort', stop, { once: true });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      stop();
    }, limits.headerTime);
    try {
      const headers = new Headers({ Accept: asking.accept });
      if (asking.contentType !== undefined) headers.set('Content-Type', asking.contentType);
      if (asking.range !== undefined) headers.set('Range', asking.range);
      if (asking.pixels === true && !pace.isSlow()) headers.set('Accept-Encoding', 'identity');
      if (secret !== null) headers.set('Authorization', secret);
      const request = new Request(`${base}${asking.path}`, {
        method: asking.method,
        headers,
        redirect: 'manual',
        signal: controller.signal,
        ...(asking.body === undefined ? {} : { body: asking.body as Uint8Array<ArrayBuffer> }),
      });
      // A handler inside the process need not listen to the signal; our deadline holds all the same.
      const response = await Promise.race([options.fetch(request), aborted(controller.signal)]);
      const release = (): void => {
        asking.signal?.removeEventListener('abort', stop);
        stop();
      };
      const answer: Answer = {
        status: response.status,
        headers: response.headers,
        body: response.body,
        // What was packed on the way says nothing of the line.
        ...(response.headers.has('content-encoding') ? {} : { came: pace.came }),
        stop: release,
      };
      const judged = judge(answer, asking);
      if (judged !== null) {
        void answer.body?.cancel().catch(() => undefined);
        release();
        return err(judged);
      }
      return ok(answer);
    } catch (reason) {
      asking.signal?.removeEventListener('abort', stop);
      if (late) {
        const seconds = Math.round(limits.headerTime / 1000);
        return err(failure('timeout', asking, 'nothing', `The archive ${name} did not answer within ${seconds} s.`));
      }
      return err(
        failure('unreachable', asking, `no answer (${causeOf(reason)})`, `The archive ${name} cannot be reached.`),
      );
    } finally {
      clearTimeout(timer);
    }
  }

  function judge(answer: Answer, asking: Asking): ArchiveFailure | null {
    const { status } = answer;
    const type = parseContentType(answer.headers.get('content-type')).type;
    const cameBack = `${status}${type === '' ? '' : ` ${type}`}`;
    if (status >= 200 && status < 300) return null;
    if (status === 0 || (status >= 300 && status < 400)) {
      return failure(
        'refused',
        asking,
        `${cameBack} (redirect)`,
        `The archive ${name} points to another address; redirects are not followed.`,
      );
    }
    if (status === 401 || status === 403) {
      return failure('unauthorised', asking, cameBack, `The archive ${name} refuses the credentials it was given.`);
    }
    if (status === 404 || status === 410)
      return failure('not-found', asking, cameBack, `The archive ${name} does not have it.`);
    // STOW-RS says in the body of a 409 which instance failed (PS3.18 10.5.3).
    if (asking.method === 'POST' && status === 409) return null;
    if (status === 413)
      return failure('too-large', asking, cameBack, `The archive ${name} finds the request too large.`);
    return failure('refused', asking, cameBack, `The archive ${name} answered with an error.`);
  }

  return {
    name,
    limits,
    failure,
    ask: async (asking) => {
      const first = await once(asking);
      if (first.ok || asking.method !== 'GET' || first.error.code !== 'unreachable' || base === null) return first;
      return asking.signal?.aborted ? first : once(asking);
    },
    readAll: async (answer, asking, tooMuch) => {
      const collected: Uint8Array[] = [];
      let size = 0;
      const deadline = performance.now() + limits.jsonTime;
      try {
        for await (const chunk of chunksOf(answer, limits, asking.signal)) {
          size += chunk.length;
          if (size > limits.jsonBytes || performance.now() > deadline) {
            const late = size <= limits.jsonBytes;
            return err(
              late
                ? failure('timeout', asking, `${size} bytes and no end`, `The archive ${name} is too slow.`)
                : failure(
                    'too-large',
                    asking,
                    `more than ${limits.jsonBytes} bytes`,
                    `The archive ${name} sends more than we read.`,
                  ),
            );
          }
          const enough = tooMuch?.(chunk) ?? null;
          if (enough !== null) return err(enough);
          collected.push(chunk);
        }
      } catch (reason) {
        if (reason instanceof SlowError)
          return err(
            failure('timeout', asking, `${size} bytes, ${reason.message}`, `The archive ${name} sends too slowly.`),
          );
        const idle = reason instanceof IdleError;
        return err(
          idle
            ? failure(
                'timeout',
                asking,
                `${size} bytes, then nothing`,
                `The archive ${name} stopped in the middle of its answer.`,
              )
            : failure(
                'unreachable',
                asking,
                `${size} bytes, then ${causeOf(reason)}`,
                `The archive ${name} broke off its answer.`,
              ),
        );
      } finally {
        answer.stop();
      }
      return ok(Buffer.concat(collected));
    },
  };
}

/** Nothing came for longer than the budget allows. */
export class IdleError extends Error {}

/** Something came, and so little that the answer would never end. */
export class SlowError extends Error {}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(new Error('stopped'));
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
  });
}

/** The chunks of an answer with a budget between two of them and for the trickle that they make. Leaving the loop, however, ends the request upstream. */
export async function* chunksOf(
  answer: Answer,
  { idleTime, slowTime, slowBytes }: Pick<ArchiveLimits, 'idleTime' | 'slowTime' | 'slowBytes'>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  if (answer.body === null) return;
  // Only the time in which we wait for them counts against them, never the time in which our own reader is busy.
  let waited = 0;
  let came = 0;
  const whole = { bytes: 0, waited: 0 };
  const reader = answer.body.getReader();
  let ended = false;
  // A handler inside the process may listen to the cancelling of its body only.
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  let isIdle = false;
  let isWaiting = false;
  // One watch for all chunks: a cancelled body gives what is waited for an end.
  const watch = setTimeout(() => {
    if (!isWaiting) return void watch.refresh();
    isIdle = true;
    cancel();
  }, idleTime);
  try {
    while (true) {
      watch.refresh();
      isWaiting = true;
      const since = performance.now();
      const chunk = await reader.read();
      isWaiting = false;
      if (isIdle) throw new IdleError('idle');
      if (signal?.aborted) throw new Error('stopped');
      if (chunk.done) {
        ended = true;
        answer.came?.(whole.bytes, whole.waited);
        return;
      }
      const here = performance.now() - since;
      waited += here;
      came += chunk.value.length;
      whole.waited += here;
      whole.bytes += chunk.value.length;
      if (came >= slowBytes) {
        waited = 0;
        came = 0;
      } else if (waited > slowTime) throw new SlowError(`${came} of them in the last ${Math.round(waited / 1000)} s`);
      if (chunk.value.length > 0) yield chunk.value;
    }
  } finally {
    clearTimeout(watch);
    signal?.removeEventListener('abort', cancel);
    if (!ended) {
      cancel();
      answer.stop();
    }
  }
}

/** The innermost reason of a failed fetch, as a code: texts of the system may hold addresses, never patient data. */
export function causeOf(reason: unknown): string {
  let current: unknown = reason;
  for (let depth = 0; depth < 4 && current instanceof Error && current.cause !== undefined; depth += 1)
    current = current.cause;
  if (typeof current === 'object' && current !== null && 'code' in current && typeof current.code === 'string')
    return current.code;
  return current instanceof Error ? current.message.slice(0, 120) : 'unknown';
}

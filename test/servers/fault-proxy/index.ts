import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What goes wrong with a request. Times in milliseconds. */
export type Fault =
  /** The answer comes late: by `ms`, or by a seeded random time between `from` and `to`. */
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'delay-random'; readonly from: number; readonly to: number; readonly seed: number }
  /** The connection closes; the server never saw the request. */
  | { readonly kind: 'drop-before' }
  /** The server did the work; its answer is lost. */
  | { readonly kind: 'drop-after' }
  /** The connection is reset (RST) before anything. */
  | { readonly kind: 'reset' }
  /** The answer breaks off after this many bytes of its body: by a lost connection, or as a clean end of a shorter answer. */
  | { readonly kind: 'truncate'; readonly bytes: number; readonly end: 'lost' | 'clean' }
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly contentType?: string }
  /** Answers without asking the server, as a captive portal or a broken gateway does. */
  | { readonly kind: 'lie'; readonly body: string; readonly contentType: string; readonly status?: number }
  /** The body trickles. */
  | { readonly kind: 'slow-loris'; readonly bytesPerSecond: number }
  /** Takes the request and never answers. */
  | { readonly kind: 'silence' };

export type FaultRule = {
  readonly method?: string;
  /** Against path and query; a string must be contained. */
  readonly path?: RegExp | string;
  /** How many matching requests are hit; all when left out. */
  readonly times?: number;
  /** Matching requests that pass first. */
  readonly after?: number;
  readonly fault: Fault;
};

export type SeenRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly fault: Fault['kind'] | null;
  /** Milliseconds by which the fault makes the answer late. */
  readonly late: number;
  /** True once the client went away before the answer was complete. */
  readonly abandoned: boolean;
  /** True once the answer was passed on to its end. */
  readonly complete: boolean;
};

export type FaultProxy = {
  readonly url: string;
  setRules(rules: readonly FaultRule[]): void;
  /** Every request so far, the oldest first. */
  requests(): readonly SeenRequest[];
  clear(): void;
  stop(): Promise<void>;
};

/** mulberry32: the same seed gives the same delays. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function lateness(fault: Fault | null, random: () => number): number {
  if (fault?.kind === 'delay') return fault.ms;
  return fault?.kind === 'delay-random' ? fault.from + random() * (fault.to - fault.from) : 0;
}

type Armed = { readonly rule: FaultRule; seen: number; hit: number; readonly random: () => number };

/**
 * An HTTP proxy in front of any DICOMweb or FHIR server, which does to each request what the first matching rule says. `target` is the
 * server's origin or a base below it; the proxy's `url` stands for exactly that base.
 */
export async function startFaultProxy(options: {
  readonly target: string;
  readonly rules?: readonly FaultRule[];
}): Promise<FaultProxy> {
  const target = new URL(options.target);
  const base = target.pathname.replace(/\/+$/, '');
  let armed: Armed[] = [];
  let seen: { -readonly [Key in keyof SeenRequest]: SeenRequest[Key] }[] = [];
  const sockets = new Set<Socket>();
  /** Connections that a fault ended: their clients did not go away by themselves. */
  const ours = new WeakSet<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  const setRules = (rules: readonly FaultRule[]): void => {
    armed = rules.map((rule) => ({
      rule,
      seen: 0,
      hit: 0,
      random: dice(rule.fault.kind === 'delay-random' ? rule.fault.seed : 1),
    }));
  };
  setRules(options.rules ?? []);

  function pick(method: string, path: string): { fault: Fault; random: () => number } | null {
    for (const one of armed) {
      const { rule } = one;
      if (rule.method !== undefined && rule.method !== method) continue;
      if (typeof rule.path === 'string' && !path.includes(rule.path)) continue;
      if (rule.path instanceof RegExp && !rule.path.test(path)) continue;
      one.seen += 1;
      if (one.seen <= (rule.after ?? 0)) continue;
      if (one.hit >= (rule.times ?? Number.POSITIVE_INFINITY)) continue;
      one.hit += 1;
      return { fault: rule.fault, random: one.random };
    }
    return null;
  }
  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, ms);
      timers.add(timer);
    });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const path = request.url ?? '/';
    const chosen = pick(method, path);
    const fault = chosen?.fault ?? null;
    const entry = {
      method,
      path,
      headers: { ...request.headers },
      fault: fault?.kind ?? null,
      late: lateness(fault, chosen?.random ?? (() => 0)),
      abandoned: false,
      complete: false,
    };
    seen.push(entry);
    response.on('finish', () => {
      entry.complete = true;
    });
    const socket = request.socket;
    if (fault?.kind === 'reset') {
      socket.resetAndDestroy();
      return;
    }
    if (fault?.kind === 'drop-before') {
      socket.destroy();
      return;
    }
    if (fault?.kind === 'silence') {
      request.resume();
      response.on('close', () => {
        entry.abandoned = true;
      });
      return;
    }
    if (fault?.kind === 'status' || fault?.kind === 'lie') {
      request.resume();
      const body = fault.body ?? `The fault proxy answers ${fault.status}.`;
      response.writeHead(fault.status ?? 200, { 'Content-Type': fault.contentType ?? 'text/plain' }).end(body);
      return;
    }
    if (entry.late > 0) await wait(entry.late);

    const upstream = forward({
      host: target.hostname,
      port: target.port === '' ? 80 : Number(target.port),
      method,
      path: `${base}${path}`,
      headers: { ...request.headers, host: target.host },
      agent: false,
    });
    response.on('close', () => {
      if (entry.complete) return;
      entry.abandoned = !ours.has(socket);
      upstream.destroy();
    });
    upstream.on('error', () => {
      if (!response.headersSent && !socket.destroyed) response.writeHead(502).end();
      else socket.destroy();
    });
    upstream.on('response', (received) => {
      pass(received, response, socket, fault).catch(() => socket.destroy());
    });
    request.pipe(upstream);
  }

  async function pass(
    received: IncomingMessage,
    response: ServerResponse,
    socket: Socket,
    fault: Fault | null,
  ): Promise<void> {
    if (fault?.kind === 'drop-after') {
      received.resume();
      ours.add(socket);
      received.on('end', () => socket.destroy());
      return;
    }
    const headers = { ...received.headers };
    if (fault?.kind === 'truncate' && fault.end === 'clean') delete headers['content-length'];
    response.writeHead(received.statusCode ?? 502, headers);
    let left = fault?.kind === 'truncate' ? fault.bytes : Number.POSITIVE_INFINITY;
    for await (const chunk of received as AsyncIterable<Buffer>) {
      const piece = chunk.subarray(0, Math.min(left, chunk.length));
      left -= piece.length;
      if (fault?.kind === 'slow-loris') await trickle(response, piece, fault.bytesPerSecond);
      else if (!response.write(piece)) await drained(response);
      if (response.destroyed) return;
      if (left <= 0) {
        received.destroy();
        if (fault?.kind === 'truncate' && fault.end === 'lost') {
          // What was written must be on the wire before the line goes dead.
          await wait(20);
          ours.add(socket);
          socket.destroy();
        } else response.end();
        return;
      }
    }
    response.end();
  }
  async function trickle(response: ServerResponse, piece: Buffer, bytesPerSecond: number): Promise<void> {
    const step = Math.max(1, Math.round(bytesPerSecond / 10));
    for (let at = 0; at < piece.length && !response.destroyed; at += step) {
      response.write(piece.subarray(at, at + step));
      await wait(100);
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  server.keepAliveTimeout = 1_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    setRules,
    requests: () => seen,
    clear: () => {
      seen = [];
    },
    stop: async () => {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}

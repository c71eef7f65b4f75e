import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { Settings } from '../host/index.ts';

export type ListeningServer = { readonly port: number; close(): Promise<void> };

/**
 * How long an idle connection is kept, in milliseconds. Node's own five seconds are as long as a client keeps one, and a request that is
 * sent while the other side closes it fails for no reason that anybody can see.
 */
const idleFor = 75_000;

type Handler = (request: Request) => Response | Promise<Response>;
/** One that is told of the line that a request came over, as `@hono/node-server` tells it. */
type HandlerOfLine = (
  request: Request,
  line: { readonly incoming: { readonly socket: { readonly remoteAddress?: string | undefined } } },
) => Response | Promise<Response>;

/** Serves a fetch handler on 127.0.0.1 and nowhere else. `port` 0 takes a free one. Failures are sentences for the terminal. */
export function listenOnLoopback(port: number, fetch: Handler): Promise<Result<ListeningServer, string>> {
  // The global Request and Response stay Node's own, as they are in the desktop shell.
  return listening(serve({ fetch, hostname: '127.0.0.1', port, overrideGlobalObjects: false }), '127.0.0.1', port);
}

/** Serves it for a group: where it was told to listen, with TLS 1.2 or newer wherever that is not this computer alone. */
export function listenForGroup(
  listen: Pick<NonNullable<Settings['listen']>, 'address' | 'port' | 'tls'>,
  fetch: Handler | HandlerOfLine,
  tlsOption = '--tls',
): Promise<Result<ListeningServer, string>> {
  const { address: hostname, port } = listen;
  const base = { fetch, hostname, port, overrideGlobalObjects: false } as const;
  if (listen.tls === null) return listening(serve(base), hostname, port);
  try {
    const cert = readFileSync(listen.tls.certificate);
    const key = readFileSync(listen.tls.key);
    const serverOptions = { cert, key, minVersion: 'TLSv1.2' } as const;
    return listening(serve({ ...base, createServer, serverOptions }), hostname, port);
  } catch (reason) {
    const why = reason instanceof Error && 'code' in reason ? String(reason.code) : 'unreadable';
    return Promise.resolve(
      err(`The certificate and the key of ${tlsOption} cannot be used (${why}). Both are PEM files.`),
    );
  }
}

async function listening(
  server: ReturnType<typeof serve>,
  address: string,
  port: number,
): Promise<Result<ListeningServer, string>> {
  if ('keepAliveTimeout' in server) server.keepAliveTimeout = idleFor;
  const failure = await new Promise<Error | null>((resolve) => {
    server.once('listening', () => resolve(null));
    server.once('error', resolve);
  });
  if (failure !== null) {
    const code = 'code' in failure ? failure.code : null;
    if (code === 'EADDRINUSE')
      return err(`Port ${port} is taken by another program. Choose another: --port 0 takes a free one.`);
    if (code === 'EACCES')
      return err(`This user may not listen on port ${port}. Choose a port above 1023, or --port 0 for a free one.`);
    return err(`Overread cannot listen on ${address} port ${port} (${failure.message}).`);
  }
  return ok({
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Event streams stay open for ever; the page connects anew to the next host.
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  });
}

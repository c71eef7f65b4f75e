import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { err, ok, type Result } from '../../shared/lib/result.ts';

export type LoopbackServer = { readonly port: number; close(): Promise<void> };

/** Serves a fetch handler on 127.0.0.1 and nowhere else. `port` 0 takes a free one. Failures are sentences for the terminal. */
export async function listenOnLoopback(
  port: number,
  fetch: (request: Request) => Response | Promise<Response>,
): Promise<Result<LoopbackServer, string>> {
  // The global Request and Response stay Node's own, as they are in the desktop shell.
  const server = serve({ fetch, hostname: '127.0.0.1', port, overrideGlobalObjects: false });
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
    return err(`Overread cannot listen on 127.0.0.1 port ${port} (${failure.message}).`);
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

import type { Hono } from 'hono';
import type { Capabilities, HostStatus } from '../../../shared/api/index.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import { mount } from './mount.ts';

/** What this host offers, how it is, and how the page's self-test went. */
export function mountStatusRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly capabilities: () => Promise<Capabilities>;
  readonly status: () => HostStatus;
}): void {
  const { app, sessions, ports } = routes;
  mount(app, sessions, ports, 'capabilities', async () => ok(await routes.capabilities()));
  mount(app, sessions, ports, 'status', async () => ok(routes.status()));
  mount(app, sessions, ports, 'selfTest', async ({ input }) => {
    const failed = input.results.filter((one) => !one.passed).length;
    ports.log.info('the page tested itself', { tests: input.results.length, failed });
    return ok({});
  });
}

import type { Hono } from 'hono';
import type { PrefetchView } from '../../../shared/api/index.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { PrefetchStanding } from '../prefetch/ahead-terms.ts';
import type { PrefetchRoom } from '../prefetch/open-prefetch.ts';
import { mount } from './mount.ts';

/** How images fetched ahead stand, pausing them, and what desktops of readers may fetch by themselves. */
export function mountPrefetchRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly prefetch: Pick<PrefetchRoom, 'standing' | 'setPaused'> & { readonly door?: PrefetchRoom['door'] };
}): void {
  const { app, sessions, ports, prefetch } = routes;
  const view = (session: LiveSession): PrefetchView => viewOf(prefetch.standing(session));
  mount(app, sessions, ports, 'prefetch', async ({ session }) => ok(view(session)));
  mount(app, sessions, ports, 'pausePrefetch', async ({ input, session }) => {
    prefetch.setPaused(input.paused);
    return ok(view(session));
  });
  const { door } = prefetch;
  // A desktop asks its group and is asked by none.
  if (door === undefined) return;
  mount(app, sessions, ports, 'studiesAhead', async ({ input, session }) =>
    ok(await door.studies(session, input.held)),
  );
}

function viewOf(standing: PrefetchStanding): PrefetchView {
  return {
    ...standing,
    studies: standing.studies.map((one) => ({ ...one, series: [...one.series] })),
  };
}

import type { Hono } from 'hono';
import { ok } from '../../../shared/lib/result.ts';
import type { Sessions } from '../identity/types.ts';
import type { DictatedRoom } from '../overread/dictated-room.ts';
import type { OverreadRoom } from '../overread/overread-room.ts';
import type { Ports } from '../ports.ts';
import { mount } from './mount.ts';

/** What became of a reader's preliminaries. Nothing in it names a patient. */
export function mountOverreadRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly overreads: OverreadRoom;
  readonly dictated: DictatedRoom;
}): void {
  const { app, sessions, ports, overreads, dictated } = routes;
  mount(app, sessions, ports, 'overreads', async ({ session }) => ok({ lines: [...overreads.board(session.reader)] }));
  mount(app, sessions, ports, 'dictatedFigures', async ({ session }) => ok(await dictated.of(session.reader)));
  mount(app, sessions, ports, 'overreadSeen', async ({ params, session }) => {
    const seen = await overreads.seen(params.taskId, session.reader);
    return seen.ok ? ok({ lines: [...overreads.board(session.reader)] }) : seen;
  });
}

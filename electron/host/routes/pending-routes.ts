import type { Hono } from 'hono';
import type { Sessions } from '../identity/types.ts';
import type { PendingRoom } from '../pending-signature/pending-room.ts';
import type { Ports } from '../ports.ts';
import type { LinkedDesk } from '../reading/linked-desk.ts';
import { failure, mount } from './mount.ts';

/** A report is given to be signed, taken back, or sent back to its writer. */
export function mountPendingRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly pending: PendingRoom;
  readonly linked: Pick<LinkedDesk, 'giveBack'>;
}): void {
  const { app, sessions, ports, pending, linked } = routes;
  mount(app, sessions, ports, 'giveToSign', async ({ params, input, session }) => {
    if (input.draft.taskId !== params.taskId || input.context.taskId !== params.taskId)
      return failure('stale-case', 'The words and the address name two cases. Nothing was given.');
    const given = await pending.give(input, session);
    // What she claimed with it goes back to the list with it.
    if (given.ok) await linked.giveBack(session.reader, params.taskId, 'its linked exam was given to be signed');
    return given;
  });
  mount(app, sessions, ports, 'takeBack', ({ params, session }) => pending.takeBack(params.taskId, session.reader));
  mount(app, sessions, ports, 'sendBack', ({ params, input, session }) =>
    pending.sendBack(params.taskId, session.reader, input),
  );
}

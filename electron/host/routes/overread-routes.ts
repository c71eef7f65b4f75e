import type { Hono } from 'hono';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Sessions } from '../identity/types.ts';
import type { DictatedRoom } from '../overread/dictated-room.ts';
import type { OverreadRoom } from '../overread/overread-room.ts';
import type { Ports } from '../ports.ts';
import { listNote } from './access-note.ts';
import { mount } from './mount.ts';

/** What became of a reader's preliminaries. */
export function mountOverreadRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: AuditLog;
  readonly overreads: OverreadRoom;
  readonly dictated: DictatedRoom;
}): void {
  const { app, sessions, ports, overreads, dictated } = routes;
  const board = async (reader: Reader) =>
    (await listNote(routes.audit, reader)) ?? ok({ lines: [...overreads.board(reader)] });
  mount(app, sessions, ports, 'overreads', ({ session }) => board(session.reader));
  mount(app, sessions, ports, 'dictatedFigures', async ({ session }) => ok(await dictated.of(session.reader)));
  mount(app, sessions, ports, 'overreadSeen', async ({ params, session }) => {
    const seen = await overreads.seen(params.taskId, session.reader);
    return seen.ok ? board(session.reader) : seen;
  });
}

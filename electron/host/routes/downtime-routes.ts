import type { Hono } from 'hono';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { AuditLog } from '../audit/types.ts';
import { enterDowntimeRead } from '../downtime/enter-read.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import { accessNote } from './access-note.ts';
import { failure, mount } from './mount.ts';

/** Entering afterwards what was read on paper. */
export function mountDowntimeRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: AuditLog;
  readonly book: CaseBook;
  readonly events: EventBook;
  readonly recordNow: () => Instant;
}): void {
  const { app, sessions, ports, book } = routes;
  const note = accessNote(routes.audit, book);
  mount(app, sessions, ports, 'enterDowntimeRead', async ({ params, input, session: { reader } }) => {
    const facts = book.facts(params.taskId);
    if (facts === null) return failure('not-found', 'That study is not on the list any more. Go back to the list.');
    const refusal = await note(params.taskId, reader.userName, 'look');
    if (refusal !== null) return refusal;
    const { commandId, ...read } = input;
    return enterDowntimeRead(routes, facts, { id: reader.id, name: reader.name }, commandId, read);
  });
}

import type { Hono } from 'hono';
import type { CaseCritical, Failure } from '../../../shared/api/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { CriticalRoom } from '../critical/critical-room.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import { accessNote, listNote } from './access-note.ts';
import { failure, mount } from './mount.ts';

/** Critical results: whom they wait for, what was done about one of a case, and a new one. */
export function mountCriticalRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: AuditLog;
  readonly book: CaseBook;
  readonly critical: CriticalRoom;
}): void {
  const { app, sessions, ports, book, critical } = routes;
  const looked = accessNote(routes.audit, book);

  const answer = async (
    taskId: string,
    { reader }: LiveSession,
    act: (facts: CaseFacts) => Promise<Result<unknown, Failure>>,
  ): Promise<Result<CaseCritical, Failure>> => {
    const facts = book.facts(taskId);
    if (facts === null) return failure('not-found', 'That study is not on the list any more. Go back to the list.');
    const refusal = await looked(taskId, reader.userName, 'look');
    if (refusal !== null) return refusal;
    const done = await act(facts);
    return done.ok ? ok(await critical.ofCase(book.facts(taskId) ?? facts)) : done;
  };

  mount(
    app,
    sessions,
    ports,
    'criticalResults',
    async ({ session: { reader } }) =>
      (await listNote(routes.audit, reader)) ?? ok({ lines: [...(await critical.board(reader))] }),
  );
  mount(app, sessions, ports, 'caseCriticals', ({ params, session }) =>
    answer(params.taskId, session, async () => ok(null)),
  );
  mount(app, sessions, ports, 'startCritical', ({ params, input, session }) =>
    answer(params.taskId, session, (facts) => critical.startCritical(facts, session.reader, input)),
  );
  mount(app, sessions, ports, 'moveCritical', ({ params, input, session }) =>
    answer(params.taskId, session, () => critical.moveAs(session.reader, params.taskId, input.resultId, input.move)),
  );
}

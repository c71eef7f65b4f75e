import type { Hono } from 'hono';
import type { CaseAfterReport, Failure } from '../../../shared/api/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { AfterReportRoom } from '../images-after-report/after-report-room.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import { accessNote, listNote } from './access-note.ts';
import { failure, mount } from './mount.ts';

/** Images after the report: who waits for them, what is new in a case, and that the report stands. */
export function mountAfterReportRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: AuditLog;
  readonly book: CaseBook;
  readonly afterReport: AfterReportRoom;
}): void {
  const { app, sessions, ports, book, afterReport } = routes;
  const looked = accessNote(routes.audit, book);

  const answer = async (
    taskId: string,
    session: LiveSession,
    act: (facts: CaseFacts) => Promise<Result<unknown, Failure>>,
  ): Promise<Result<CaseAfterReport, Failure>> => {
    const facts = book.facts(taskId);
    if (facts === null) return failure('not-found', 'That study is not on the list any more. Go back to the list.');
    const refusal = await looked(taskId, session.reader.userName, 'look');
    if (refusal !== null) return refusal;
    const done = await act(facts);
    return done.ok ? ok(afterReport.ofCase(book.facts(taskId) ?? facts, session)) : done;
  };

  mount(
    app,
    sessions,
    ports,
    'imagesAfterReports',
    async ({ session: { reader } }) =>
      (await listNote(routes.audit, reader)) ?? ok({ lines: [...afterReport.board(reader)] }),
  );
  mount(app, sessions, ports, 'caseImagesAfterReport', ({ params, session }) =>
    answer(params.taskId, session, async () => ok(null)),
  );
  mount(app, sessions, ports, 'endImagesAfterReport', ({ params, input, session }) =>
    answer(params.taskId, session, (facts) => afterReport.endNoChange(facts, session, input)),
  );
}

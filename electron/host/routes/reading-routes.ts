import type { Hono } from 'hono';
import { ok } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { CodeWatch } from '../reading/code-watch.ts';
import type { ReadingDesk } from '../reading/reading-desk.ts';
import { accessNote } from './access-note.ts';
import { failure, mount } from './mount.ts';

type ReadingRoutes = {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: AuditLog;
  readonly book: CaseBook;
  readonly desk: ReadingDesk;
  readonly codes: CodeWatch;
};

/** What to read next, and what readers arrange among themselves: pass, hold, resume, reassign, second look. */
export function mountReadingRoutes({ app, sessions, ports, audit, book, desk, codes }: ReadingRoutes): void {
  const looked = accessNote(audit, book);

  mount(app, sessions, ports, 'nextStudy', async ({ input, session }) => {
    const noted = await audit.record([
      { user: session.reader.userName, purpose: 'list', patient: null, studyUid: null, detail: 'next study' },
    ]);
    return noted.ok ? desk.next(session.reader, input.justRead) : failure('audit-unavailable', noted.error.message);
  });
  mount(app, sessions, ports, 'codes', async ({ session }) => ok({ alerts: await codes.alertsFor(session.reader) }));
  mount(app, sessions, ports, 'acknowledgeCode', async ({ params, session }) =>
    (await codes.acknowledge(session.reader, params.taskId))
      ? ok({})
      : failure('not-saved', 'This computer could not write it down. Acknowledge it once more.'),
  );
  mount(app, sessions, ports, 'passStudy', ({ params, input, session }) =>
    desk.pass(session.reader, params.taskId, input),
  );
  mount(app, sessions, ports, 'suspendStudy', ({ params, input, session }) =>
    desk.suspend(session.reader, params.taskId, input),
  );
  mount(app, sessions, ports, 'pace', ({ params, session }) => desk.pace(session.reader, params.taskId));
  mount(app, sessions, ports, 'holdStudy', ({ params, input, session }) =>
    desk.hold(session.reader, params.taskId, input),
  );
  mount(app, sessions, ports, 'resumeStudy', ({ params, session }) => desk.resume(session.reader, params.taskId));
  mount(app, sessions, ports, 'reassignStudy', ({ params, input, session }) =>
    desk.reassign(session.reader, params.taskId, input),
  );
  mount(app, sessions, ports, 'colleagues', ({ params, session }) => desk.colleagues(session.reader, params.taskId));
  mount(app, sessions, ports, 'askSecondLook', ({ params, input, session }) =>
    desk.askLook(session.reader, params.taskId, input),
  );
  mount(app, sessions, ports, 'answerSecondLook', async ({ params, input, session }) => {
    const refusal = await looked(params.taskId, session.reader.userName, 'look');
    return refusal ?? desk.answerLook(session.reader, params.taskId, input);
  });
}

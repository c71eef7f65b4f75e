import type { Hono } from 'hono';
import type { CaseDesk, CaseMessages, Failure } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { DeskRoom } from '../site-desk/desk-room.ts';
import { accessNote } from './access-note.ts';
import { failure, mount } from './mount.ts';

/** Questions to the site and its requests for a call, on the reader's side. */
export function mountDeskRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: AuditLog;
  readonly book: CaseBook;
  readonly desk: DeskRoom;
}): void {
  const { app, sessions, ports, book, desk } = routes;
  const looked = accessNote(routes.audit, book);
  const missing = failure('not-found', 'That study is not on the list any more. Go back to the list.');

  /** Every answer carries words about a patient: the look is noted first, then what was asked is done. */
  const answer = async (
    taskId: string,
    user: string,
    act: (facts: CaseFacts) => Promise<Result<unknown, Failure>>,
  ): Promise<Result<CaseDesk, Failure>> => {
    const facts = book.facts(taskId);
    if (facts === null) return missing;
    const refusal = await looked(taskId, user, 'look');
    if (refusal !== null) return refusal;
    const done = await act(facts);
    return done.ok ? ok(desk.ofCase(book.facts(taskId) ?? facts)) : done;
  };

  mount(app, sessions, ports, 'caseDesk', ({ params, session }) =>
    answer(params.taskId, session.reader.userName, async () => ok(null)),
  );
  mount(app, sessions, ports, 'askSite', ({ params, input, session: { reader } }) =>
    answer(params.taskId, reader.userName, (facts) => desk.ask(facts, { id: reader.id, name: reader.name }, input)),
  );
  mount(app, sessions, ports, 'withdrawQuestion', ({ params, input, session: { reader } }) =>
    answer(params.taskId, reader.userName, () =>
      desk.withdraw(params.taskId, params.questionId, { id: reader.id, name: reader.name }, input.reason),
    ),
  );
  mount(app, sessions, ports, 'endCall', ({ params, input, session: { reader } }) =>
    answer(params.taskId, reader.userName, () =>
      desk.endCall(params.taskId, params.callId, { id: reader.id, name: reader.name }, input.words),
    ),
  );

  const thread = async (
    taskId: string,
    reader: Reader,
    act: (facts: CaseFacts) => Promise<Result<unknown, Failure>>,
  ): Promise<Result<CaseMessages, Failure>> => {
    const facts = book.facts(taskId);
    if (facts === null) return missing;
    const refusal = await looked(taskId, reader.userName, 'look');
    if (refusal !== null) return refusal;
    const done = await act(facts);
    return done.ok ? ok(desk.messages.ofCase(book.facts(taskId) ?? facts, reader)) : done;
  };
  mount(app, sessions, ports, 'caseMessages', ({ params, session }) =>
    thread(params.taskId, session.reader, async () => ok(null)),
  );
  mount(app, sessions, ports, 'sendMessage', ({ params, input, session: { reader } }) =>
    thread(params.taskId, reader, (facts) => desk.messages.send(facts, reader, input)),
  );
  mount(app, sessions, ports, 'messagesSeen', ({ params, input, session: { reader } }) =>
    thread(params.taskId, reader, (facts) => desk.messages.see(facts, reader, input.ids)),
  );
}

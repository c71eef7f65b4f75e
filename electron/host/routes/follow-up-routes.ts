import type { Hono } from 'hono';
import type { CaseFollowUps, Failure, FollowUpBoard } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { FollowUpRoom } from '../follow-up/follow-up-room.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import { accessNote, listNote } from './access-note.ts';
import { failure, mount } from './mount.ts';

/** Recommended exams: those of a case, those that a reader or a lead follows, and those of a site for its desk. */
export function mountFollowUpRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: AuditLog;
  readonly book: CaseBook;
  readonly followUp: FollowUpRoom;
}): void {
  const { app, sessions, ports, book, audit, followUp } = routes;
  const looked = accessNote(audit, book);
  const unbound = failure('forbidden', 'This account belongs to no site.');
  const ofSite = async (reader: Reader, site: string): Promise<Result<FollowUpBoard, Failure>> =>
    (await listNote(audit, reader)) ?? ok(await followUp.ofSite(site));

  const answer = async (
    taskId: string,
    { reader }: LiveSession,
    act: (facts: CaseFacts) => Promise<Result<unknown, Failure>>,
  ): Promise<Result<CaseFollowUps, Failure>> => {
    const facts = book.facts(taskId);
    if (facts === null) return failure('not-found', 'That study is not on the list any more. Go back to the list.');
    const refusal = await looked(taskId, reader.userName, 'look');
    if (refusal !== null) return refusal;
    const done = await act(facts);
    return done.ok ? ok(await followUp.ofCase(book.facts(taskId) ?? facts)) : done;
  };
  mount(
    app,
    sessions,
    ports,
    'followUps',
    async ({ session: { reader } }) => (await listNote(audit, reader)) ?? ok(await followUp.board(reader)),
  );
  mount(app, sessions, ports, 'caseFollowUps', ({ params, session }) =>
    answer(params.taskId, session, async () => ok(null)),
  );
  mount(app, sessions, ports, 'startFollowUp', ({ params, input, session }) =>
    answer(params.taskId, session, (facts) =>
      followUp.start(facts, { id: session.reader.id, name: session.reader.name }, input),
    ),
  );
  mount(app, sessions, ports, 'moveFollowUp', ({ params, input, session }) =>
    answer(params.taskId, session, () =>
      followUp.move(params.taskId, input.followUpId, { id: session.reader.id, name: session.reader.name }, input.move),
    ),
  );
  mount(app, sessions, ports, 'siteFollowUps', async ({ session: { reader } }) => {
    const { site } = reader;
    return site === undefined ? unbound : ofSite(reader, site);
  });
  mount(app, sessions, ports, 'siteMoveFollowUp', async ({ params, input, session: { reader } }) => {
    const { site } = reader;
    if (site === undefined) return unbound;
    const own = followUp.ownOf(site, params.followUpId);
    if (own === null) return failure('not-found', 'There is no such recommended exam of your site.');
    const refusal = await looked(own.taskId, reader.userName, 'look');
    if (refusal !== null) return refusal;
    const done = await followUp.move(own.taskId, own.id, { id: reader.id, name: reader.name }, input.move);
    return done.ok ? ofSite(reader, site) : done;
  });
}

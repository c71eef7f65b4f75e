import type { Hono } from 'hono';
import { ok } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { Withdrawing } from '../withdrawal/withdraw.ts';
import type { WithdrawalRoom } from '../withdrawal/withdrawal-room.ts';
import { accessNote, listNote } from './access-note.ts';
import { failure, mount } from './mount.ts';

/** A released report taken back, how far that has come, and what is open of all of them. */
export function mountWithdrawalRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: AuditLog;
  readonly book: CaseBook;
  readonly withdrawing: Withdrawing;
  readonly withdrawals: WithdrawalRoom;
}): void {
  const { app, sessions, ports, book, withdrawing, withdrawals } = routes;
  const looked = accessNote(routes.audit, book);
  mount(app, sessions, ports, 'withdrawReport', async ({ params, input, session }) => {
    if (input.context.taskId !== params.taskId)
      return failure('stale-case', 'The press and the address name two cases. Nothing was withdrawn.');
    return withdrawing.withdraw(params.taskId, input, session);
  });
  mount(app, sessions, ports, 'caseWithdrawal', async ({ params, session }) => {
    const facts = book.facts(params.taskId);
    if (facts === null) return failure('not-found', 'That study is not on the list any more. Go back to the list.');
    const refusal = await looked(params.taskId, session.reader.userName, 'look');
    return refusal ?? ok(await withdrawals.ofCase(facts, session));
  });
  mount(
    app,
    sessions,
    ports,
    'withdrawals',
    async ({ session: { reader } }) =>
      (await listNote(routes.audit, reader)) ?? ok({ lines: [...(await withdrawals.board(reader))] }),
  );
}

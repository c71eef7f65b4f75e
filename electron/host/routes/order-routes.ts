import type { Hono } from 'hono';
import { ok } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { OrderFit } from '../reading/order-fit.ts';
import { accessNote } from './access-note.ts';
import { failure, mount } from './mount.ts';

/** What an order says and what its images say, before the first click. */
export function mountOrderRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: AuditLog;
  readonly book: CaseBook;
  readonly orderFit: OrderFit;
  readonly refreshOrderRules: () => Promise<void>;
}): void {
  const { app, sessions, ports, book, orderFit } = routes;
  const looked = accessNote(routes.audit, book);

  mount(app, sessions, ports, 'orderChecks', async ({ params, session }) => {
    const facts = book.facts(params.taskId);
    if (facts === null) return failure('not-found', 'That study is not on the list any more. Go back to the list.');
    const refused = await looked(params.taskId, session.reader.userName, 'list');
    if (refused !== null) return refused;
    await routes.refreshOrderRules();
    const checked = await orderFit.checks(facts);
    return ok(
      checked === null
        ? {
            verdict: 'no-order' as const,
            images: facts.seen === null ? ('none' as const) : ('listed' as const),
            checks: [],
            advice: [],
          }
        : { verdict: checked.fit.verdict, images: checked.images, checks: checked.fit.checks, advice: checked.advice },
    );
  });
}

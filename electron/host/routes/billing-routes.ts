import type { Hono } from 'hono';
import type { AuditLog } from '../audit/types.ts';
import type { BillingDesk } from '../billing/billing-desk.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { WorklistChanges } from '../reading/worklist-changes.ts';
import { listNote } from './access-note.ts';
import { failure, mount } from './mount.ts';

/** Fit to bill, to the lead alone. */
export function mountBillingRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: AuditLog;
  readonly book: CaseBook;
  readonly changes: Pick<WorklistChanges, 'since'>;
  readonly billing: BillingDesk;
  readonly refreshOrderRules: () => Promise<void>;
}): void {
  const { app, sessions, ports, audit, book, changes, billing } = routes;
  mount(app, sessions, ports, 'fitToBill', async ({ session }) => {
    const refusal = await listNote(audit, session.reader);
    if (refusal !== null) return refusal;
    await routes.refreshOrderRules();
    const cases = changes.since(null).rows.flatMap((row) => book.facts(row.taskId) ?? []);
    const found = await billing.list(cases);
    return found.ok
      ? found
      : failure(
          found.error.code === 'unreachable' || found.error.code === 'timeout'
            ? 'upstream-unreachable'
            : 'upstream-refused',
          `${found.error.message} Reading goes on; ask again later.`,
        );
  });
}

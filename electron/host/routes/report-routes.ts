import type { Hono } from 'hono';
import { reportIdFor, rivalFinal, rivalWarning } from '../../../shared/domain/report/index.ts';
import { countHere, hereWords } from '../../../shared/domain/study/index.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Outbox } from '../delivery/outbox.ts';
import { reportsOfOrder } from '../delivery/reports-of-order.ts';
import type { Signing } from '../delivery/sign.ts';
import { sha256 } from '../digest.ts';
import type { MarksOutbox } from '../documents/marks-outbox.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { CheckBook } from '../reading/check-book.ts';
import type { ReadingRights } from '../reading/reading-rights.ts';
import type { ReportBook } from '../reading/report-book.ts';
import type { RecordClient } from '../record/types.ts';
import { accessNote } from './access-note.ts';
import { failure, mount } from './mount.ts';

/** Signing, reports, their verification and their delivery. */
/** What is here of a case's images, for the eyes of who signs. */
function imagesNow(row: ReturnType<CaseBook['row']>) {
  const { images } = row;
  if (images.present === 0) return null;
  const protocol = row.arrival?.kind === 'arriving' ? row.arrival.protocol : null;
  const words = hereWords({ ...countHere(images), protocol });
  return { ...images, arriving: row.arrival?.kind === 'arriving', words };
}

export function mountReportRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly signing: Signing;
  readonly reports: ReportBook;
  readonly record: Pick<RecordClient, 'search'>;
  readonly outbox: Outbox;
  readonly marks: Pick<MarksOutbox, 'ofTask'>;
  readonly audit: AuditLog;
  readonly book: CaseBook;
  readonly rights: Pick<ReadingRights, 'maySign' | 'mayGiveToSign'>;
  readonly checks: CheckBook;
  readonly nudge: () => void;
}): void {
  const { app, sessions, ports, signing, reports, outbox } = routes;
  mount(app, sessions, ports, 'sign', async ({ params, input, session }) => {
    if (input.draft.taskId !== params.taskId || input.context.taskId !== params.taskId)
      return failure('stale-case', 'The words and the address name two cases. Nothing was signed.');
    return signing.sign(input, session);
  });
  mount(app, sessions, ports, 'signRequirements', async ({ params, session }) => {
    const facts = routes.book.facts(params.taskId);
    // A record that does not answer now stands in nobody's way: the release asks it again.
    const orderId = facts?.task.orderId ?? null;
    const reportsThere = orderId === null ? null : await reportsOfOrder(routes.record, orderId);
    const against =
      reportsThere?.ok === true ? rivalFinal('final', reportIdFor(params.taskId, sha256), reportsThere.value) : null;
    const asked = (kind: 'preliminary' | 'final', of: CaseFacts) => routes.rights.maySign(session, of, kind);
    return ok({
      passwordNeeded: sessions.passwordNeeded(session.token),
      rival: against === null ? null : { words: rivalWarning(against) },
      checks: await routes.checks.weights(),
      images: facts === null ? null : imagesNow(routes.book.row(facts)),
      issue:
        facts === null
          ? null
          : {
              preliminary: asked('preliminary', facts),
              final: asked('final', facts),
              give: routes.rights.mayGiveToSign(session, facts),
            },
    });
  });
  const looked = accessNote(routes.audit, routes.book);
  mount(app, sessions, ports, 'report', async ({ params, session }) => {
    const refusal = await looked(params.taskId, session.reader.userName, 'look');
    return refusal ?? ok({ report: await reports.of(params.taskId) });
  });
  mount(app, sessions, ports, 'verifyReport', async ({ params }) => ok(await reports.verify(params.taskId)));
  mount(app, sessions, ports, 'deliveries', async ({ params }) => ok({ deliveries: outbox.ofTask(params.taskId) }));
  mount(app, sessions, ports, 'marksSaved', async ({ params }) =>
    ok({ savings: routes.marks.ofTask(params.taskId).map((one) => ({ ...one, left: [...one.left] })) }),
  );
  mount(app, sessions, ports, 'retryDelivery', async ({ params, session }) => {
    const retried = await outbox.retry(params.deliveryId, session.reader.name);
    if (!retried.ok) {
      return retried.error === 'unknown'
        ? failure('not-found', 'There is no such delivery on this host.')
        : failure(
            'not-a-legal-move',
            'A newer version went out on this channel; this one would be read as the latest word.',
          );
    }
    routes.nudge();
    return retried;
  });
}

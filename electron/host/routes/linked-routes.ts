import type { Hono } from 'hono';
import type { Failure, LinkedExams } from '../../../shared/api/index.ts';
import { otherExams } from '../../../shared/domain/report/index.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import { contextOf } from '../reading/case-context.ts';
import { nameOfExam } from '../reading/link-index.ts';
import type { LinkedDesk } from '../reading/linked-desk.ts';
import type { ReportBook } from '../reading/report-book.ts';
import { failure, mount } from './mount.ts';

type LinkedRoutes = {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly book: CaseBook;
  readonly linked: LinkedDesk;
  readonly reports: Pick<ReportBook, 'of'>;
};

/** The same patient's exams that go together with an open case. */
export function mountLinkedRoutes({ app, sessions, ports, audit, book, linked, reports }: LinkedRoutes): void {
  const missing = failure('not-found', 'That study is not on the list any more. Go back to the list.');
  /** What is known of each of them is about to leave the host. */
  const note = async (
    session: LiveSession,
    facts: CaseFacts,
    purpose: 'look' | 'read',
  ): Promise<{ ok: false; error: Failure } | null> => {
    const noted = await audit.record(
      [facts, ...linked.of(facts).map((one) => one.facts)].map(({ task, order, seen }) => ({
        user: session.reader.userName,
        purpose,
        patient: order?.patient.id ?? seen?.study.patient.id ?? null,
        studyUid: task.studyUid,
        detail: 'linked exams',
      })),
    );
    return noted.ok ? null : failure('audit-unavailable', noted.error.message);
  };

  const viewOf = async (session: LiveSession, facts: CaseFacts): Promise<LinkedExams> => {
    const { versions } = await reports.of(facts.task.id);
    const standing = versions.filter((one) => one.returned === null).at(-1);
    const others = standing === undefined ? [] : otherExams(standing.content);
    return {
      ...linked.view(session, facts),
      reported: others.flatMap(({ taskId }) => {
        const other = book.facts(taskId);
        return other === null ? [] : [{ context: contextOf(other), exam: nameOfExam(other) }];
      }),
    };
  };

  mount(app, sessions, ports, 'linkedExams', async ({ params, session }) => {
    const facts = book.facts(params.taskId);
    if (facts === null) return missing;
    return (await note(session, facts, 'look')) ?? ok(await viewOf(session, facts));
  });

  mount(app, sessions, ports, 'claimLinked', async ({ params, input, session }) => {
    const facts = book.facts(params.taskId);
    if (facts === null) return missing;
    const refusal = await note(session, facts, 'read');
    if (refusal !== null) return refusal;
    const done = await linked.claim(session, params.taskId, input.fencingToken);
    if (!done.ok) return done;
    const view = await viewOf(session, book.facts(params.taskId) ?? facts);
    return ok({ ...view, claimed: done.value.claimed.length, words: done.value.words });
  });
}

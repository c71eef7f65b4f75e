import type { Hono } from 'hono';
import { pdfOfReport, priorReportFromFhir } from '../../../shared/interop/fhir/prior-report.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Sessions } from '../identity/types.ts';
import type { Hl7Intake } from '../intake/hl7/index.ts';
import { receivedLines, receivedView } from '../intake/hl7/show-received.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { PersonIndex } from '../reading/person-index.ts';
import type { Priors } from '../reading/priors.ts';
import type { RecordSync } from '../record/index.ts';
import { accessNote } from './access-note.ts';
import { failure, mount } from './mount.ts';

const shownProblems = 100;
const statuses = ['preliminary', 'final', 'corrected', 'appended', 'amended'] as const;

/** Messages as they were received, what could not be applied, and the site's own reports. */
export function mountIntakeRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: AuditLog;
  readonly book: CaseBook;
  readonly sync: RecordSync;
  readonly hl7Intake: Hl7Intake;
  readonly priors: Priors;
  readonly persons: PersonIndex;
}): void {
  const { app, sessions, ports, audit, book, sync, hl7Intake, priors, persons } = routes;
  const { ledger } = hl7Intake;
  const shownReports = async (facts: CaseFacts): Promise<ReadonlySet<string>> =>
    new Set(priors.view(facts, await priors.search(facts)).priors.flatMap(({ report }) => report?.documentId ?? []));
  const looked = accessNote(audit, book);
  const missing = failure('not-found', 'That study is not on the list any more. Go back to the list.');

  mount(app, sessions, ports, 'receivedMessages', async ({ params, session }) => {
    const facts = book.facts(params.taskId);
    if (facts === null) return missing;
    const refusal = await looked(params.taskId, session.reader.userName, 'look');
    if (refusal !== null) return refusal;
    const kept = facts.task.orderId === null ? [] : ledger.ofOrder(facts.task.orderId).slice(0, 20);
    const messages = await Promise.all(
      kept.map((one) => receivedView(ledger, one, facts, hl7Intake.settingOf(one.interfaceName))),
    );
    return ok({ zone: facts.order?.site?.zone ?? 'UTC', messages });
  });

  mount(app, sessions, ports, 'intakeProblems', async ({ session }) => {
    const open = ledger.all().filter((one) => one.outcome?.problem != null && one.closed === null);
    const shown = open.slice(0, shownProblems);
    // The messages name patients who may be on no list: each look at them is one entry of its own.
    const noted = await audit.record([
      {
        user: session.reader.userName,
        purpose: 'search',
        patient: null,
        studyUid: null,
        detail: `problems of incoming messages: ${shown.length}`,
      },
    ]);
    if (!noted.ok) return failure('audit-unavailable', noted.error.message);
    const problems = await Promise.all(
      shown.map(async (one) => ({
        key: one.key,
        title: one.title,
        receivedAt: one.receivedAt,
        words: one.outcome?.problem?.words ?? '',
        nextStep: one.outcome?.problem?.nextStep ?? '',
        answer: one.outcome?.code ?? ('AE' as const),
        taskIds: [
          ...new Set((one.outcome?.orderIds ?? []).flatMap((id) => book.ofOrder(id).map((facts) => facts.task.id))),
        ],
        lines: (await receivedLines(ledger, one, hl7Intake.settingOf(one.interfaceName).characterSet)).lines,
      })),
    );
    return ok({ problems, more: open.length - shown.length, waiting: ledger.waiting() });
  });

  mount(app, sessions, ports, 'closeIntakeProblem', async ({ params, input, session }) => {
    const closed = await ledger.close(params.key, session.reader.name, input.words);
    if (closed.ok) return ok({});
    return closed.error === 'unknown'
      ? failure('not-found', 'There is no such problem on this host.')
      : failure('not-saved', 'The disk did not say that it has it. Try again.');
  });

  mount(app, sessions, ports, 'reportDocument', async ({ params, session }) => {
    const facts = book.facts(params.taskId);
    if (facts === null) return missing;
    const resource = sync.get('DiagnosticReport', params.reportId)?.resource;
    const order = `ServiceRequest/${facts.task.orderId ?? ''}`;
    // One of this case: of its order, or of a prior that is shown with it. Another's is not there, whatever its id.
    const own = resource?.basedOn?.some((one) => one.reference === order) === true;
    const shown = own || (await shownReports(facts)).has(params.reportId);
    const data = shown ? pdfOfReport(resource) : null;
    if (data === null) return failure('not-found', 'There is no such document with this case.');
    const refusal = await looked(params.taskId, session.reader.userName, 'look');
    return refusal ?? ok({ data });
  });

  mount(app, sessions, ports, 'siteReports', async ({ params, session }) => {
    const facts = book.facts(params.taskId);
    if (facts === null) return missing;
    const refusal = await looked(params.taskId, session.reader.userName, 'look');
    if (refusal !== null) return refusal;
    const { orderId } = facts.task;
    const ids = orderId === null ? [] : persons.reportIdsOfOrder(orderId);
    const reports = ids.flatMap((id) => sync.get('DiagnosticReport', id) ?? []);
    const found = reports.flatMap(({ resource }) => {
      const status = statuses.find((one) => one === resource.status);
      // Reports signed here carry our own marks; they are shown as what they are.
      const ours = resource.identifier?.some((one) => one.system?.startsWith('urn:overread:')) === true;
      if (status === undefined || ours || /^report-/.test(resource.id ?? '')) return [];
      const read = priorReportFromFhir(resource);
      return read === null
        ? []
        : [
            {
              id: resource.id ?? '',
              status,
              issued: read.issued,
              by: resource.performer?.[0]?.display ?? '',
              sections: read.sections.slice(0, 50),
              hasPdf: read.hasPdf,
            },
          ];
    });
    return ok({ reports: found.sort((left, right) => (right.issued ?? 0) - (left.issued ?? 0)).slice(0, 20) });
  });
}

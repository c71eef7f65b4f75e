import type { Hono } from 'hono';
import type { Failure, PhysicianLinks, PhysicianLinkView } from '../../../shared/api/index.ts';
import { linkStanding, linkWords, type PhysicianLink } from '../../../shared/domain/physician-page/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Sessions } from '../identity/types.ts';
import type { PhysicianPage } from '../physician-page/open-physician-page.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { RecordClient } from '../record/types.ts';
import { failure, mount } from './mount.ts';

const notOffered = failure(
  'not-a-legal-move',
  'The ordering physician’s page is served by a group host with --physician-listen; this host has none.',
);
const missing = failure('not-found', 'There is no such study here.');

/** Links to the ordering physician's page: what the readers' side does about them. The page itself has a listener of its own. */
export function mountPhysicianRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly book: Pick<CaseBook, 'facts'>;
  readonly record: Pick<RecordClient, 'recordNow'>;
  readonly physicianPage: PhysicianPage | null;
}): void {
  const { app, sessions, ports, audit, book, record, physicianPage } = routes;
  const listOf = async (taskId: string): Promise<Result<PhysicianLinks, Failure>> => {
    if (physicianPage === null) return ok({ offered: false, links: [] });
    const found = await physicianPage.room.ofTask(taskId);
    if (!found.ok) return found;
    const now = record.recordNow();
    return ok({ offered: true, links: found.value.map((link) => viewOf(link, now)) });
  };
  mount(app, sessions, ports, 'physicianLinks', async ({ params }) => listOf(params.taskId));
  mount(app, sessions, ports, 'makePhysicianLink', async ({ params, input, session: { reader } }) => {
    if (physicianPage === null) return notOffered;
    const facts = book.facts(params.taskId);
    if (facts === null) return missing;
    const noted = await note(audit, facts, reader.userName, `made a link to the report for ${input.recipient.trim()}`);
    if (noted !== null) return noted;
    const made = await physicianPage.room.make(facts, { id: reader.id, name: reader.name }, input.recipient);
    if (!made.ok) return made;
    const { link, token, code } = made.value;
    const address = physicianPage.address(token);
    return address === null ? notOffered : ok({ address, code, link: viewOf(link, record.recordNow()) });
  });
  mount(app, sessions, ports, 'endPhysicianLink', async ({ params, session: { reader } }) => {
    if (physicianPage === null) return notOffered;
    const facts = book.facts(params.taskId);
    if (facts === null) return missing;
    const done = await physicianPage.room.end(facts, params.linkId, reader.name);
    return done.ok ? listOf(params.taskId) : done;
  });
}

async function note(
  audit: Pick<AuditLog, 'record'>,
  facts: CaseFacts,
  user: string,
  detail: string,
): Promise<{ ok: false; error: Failure } | null> {
  const patient = facts.order?.patient.id ?? facts.seen?.study.patient.id ?? null;
  const noted = await audit.record([{ user, purpose: 'export', patient, studyUid: facts.task.studyUid, detail }]);
  return noted.ok ? null : failure('audit-unavailable', noted.error.message);
}

function viewOf(link: PhysicianLink, now: Instant): PhysicianLinkView {
  return {
    id: link.id,
    version: link.version,
    madeBy: link.madeBy.name,
    madeAt: link.madeAt,
    recipient: link.recipient,
    expiresAt: link.expiresAt,
    standing: linkStanding(link, now),
    words: linkWords(link, now),
    openedAt: link.opening?.at ?? null,
    shown: link.shown.map(({ version, at }) => ({ version, at })),
  };
}

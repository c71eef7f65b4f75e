import type { Hono } from 'hono';
import { may } from '../../../shared/domain/reader/index.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { PrefetchRoom } from '../prefetch/open-prefetch.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { ReadingRights } from '../reading/reading-rights.ts';
import { failure, mount } from './mount.ts';
import { type RememberedStudies, rememberedDetail } from './remembered-studies.ts';

/**
 * A window takes the description and the first images of a study into its memory, before its reader opens the case: only of one that she
 * may read, whose images were fetched ahead for her, and noted as fetched ahead. It shows nothing of it: that is left to the opening, which
 * says whether what is remembered is still what the archive tells.
 */
export function mountRememberRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly book: Pick<CaseBook, 'facts'>;
  readonly rights: Pick<ReadingRights, 'mayRead'>;
  readonly prefetch: Pick<PrefetchRoom, 'standing'>;
  readonly remembered: RememberedStudies;
  readonly audit: Pick<AuditLog, 'record'>;
  /** What stands for all that the archive says of the study now; null where nothing may be remembered. */
  readonly print: (archive: string, studyUid: string) => Promise<string | null>;
}): void {
  const { app, sessions, ports, book, rights, prefetch, remembered, audit } = routes;
  mount(app, sessions, ports, 'rememberCase', async ({ params, session }) => {
    const facts = book.facts(params.taskId);
    const study = facts?.seen?.study ?? null;
    if (facts === null || study === null) return ok({});
    const { reader, token } = session;
    if (!may(reader.role, 'read', facts.task.state).allowed || !rights.mayRead(session, facts).allowed) return ok({});
    const { studyUid, archive } = study;
    const ahead = prefetch
      .standing(session)
      .studies.find((one) => one.taskId === params.taskId && one.studyUid === studyUid && one.role === 'current');
    if (ahead === undefined || ahead.series.length === 0 || ahead.series.some(({ state }) => state !== 'here'))
      return ok({});
    const print = await routes.print(archive, studyUid);
    if (print === null) return ok({});
    const patient = study.patient.id;
    const noted = await audit.record([
      {
        user: reader.userName,
        purpose: 'prefetch',
        patient,
        studyUid,
        detail: rememberedDetail,
      },
    ]);
    if (!noted.ok) return failure('audit-unavailable', noted.error.message);
    remembered.allow(token, { taskId: params.taskId, studyUid, patient });
    return ok({ remembered: { archive, studyUid, print } });
  });
}

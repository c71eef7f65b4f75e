import type { Hono } from 'hono';
import { ok } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { ReadingRights } from '../reading/reading-rights.ts';
import type { StudySearch } from '../reading/study-search.ts';
import { failure, mount } from './mount.ts';

/** "Find any study". What was asked and how much was found is in the access log before anything is shown. */
export function mountFindRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: AuditLog;
  readonly rights: ReadingRights;
  readonly search: StudySearch;
}): void {
  const { app, sessions, ports, audit, rights, search } = routes;
  mount(app, sessions, ports, 'findStudies', async ({ input, session }) => {
    const found = await search.find(input.text, rights.judge(session));
    const detail = `find any study: ${JSON.stringify(input.text)}, ${found.found.length + found.more} found`;
    const noted = await audit.record([
      { user: session.reader.userName, purpose: 'search', patient: null, studyUid: null, detail },
    ]);
    return noted.ok ? ok(found) : failure('audit-unavailable', noted.error.message);
  });
}
